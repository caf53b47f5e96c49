"""Limits: who guesses passwords is stopped, who asks too often waits, and a calendar never does."""

import pytest

from scheduler.access.roles import Grant, Role
from scheduler.settings import Settings
from tests.web import seed
from tests.web.api.asking import V1, refused
from tests.web.people import PASSWORD, new_account
from web.access import limits

KARI = "Kari"


@pytest.fixture
def kari(engine):
    return new_account(engine, KARI, Grant(Role.OPERATOR))


def guess(client, name=KARI, password="feil passord her", address="127.0.0.1"):
    fields = {"navn": name, "passord": password}
    return client.post("/logg-inn", data=fields, environ_overrides={"REMOTE_ADDR": address})


def must_wait(response):
    assert response.status_code == 429
    assert 1 <= int(response.headers["Retry-After"]) <= 3600
    assert "Vent" in response.text


@pytest.mark.usefixtures("kari")
def test_guessing_from_one_address_is_stopped_also_with_the_right_password(client):
    for number in range(10):
        assert guess(client, f"navn {number}").status_code == 422
    must_wait(guess(client))
    must_wait(guess(client, password=PASSWORD))
    assert guess(client, password=PASSWORD, address="10.0.0.2").status_code == 303


@pytest.mark.usefixtures("kari")
def test_guessing_one_account_from_many_addresses_is_stopped(client):
    for number in range(30):
        assert guess(client, address=f"10.0.0.{number}").status_code == 422
    must_wait(guess(client, address="10.0.1.1"))
    assert guess(client, "en annen", address="10.0.1.1").status_code == 422


def test_blanks_in_a_name_make_no_other_account_to_guess_at(client, engine):
    new_account(engine, "Kari Nordmann", Grant(Role.OPERATOR))
    for number in range(30):
        name = " " * (number % 3) + "Kari" + " " * (1 + number) + "Nordmann"
        assert guess(client, name, address=f"10.0.0.{number}").status_code == 422
    must_wait(guess(client, "Kari\tNordmann", address="10.0.1.1"))


@pytest.mark.usefixtures("kari")
def test_signing_in_rightly_is_never_counted(client):
    for _ in range(12):
        assert guess(client, password=PASSWORD).status_code == 303


@pytest.fixture
def strict(config, engine, kari, monkeypatch):
    """A site where an account is guessed at wrongly three times, and no more: guesses take their time."""
    monkeypatch.setattr(limits, "WRONG_FOR_AN_ACCOUNT", "3 per 1 hour")
    app = seed.create_site(config)
    yield app
    app.extensions["aarshjul"].engine.dispose()


@pytest.fixture
def attacker(strict):
    return strict.test_client()


def attacked(client, name=KARI):
    """An account guessed at from everywhere, until nobody unknown gets another try."""
    for number in range(3):
        assert guess(client, name, address=f"10.9.0.{number}").status_code == 422
    must_wait(guess(client, name, password=PASSWORD, address="10.9.1.1"))


@pytest.fixture
def device(strict):
    """A browser where Kari has signed in once, and out again."""
    client = strict.test_client()
    assert guess(client, password=PASSWORD, address="10.1.1.1").status_code == 303
    client.post("/logg-ut")
    return client


def test_who_signs_in_where_they_have_before_is_not_shut_out_by_others_guessing(attacker, device):
    attacked(attacker)
    assert guess(device, password=PASSWORD, address="10.1.1.1").status_code == 303


def test_nor_by_those_behind_the_same_address(attacker, device):
    for number in range(10):
        assert guess(attacker, f"navn {number}").status_code == 422
    must_wait(guess(attacker))
    assert guess(device, password=PASSWORD).status_code == 303


def test_a_known_browser_has_a_limit_of_its_own_and_uses_up_nobody_elses(attacker, device):
    for number in range(10):
        assert guess(device, address=f"10.2.0.{number}").status_code == 422
    must_wait(guess(device, password=PASSWORD, address="10.2.1.1"))
    attacked(attacker)


def test_a_known_browser_is_known_for_its_own_account_alone(attacker, engine, device):
    new_account(engine, "Ola", Grant(Role.OPERATOR))
    attacked(attacker, "Ola")
    must_wait(guess(device, "Ola", password=PASSWORD, address="10.1.1.1"))


def test_the_cookie_cannot_be_made_up_or_read(strict, attacker, device):
    cookie = device.get_cookie("aarshjul-enhet")
    assert (cookie.http_only, cookie.same_site, cookie.max_age) == (True, "Strict", 365 * 86400)
    assert KARI not in cookie.value
    attacked(attacker)
    word, _, signature = cookie.value.partition(".")
    for forged in (f"x{word}.{signature}", word, "", cookie.value[:-1], f"{KARI}.x.x"):
        stranger = strict.test_client()
        stranger.set_cookie("aarshjul-enhet", forged)
        must_wait(guess(stranger, password=PASSWORD, address="10.3.0.1"))


def test_over_https_the_cookie_is_for_https_alone(config, engine, kari):
    settings = config.model_copy(update={"public_url": "https://aarshjul.example"})
    app = seed.create_site(settings)
    answer = guess(app.test_client(), password=PASSWORD)
    (cookie,) = (c for c in answer.headers.getlist("Set-Cookie") if "enhet" in c)
    assert cookie.startswith("__Host-aarshjul-enhet=")
    assert "; Secure;" in cookie
    assert "Path=/;" in cookie
    app.extensions["aarshjul"].engine.dispose()


@pytest.fixture
def busy(config, engine):
    app = seed.create_site(config.model_copy(update={"requests_per_minute": 10}))
    yield app.test_client()
    app.extensions["aarshjul"].engine.dispose()


def test_who_asks_too_often_waits_and_is_told_how_long(busy):
    for _ in range(10):
        assert busy.get("/om").status_code == 200
    must_wait(busy.get("/om"))
    assert "Vent" in refused(busy.get(f"{V1}/counties"), 429)


def test_feeds_and_health_are_never_limited(busy):
    for _ in range(25):
        assert busy.get("/kalender/46.ics").status_code != 429
        assert busy.get("/health").status_code != 429
        with busy.get("/static/site.css") as style:
            assert style.status_code == 200


@pytest.mark.parametrize(("proxies", "counted"), [(0, "127.0.0.1"), (1, "203.0.113.9")])
def test_the_address_that_counts_is_the_one_a_trusted_proxy_tells(tmp_path, proxies, counted):
    app = seed.create_site(Settings(data_dir=tmp_path, proxies=proxies, requests_per_minute=10))
    client = app.test_client()
    for number in range(15):
        told = f"198.51.100.{number}, 203.0.113.9"
        last = client.get("/om", headers={"X-Forwarded-For": told})
    assert last.status_code == 429, counted
    other = client.get("/om", headers={"X-Forwarded-For": "203.0.113.10"})
    assert other.status_code == (200 if proxies else 429)
    app.extensions["aarshjul"].engine.dispose()
