"""Addresses of one's own: they show a selection, are taken back, guessed at and never told of."""

import hashlib
import logging
import secrets
from datetime import UTC, datetime

import pytest

from scheduler.access import feed_tokens
from tests.feed import events_of
from tests.planned import settings_in
from tests.published import change, client_of, ledger_in, site_without_database
from web.feeds import addresses as feeds
from web.feeds import answer as feed_answer

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
CHOSEN = {"fylke": ["46"], "omrade": ["ot"]}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("tokens")


@pytest.fixture(scope="module")
def engine(folder):
    engine = ledger_in(folder)
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def client(engine, folder):
    return client_of(folder)


@pytest.fixture
def token(engine, folder, request):
    """A token that holds, named after the test."""

    def make(session):
        return feed_tokens.create(session, request.node.name, CHOSEN, "kari", NOW)

    return change(engine, settings_in(folder), make)


def test_it_shows_its_selection_under_any_readable_name(client, token):
    wanted = client.get("/kalender/46.ics?omrade=ot")
    for name in ("OT-Vestland.ics", "a.ics", "%C3%A5rshjul.ics"):
        answer = client.get(f"/feed/{token}/{name}")
        assert (answer.status_code, answer.data) == (200, wanted.data)
        assert answer.headers["ETag"] == wanted.headers["ETag"]
    assert events_of(wanted.data)
    tasks = client.get(f"/feed/{token}/oppgaver.ics")
    assert tasks.data == client.get("/kalender/46/oppgaver.ics?omrade=ot").data
    table = client.get(f"/feed/{token}/OT.csv")
    assert table.data == client.get("/kalender/46.csv?omrade=ot").data


def test_no_shared_cache_may_keep_it_and_no_site_is_told_of_it(client, token):
    answer = client.get(f"/feed/{token}/a.ics")
    assert answer.headers["Cache-Control"] == "private, max-age=900"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    again = client.get(f"/feed/{token}/a.ics", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    assert again.headers["Cache-Control"] == "private, max-age=900"


def test_one_that_is_taken_back_is_gone_at_the_next_publishing(client, token, engine, folder):
    assert client.get(f"/feed/{token}/a.ics").status_code == 200

    def take_back(session):
        name = session.get_one(feed_tokens.FeedTokenRow, feed_tokens.fingerprint(token)).name
        return feed_tokens.revoke(session, name, "ola", NOW).revoked_by

    assert change(engine, settings_in(folder), take_back) == "ola"
    for name in ("a.ics", "oppgaver.ics", "a.csv"):
        answer = client.get(f"/feed/{token}/{name}")
        assert answer.status_code == 410
        assert "trukket tilbake" in answer.text


@pytest.mark.parametrize("name", ["", "a", "a.pdf", "a.ics/b", "../46.ics", "a.ics.gz"])
def test_only_the_files_there_are_can_be_had(client, token, name):
    assert client.get(f"/feed/{token}/{name}").status_code == 404


def test_ten_thousand_guesses_find_nothing_and_leave_nothing_behind(folder, engine, token):
    site = site_without_database(folder)
    client = site.test_client()
    client.get(f"/feed/{token}/a.ics")
    library = site.wsgi_app._library

    def kept():
        caches = (feeds._wanted, feed_answer._prepared, feed_answer._takes_gzip)
        return [len(library._made), len(library._whole), *(c.cache_info()[3] for c in caches)]

    before, statuses = kept(), set()
    started = {"REQUEST_METHOD": "GET", "QUERY_STRING": ""}
    for _ in range(10_000):
        path = f"/feed/{secrets.token_urlsafe(32)}/a.ics"
        list(site.wsgi_app({**started, "PATH_INFO": path}, lambda s, _h: statuses.add(s)))
    assert statuses == {"404 NOT FOUND"}
    assert kept() == before
    assert client.get(f"/feed/{token}/a.ics").status_code == 200


def test_the_token_is_kept_nowhere_on_disk_only_its_hash(folder, token):
    sha256 = hashlib.sha256(token.encode()).hexdigest()
    contents = [path.read_bytes() for path in folder.rglob("*") if path.is_file()]
    assert any(sha256.encode() in content for content in contents)
    assert not any(token.encode() in content for content in contents)


def test_the_token_is_never_logged_not_even_when_something_breaks(
    folder, token, caplog, monkeypatch
):
    site = site_without_database(folder)
    (folder / "feeds").rename(folder / "gone")  # nothing to send, as after a lost disk
    site.wsgi_app._library.token = None  # and a fault of ours
    with caplog.at_level(logging.DEBUG):
        answer = site.test_client().get(f"/feed/{token}/a.ics")
    (folder / "gone").rename(folder / "feeds")
    assert answer.status_code == 404
    assert "TypeError" in caplog.text
    assert token not in caplog.text


def test_a_choice_that_the_calendar_no_longer_has_is_404_so_that_clients_keep_what_they_have(
    client, engine, folder
):
    def make(session):
        return feed_tokens.create(session, "gammel", {"omrade": ["nedlagt"]}, "kari", NOW)

    token = change(engine, settings_in(folder), make)
    assert client.get(f"/feed/{token}/a.ics").status_code == 404


def test_the_register_that_is_damaged_leaves_the_last_good_one(client, folder, token):
    assert client.get(f"/feed/{token}/a.ics").status_code == 200
    for path in (folder / "feeds").glob("adresser.json*"):
        path.write_bytes(b"[]")
    assert client.get(f"/feed/{token}/a.ics").status_code == 200
