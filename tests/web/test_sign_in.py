"""Signing in with an account here: what is kept, what ends it, and what an attacker gets."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.access import accounts, sign_ins
from scheduler.access.roles import Grant, Role
from scheduler.access.tables import AccountRow, SignInRow
from scheduler.settings import Settings
from tests.web import seed
from tests.web.people import PASSWORD, let_in, new_account
from web import create_app
from web.access.who import WORD

KARI = "Kari Kontakt"


@pytest.fixture
def kari(engine):
    return new_account(engine, KARI, Grant(Role.COUNTY, "46"))


def enter(client, password=PASSWORD, name=KARI, **more):
    return client.post("/logg-inn", data={"navn": name, "passord": password, **more})


def is_in(client):
    return client.get("/konto").status_code == 200


def change(engine, act, *words):
    with Session(engine) as session, session.begin():
        act(session, accounts.named(session, KARI), *words)


@pytest.mark.usefixtures("kari")
def test_signing_in_leads_back_to_the_page_that_was_wanted_and_out_again(client):
    asked = client.get("/kvalitet/46/skole-off-telling-okt?x=1")
    assert asked.location == "/logg-inn?neste=/kvalitet/46/skole-off-telling-okt?x%3D1"
    assert 'value="/kvalitet/46/skole-off-telling-okt?x=1"' in client.get(asked.location).text
    answer = enter(client, neste="/kvalitet/46/skole-off-telling-okt?x=1")
    assert (answer.status_code, answer.location) == (303, "/kvalitet/46/skole-off-telling-okt?x=1")
    page = client.get("/konto")
    assert "Fylkeskontakt, Vestland" in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert KARI in client.get("/").text
    assert client.get("/").headers["Cache-Control"] == "no-store"
    assert client.post("/logg-ut").status_code == 303
    assert not is_in(client)
    assert KARI not in client.get("/").text


@pytest.mark.usefixtures("kari")
@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://ond.example/",
        "//ond.example/",
        "/\\ond.example",
        "\\\\ond.example",
        "/\tond.example",
        "/%0d%0a\r\nond",
        "javascript:alert(1)",
        "ond.example",
        "///ond.example",
        "http:/ond.example",
    ],
)
def test_nobody_is_led_to_another_site(client, elsewhere):
    assert enter(client, neste=elsewhere).location == "/konto"
    page = client.get("/logg-inn", query_string={"neste": elsewhere}).text
    assert 'name="neste" value=""' in page
    ways = re.findall(r'(?:href|action)="([^"]*)"', page)
    assert [way for way in ways if not way.startswith("/") or way.startswith("//")] == ["#innhold"]


@pytest.mark.usefixtures("kari")
@pytest.mark.parametrize(
    ("name", "password"),
    [(KARI, "et langt men galt passord"), (KARI, ""), ("Ukjent", PASSWORD), ("", PASSWORD)],
)
def test_what_is_wrong_is_told_alike(client, name, password):
    page = enter(client, password, name)
    assert page.status_code == 422
    assert "Navnet eller passordet er feil, eller kontoen er sperret." in page.text
    assert password not in page.text or not password
    assert not is_in(client)


def test_a_providers_account_has_no_password(client, engine):
    with Session(engine) as session, session.begin():
        accounts.of_provider(session, "entra", "123", "Ola", seed.NOW)
    for password in ("", PASSWORD):
        assert enter(client, password, "Ola").status_code == 422


@pytest.mark.usefixtures("kari")
def test_a_session_planted_before_signing_in_is_worth_nothing_after(app, client, engine):
    client.get("/logg-inn")
    planted = client.get_cookie("aarshjul").value
    enter(client)
    first = client.get_cookie("aarshjul").value
    assert first != planted
    thief = app.test_client()
    thief.set_cookie("aarshjul", planted)
    assert not is_in(thief)
    enter(client)
    thief.set_cookie("aarshjul", first)
    assert not is_in(thief)
    assert is_in(client)
    with Session(engine) as session:
        kept = session.scalars(select(SignInRow)).all()
    with client.session_transaction() as cookie:
        assert cookie[WORD] not in {row.sha256 for row in kept}


@pytest.mark.usefixtures("kari")
def test_a_cookie_copied_before_signing_out_is_worth_nothing_after(app, client):
    enter(client)
    copied = client.get_cookie("aarshjul").value
    client.post("/logg-ut")
    thief = app.test_client()
    thief.set_cookie("aarshjul", copied)
    assert not is_in(thief)


def test_a_made_up_cookie_is_no_session(client):
    for made_up in ("x", "eyJzaWduX2luIjoieCJ9.aaaa.bbbb"):
        client.set_cookie("aarshjul", made_up)
        assert client.get("/").status_code == 200
        assert not is_in(client)


@pytest.mark.usefixtures("kari")
@pytest.mark.parametrize(
    ("act", "words"),
    [
        (accounts.take, (Grant(Role.COUNTY, "46"), "admin", seed.NOW)),
        (accounts.give, (Grant(Role.OPERATOR), "admin", seed.NOW)),
        (accounts.disable, ("admin", seed.NOW)),
        (accounts.set_password, ("et annet langt passord", seed.NOW)),
    ],
)
def test_what_changes_for_the_account_ends_its_sign_ins_at_once(client, engine, act, words):
    enter(client)
    assert is_in(client)
    change(engine, act, *words)
    assert not is_in(client)


def test_a_role_that_is_taken_back_opens_nothing_even_while_signed_in(client, engine, kari):
    """The roles are read anew at each request, not kept in the session."""
    change(engine, accounts.take, Grant(Role.COUNTY, "46"), "admin", seed.NOW)
    let_in(client, engine, kari)
    assert client.get("/lever/46").status_code == 403


def test_a_disabled_account_gets_in_again_when_opened(client, engine, kari):
    change(engine, accounts.disable, "admin", seed.NOW)
    assert enter(client).status_code == 422
    with Session(engine) as session, session.begin():
        accounts.enable(session.get_one(AccountRow, kari))
    assert enter(client).status_code == 303


@pytest.mark.parametrize(
    ("steps", "still"),
    [
        ([sign_ins.IDLE - timedelta(minutes=2)] * 3, True),
        ([sign_ins.IDLE], False),
        ([timedelta(minutes=50)] * 11 + [timedelta(minutes=49)], True),
        ([timedelta(minutes=50)] * 12, False),
    ],
)
def test_a_session_ends_when_out_of_use_and_when_old(config, engine, kari, steps, still):
    at = [seed.NOW]
    app = create_app(config, read_steps=seed.recorded_steps, clock=lambda: at[0])
    client = let_in(app.test_client(), engine, kari)
    for step in steps:
        at[0] += step
        found = is_in(client)
    assert found is still
    app.extensions["aarshjul"].engine.dispose()


def test_the_cookie_is_for_this_site_alone(app, client, tmp_path):
    said = client.get("/logg-inn").headers["Set-Cookie"]
    assert "HttpOnly" in said
    assert "SameSite=Lax" in said
    assert "Secure" not in said
    https = seed.create_site(Settings(data_dir=tmp_path, public_url="https://hjul.example"))
    said = (
        https.test_client().get("/logg-inn", base_url="https://hjul.example").headers["Set-Cookie"]
    )
    assert said.startswith("__Host-aarshjul=")
    assert "Secure" in said
    assert "Path=/" in said
    https.extensions["aarshjul"].engine.dispose()


def test_open_pages_set_no_cookie(client):
    for address in ("/", "/tavle", "/fylke/46", "/drift", "/om"):
        assert "Set-Cookie" not in client.get(address).headers


def test_without_any_account_the_page_says_how_to_make_the_first(client, engine):
    said = "aarshjul accounts add NAVN --role administrator"
    assert said in client.get("/logg-inn").text
    new_account(engine, "første", Grant(Role.ADMINISTRATOR))
    assert said not in client.get("/logg-inn").text


def test_the_key_of_the_cookies_is_made_once_and_kept_from_others(config, app, client):
    client.get("/")
    path = config.data_dir / "keys" / "session"
    assert path.stat().st_mode & 0o777 == 0o600
    again = seed.create_site(config)
    again.test_client().get("/")
    assert again.secret_key == app.secret_key
    again.extensions["aarshjul"].engine.dispose()
