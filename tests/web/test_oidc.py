"""Signing in at a provider, a real server here: who gets in, with which roles, and every forgery refused."""

import time
from base64 import urlsafe_b64encode

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey
from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.access import accounts
from scheduler.access.roles import Grant, Role
from scheduler.access.tables import AccountRow, GrantRow
from tests.web import seed
from tests.web.fake_provider import CLIENT, SECRET, provider_on_a_port, rightly, there

FILE = """\
providers:
  - id: entra
    name: jobbkonto
    issuer: {address}
    client_id: {client}
    client_secret_file: {secret}
    userinfo: {userinfo}
    authorize: {{acr_values: hoyt}}
    roles:
      - {{claim: groups, value: vestland-data, role: county, county: "46"}}
      - {{claim: groups, value: drift, role: operator}}
"""


@pytest.fixture
def provider():
    with provider_on_a_port() as fake:
        yield fake


@pytest.fixture
def more():
    """Whether the provider's userinfo is asked too."""
    return "false"


@pytest.fixture
def config(config, provider, more, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text(SECRET + "\n", encoding="utf-8")
    path = tmp_path / "sign-in.yaml"
    text = FILE.format(address=provider.address, client=CLIENT, secret=secret, userinfo=more)
    path.write_text(text, encoding="utf-8")
    return config.model_copy(update={"sign_in": path})


def come_back(client, wanted="/drift"):
    """Through the provider and back; the answer to the way back."""
    gone = client.get("/logg-inn/entra", query_string={"neste": wanted})
    assert gone.status_code == 302
    return client.get(there(gone.location))


def is_in(client):
    return client.get("/konto").status_code == 200


def must_be_refused(client, answer):
    assert answer.status_code == 422
    assert "Innloggingen ble ikke fullført hos jobbkonto." in answer.text
    assert not is_in(client)


def kari(session):
    return session.scalars(select(AccountRow).where(AccountRow.provider == "entra")).one()


def held(engine):
    with Session(engine) as session:
        return {str(grant) for grant in accounts.grants_of(session, kari(session))}


def test_a_group_at_the_provider_is_a_role_here_in_its_county_alone(client, engine, provider):
    provider.claims = {"groups": ["vestland-data", "noe-annet"]}
    assert 'href="/logg-inn/entra' in client.get("/logg-inn").text
    answer = come_back(client, "/lever/46")
    assert (answer.status_code, answer.location) == (303, "/lever/46")
    assert client.get("/lever/46").status_code == 200
    assert client.get("/lever/34").status_code == 403
    assert held(engine) == {"county 46"}
    (asked,) = provider.asked
    assert asked["redirect_uri"] == "http://localhost:8000/logg-inn/entra/svar"
    assert asked["acr_values"] == "hoyt"
    assert len(asked["nonce"]) >= 20
    assert len(asked["state"]) >= 20


def test_what_the_provider_takes_away_is_gone_and_what_a_person_gave_stays(
    client, app, engine, provider
):
    provider.claims = {"groups": ["vestland-data", "drift"]}
    come_back(client)
    with Session(engine) as session, session.begin():
        accounts.give(session, kari(session), Grant(Role.COORDINATOR), "admin", seed.NOW)
    provider.claims = {"groups": "drift"}
    other = app.test_client()
    come_back(other)
    assert held(engine) == {"operator", "coordinator"}
    with Session(engine) as session:
        gone = session.scalars(select(GrantRow).where(GrantRow.taken_at.is_not(None))).one()
        assert (gone.role, gone.taken_by) == ("county", "entra")


def test_without_any_group_one_is_known_but_may_nothing(client, engine, provider):
    assert come_back(client, "/lever").location == "/lever"
    assert client.get("/lever").status_code == 403
    assert "Kontoen har ingen roller" in client.get("/konto").text
    assert held(engine) == set()


def test_no_identity_number_is_kept_whatever_the_provider_calls_people(client, engine, provider):
    number = "01" + "81" + "00" + "12345"
    provider.claims = {"sub": number, "pid": number, "name": f"Kari {number}"}
    assert come_back(client).status_code == 303
    with Session(engine) as session:
        row = session.scalars(select(AccountRow)).one()
        assert number not in f"{row.name} {row.subject} {row.shown} {row.created_by}"
    assert number not in client.get("/konto").text


def test_who_did_it_is_logged_by_a_name_that_tells_strangers_nothing(client, app, engine, provider):
    provider.claims = {"groups": ["drift"]}
    come_back(client)
    assert "Kari Nordmann" in client.get("/drift").text
    client.post("/drift/pauser", data={"grunn": "Flytter"})
    with Session(engine) as session:
        name = kari(session).name
    assert name.startswith("entra ")
    stranger = app.test_client()
    assert f"Flytter ({name}" in client.get("/drift").text
    for address in ("/drift", "/tavle", "/api/v1/pauses"):
        shown = stranger.get(address).text
        assert "Flytter (driftsvakt" in shown
        assert name not in shown
        assert "Kari" not in shown


def test_a_disabled_account_stays_out(client, engine):
    come_back(client)
    with Session(engine) as session, session.begin():
        accounts.disable(session, kari(session), "admin", seed.NOW)
    assert come_back(client).status_code == 422
    assert not is_in(client)


UNSIGNED = urlsafe_b64encode(b'{"alg":"none"}').decode().rstrip("=")
STRANGER = RSAKey.generate_key(2048, parameters={"kid": "k1"})


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "en annens"},
        {"nonce": None},
        {"aud": "et annet sted"},
        {"aud": "et annet sted", "azp": CLIENT},
        {"aud": None},
        {"iss": "https://en-annen.example"},
        {"iss": None},
        {"exp": -3600},
        {"exp": None},
        {"iat": 3600},
        {"sub": None},
    ],
    ids=str,
)
def test_a_token_that_says_the_wrong_thing_lets_nobody_in(client, provider, claims):
    moved = {k: time.time() + v if isinstance(v, int) else v for k, v in claims.items()}
    provider.claims = {"groups": ["drift"], **moved}
    must_be_refused(client, come_back(client))


@pytest.mark.parametrize(
    "sign",
    [
        lambda claims: rightly(claims, STRANGER),
        lambda claims: rightly(claims)[:-6] + "AAAAAA",
        lambda claims: jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(SECRET)),
        lambda claims: ".".join((UNSIGNED, rightly(claims).split(".")[1], "")),
        lambda _: "tull",
    ],
    ids=["another's key", "changed", "our secret", "none", "no token"],
)
def test_a_token_that_the_provider_did_not_sign_lets_nobody_in(client, provider, sign):
    provider.sign = sign
    must_be_refused(client, come_back(client))


def test_a_key_the_provider_has_changed_is_trusted_at_once_and_the_old_one_not(
    app, client, provider
):
    come_back(client)
    new = RSAKey.generate_key(2048, parameters={"kid": "k2"})
    provider.keys = [new]
    must_be_refused(other := app.test_client(), come_back(other))
    provider.sign = lambda claims: rightly(claims, new)
    assert come_back(other).status_code == 303


def test_a_way_back_is_used_once_and_only_by_the_browser_that_began(app, client):
    back = there(client.get("/logg-inn/entra").location)
    must_be_refused(thief := app.test_client(), thief.get(back))
    assert client.get(back.replace("code=", "code=feil")).status_code == 422
    assert client.get(back).status_code == 422
    back = there(client.get("/logg-inn/entra").location)
    assert client.get(back).status_code == 303
    client.post("/logg-ut")
    must_be_refused(client, client.get(back))


def test_a_state_nobody_asked_for_and_a_refusal_let_nobody_in(client):
    for query in ("code=x&state=y", "state=y", "", "error=access_denied&error_description=nei"):
        must_be_refused(client, client.get(f"/logg-inn/entra/svar?{query}"))


def test_the_session_is_new_after_the_provider_and_leads_nowhere_else(app, client):
    client.get("/logg-inn/entra")
    planted = client.get_cookie("aarshjul").value
    assert come_back(client, "https://ond.example/").location == "/konto"
    thief = app.test_client()
    thief.set_cookie("aarshjul", planted)
    assert not is_in(thief)


@pytest.mark.parametrize("more", ["true"])
def test_userinfo_adds_claims_about_the_same_person_only(app, client, engine, provider):
    provider.userinfo = {"groups": ["drift"]}
    come_back(client)
    assert held(engine) == {"operator"}
    provider.userinfo = {"groups": ["drift"], "sub": "en-annen"}
    must_be_refused(other := app.test_client(), come_back(other))


def test_a_provider_that_is_down_and_one_nobody_knows_are_told_plainly(client, provider):
    provider.up = False
    must_be_refused(client, client.get("/logg-inn/entra"))
    assert "Fant ingen slik måte" in client.get("/logg-inn/ukjent").text
