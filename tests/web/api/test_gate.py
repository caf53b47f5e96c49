"""The gate: who may write, what a body may be, and that every no is a problem in Norwegian."""

from urllib.parse import quote

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from scheduler.access import api_keys
from scheduler.ledger.database import open_database
from scheduler.ledger.runs import LedgerError
from scheduler.settings import Settings
from tests.databases import create_tables
from tests.web import seed
from tests.web.api.asking import V1, bearer, new_key, read, refused

WRITE = f"{V1}/calendar/compare"
INJECTIONS = (
    "' OR '1'='1",
    "46'; DROP TABLE occurrence; --",
    '"><script>alert(1)</script>',
    "../../etc/passwd",
    "\x00",
    "%00",
    "46\n",
    "４６",
    "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"),
    "9" * 10_000,
)
WORDS = ("skolear", "fylke", "omrade", "rolle", "frist", "status", "from", "to", "limit", "cursor")


@pytest.mark.parametrize("word", WORDS)
@pytest.mark.parametrize("value", INJECTIONS, ids=range(len(INJECTIONS)))
def test_no_query_is_more_than_a_word(client, word, value):
    sentence = refused(client.get(f"{V1}/occurrences", query_string={word: value}), 422)
    assert sentence.startswith(f"{word}")
    assert "Traceback" not in sentence


@pytest.mark.parametrize("value", INJECTIONS[:-1], ids=range(len(INJECTIONS) - 1))
def test_no_address_is_more_than_a_word(client, value):
    response = client.get(f"{V1}/deliverables/{quote(value, safe='')}")
    assert response.status_code in {404, 422}
    assert refused(response, response.status_code)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"fylke": "45"}, "«45» er ikke et fylkesnummer i årshjulet. Velg blant: 03, 11,"),
        ({"omrade": "otx"}, "«otx» er ikke et område i årshjulet. Mente du «ot»?"),
        ({"fylker": "46"}, "«fylker» er ikke et felt her. Mente du «fylke»?"),
        ({"limit": "501"}, "Tallet må være høyst 500."),
        ({"from": "22.11.2026"}, "Skriv for eksempel 2026-11-22."),
        ({"status": "sen"}, "«sen» kan ikke brukes her."),
        ({"skolear": "2026-2028"}, "«2026-2028» er ikke et skoleår."),
        ({"cursor": "abc"}, "Verdien er ikke «next» fra et tidligere svar."),
    ],
)
def test_a_wrong_word_is_named_with_the_remedy(client, query, said):
    assert said in refused(client.get(f"{V1}/occurrences", query_string=query), 422)


def test_every_fault_is_said_at_once(client):
    query = {"fylke": ["45", "46"], "omrade": "xx", "frist": "yy"}
    response = client.get(f"{V1}/occurrences", query_string=query)
    refused(response, 422)
    assert [fault["name"] for fault in response.json["faults"]] == ["fylke", "omrade", "frist"]


@pytest.mark.parametrize("path", ["/api/v1/finnes-ikke", "/api/", "/api/v2/counties"])
def test_an_unknown_address_is_a_problem_not_a_page(client, path):
    assert "Adressen finnes ikke her." in refused(client.get(path), 404)


def test_a_wrong_method_is_refused_with_those_allowed(client):
    response = client.put(f"{V1}/counties")
    refused(response, 405)
    assert set(response.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


def test_a_fault_of_ours_tells_nothing(app):
    app.view_functions["api.counties"] = lambda **_: 1 / 0
    response = app.test_client().get(f"{V1}/counties")
    assert "Feilen er logget." in refused(response, 500)
    assert "ZeroDivision" not in response.text


@pytest.fixture
def empty_site(tmp_path):
    app = seed.create_site(Settings(data_dir=tmp_path))
    yield app
    app.extensions["aarshjul"].engine.dispose()


def test_without_tables_and_before_the_first_plan_it_says_so(empty_site):
    database = open_database(empty_site.extensions["aarshjul"].settings.ledger_url)
    response = empty_site.test_client().get(f"{V1}/counties")
    assert "Ingenting er tapt" in refused(response, 503)
    assert response.headers["Retry-After"]
    create_tables(database)
    database.dispose()
    response = empty_site.test_client().get(f"{V1}/counties")
    assert "skrevet skoleårets" in refused(response, 503)


def test_the_answers_carry_the_security_headers(client):
    for path in (f"{V1}/counties", "/api/openapi.json", "/api/finnes-ikke"):
        policy = client.get(path).headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'")


def test_without_a_key_nothing_is_written_and_the_way_in_is_told(client):
    response = client.post(WRITE, data=b"{" * 2_000_000)
    assert "Bearer aarshjul_" in refused(response, 401)
    assert response.headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize(
    "header",
    ["Bearer", "Bearer ", "Basic a2FyaTprYXJp", "Bearer aarshjul_kort", "Bearer æøå", "x" * 9000],
)
def test_a_word_that_is_no_key_is_refused_also_when_reading(client, header):
    response = client.get(f"{V1}/counties", headers={"Authorization": header})
    assert "finnes ikke" in refused(response, 401)


def test_a_revoked_key_is_refused_from_the_same_instant(client, engine):
    key = new_key(engine, "national", "gammel")
    assert client.get(f"{V1}/counties", headers=bearer(key)).status_code == 200
    with Session(engine) as session, session.begin():
        api_keys.revoke(session, "gammel", "kari", seed.NOW)
    refused(client.get(f"{V1}/counties", headers=bearer(key)), 401)
    with Session(engine) as session, session.begin():
        with pytest.raises(LedgerError, match="Ingen gyldig nøkkel heter «gammel»"):
            api_keys.revoke(session, "gammel", "kari", seed.NOW)
        assert api_keys.create(session, "gammel", "national", "kari", seed.NOW) != key


def test_the_database_never_holds_a_key(engine):
    key = new_key(engine, "46")
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT * FROM api_key")).all()
    assert key.removeprefix(api_keys.PREFIX) not in str(rows)


@pytest.mark.parametrize("guesses", [1_000, pytest.param(10_000, marks=pytest.mark.chaos)])
def test_as_many_guesses_are_as_many_refusals(unlimited, engine, guesses):
    client, key = unlimited.test_client(), new_key(engine, "national")
    wrong = (f"{key[:-6]}{n:06}" for n in range(guesses))
    answers = {
        client.get(f"{V1}/counties", headers=bearer(guess)).status_code
        for guess in wrong
        if guess != key
    }
    assert answers == {401}
    assert read(client, "/counties")
    assert client.get(f"{V1}/counties", headers=bearer(key)).status_code == 200


BODIES = [
    (b"{", "application/json", 400, "ikke lesbar JSON"),
    (b"", "application/json", 400, "ikke lesbar JSON"),
    (b"\xff\xfe", "application/json", 400, "ikke lesbar JSON"),
    (b"[" * 100_000, "application/json", 400, "ikke lesbar JSON"),
    (b"[]", "application/json", 422, "må være et JSON-objekt"),
    (b'"{}"', "application/json", 422, "må være et JSON-objekt"),
    (b"{}", "application/json", 422, "Feltet «text» mangler."),
    (b'{"text": "a", "tekst": 1}', "application/json", 422, "«tekst» er ikke et felt her."),
    (b'{"text": "\\ud800"}', "application/json", 422, "ikke er gyldig Unicode"),
    (b"{}", "text/plain", 415, "Content-Type: application/json"),
    (b'{"text": "' + b"a" * 1_000_000 + b'"}', "application/json", 413, "høyst 1 MB"),
]


@pytest.mark.parametrize(("body", "kind", "status", "said"), BODIES, ids=range(len(BODIES)))
def test_a_body_that_cannot_be_used_is_answered(client, engine, body, kind, status, said):
    headers = bearer(new_key(engine, "national"))
    response = client.post(WRITE, data=body, content_type=kind, headers=headers)
    assert said in refused(response, status)
