"""The API on both databases: what one of them would choke on never reaches it."""

from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from tests.web import seed
from tests.web.api.asking import V1, bearer, new_key, read, refused
from web.api.paging import cursor_at

HOSTILE = ("\x00", "a\x00b", "'; DROP TABLE occurrence; --", "\u202e", "\ud7ff", str(2**63))
READS = (
    "/occurrences?frist={}",
    "/occurrences?cursor={}",
    "/occurrences/{}/2026-2027/only/46",
    "/occurrences/a/2026-2027/{}/46",
    "/occurrences/a/2026-2027/only/{}",
    "/versions/{}",
    "/changes?after={}",
    "/changes?since={}",
    "/as-of?at={}",
    "/notices?version={}",
    "/notices?cursor={}",
    "/messages?cursor={}",
    "/messages?state={}",
    "/cycles/{}",
    "/deliverables/{}",
)


@pytest.fixture
def client(seeded) -> Iterator[FlaskClient]:
    """The site over a seeded ledger, on SQLite and on PostgreSQL."""
    config, _ = seeded
    app = seed.create_site(config)
    yield app.test_client()
    app.extensions["aarshjul"].engine.dispose()


def test_hostile_words_are_refused_alike(client):
    for address in READS:
        for word in HOSTILE:
            response = client.get(V1 + address.format(quote(word, safe="")))
            assert response.status_code in {404, 422}, (address, word, response.text)
            assert refused(response, response.status_code)


FORGED = (
    ("2026-10-27T08:00:00+00:00", "\x00"),
    ("2026-10-27T08:00:00+00:00", "\ud800"),
    ("2026-10-27T08:00:00", "purring"),
    ("0001-01-01T00:00:00+14:00", "purring"),
    ("purring",),
)


def test_a_forged_cursor_is_refused_alike(client):
    for place in FORGED:
        response = client.get(f"{V1}/messages", query_string={"cursor": cursor_at(place)})
        assert "ikke «next»" in refused(response, 422)


def test_reading_and_writing_give_the_same_answers(client, seeded):
    _, database = seeded
    headers = bearer(new_key(database, "56"))
    listed = read(client, "/occurrences", fylke="56", frist=seed.IMPORT)["items"]
    assert [item["key"] for item in listed] == [seed.import_key("56")]
    assert read(client, "/changes", since=seed.NOW.isoformat())["items"] == []
    before = read(client, "/as-of", at=(seed.NOW - timedelta(days=1)).isoformat(), fylke="56")
    assert seed.import_key("56") in {item["key"] for item in before["items"]}
    address = f"{V1}/occurrences/{seed.import_key('56')}/nothing-to-report"
    body = {"reason": "Ingen elever i år. ÆØÅ – «sitat»"}
    assert client.post(address, json=body, headers=headers).json["outcome"] == "nothing"
    found = read(client, f"/occurrences/{seed.import_key('56')}")
    assert found["decisions"][-1]["why"] == body["reason"]
    wish = {"name": "Finnmark", "fylke": ["56"]}
    assert client.post(f"{V1}/feed-tokens", json=wish, headers=headers).status_code == 201
    assert len(client.get(f"{V1}/feed-tokens", headers=headers).json["items"]) == 1
