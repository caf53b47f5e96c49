"""Headers on every answer, and plain words when something is wrong."""

import logging

import pytest
from flask import Flask

from scheduler.ledger.database import open_database
from scheduler.settings import Settings
from tests.web import seed
from web.access.rights import ANYBODY, RIGHTS


@pytest.mark.parametrize("address", ["/", "/finnes-ikke", "/static/site.css", "/health"])
def test_every_answer_carries_the_security_headers(client, address):
    with client.get(address) as response:
        policy = response.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Referrer-Policy"] == "no-referrer"
        assert response.headers["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize("address", ["/", "/tavle", f"/forekomst/{seed.delivery_key('34')}", "/om"])
def test_no_page_has_inline_style_or_script(client, address):
    page = client.get(address).text
    assert " style=" not in page
    assert "<style" not in page
    assert "<script>" not in page
    assert " onclick" not in page


def test_pages_are_norwegian(client):
    assert '<html lang="nb"' in client.get("/").text


def test_a_wrong_method_is_refused_with_what_is_allowed(client):
    response = client.post("/tavle")
    assert response.status_code == 405
    assert "GET" in response.headers["Allow"]


def test_over_https_browsers_are_told_to_use_nothing_else(tmp_path, client):
    assert "Strict-Transport-Security" not in client.get("/om").headers
    app = seed.create_site(Settings(data_dir=tmp_path, public_url="https://hjul.example"))
    assert app.test_client().get("/om").headers["Strict-Transport-Security"] == "max-age=31536000"
    app.extensions["aarshjul"].engine.dispose()


def test_robots_may_read_the_calendars(client):
    rules = client.get("/robots.txt").text
    assert "Allow: /kalender/" in rules
    assert "Disallow: /kalender" not in rules


def test_browsers_get_an_icon(client):
    with client.get("/favicon.ico") as response:
        assert response.status_code == 200
        assert response.content_type.startswith("image/svg+xml")


@pytest.fixture
def empty_site(tmp_path) -> Flask:
    app = seed.create_site(Settings(data_dir=tmp_path))
    yield app
    app.extensions["aarshjul"].engine.dispose()


@pytest.mark.parametrize("address", ["/", "/tavle", "/helse"])
def test_without_tables_the_site_says_that_the_database_does_not_answer(empty_site, address):
    response = empty_site.test_client().get(address)
    assert response.status_code == 503
    assert "Databasen svarer ikke" in response.text
    assert "OperationalError" not in response.text
    assert response.headers["Retry-After"]


def test_an_unreachable_server_gives_the_same_words(tmp_path):
    nowhere = "postgresql://ingen@127.0.0.1:1/ingen?connect_timeout=2"
    app = seed.create_site(Settings(data_dir=tmp_path, database_url=nowhere))
    response = app.test_client().get("/")
    assert response.status_code == 503
    assert "Databasen svarer ikke" in response.text
    assert "127.0.0.1" not in response.text


def test_before_the_first_plan_the_site_says_what_it_waits_for(empty_site):
    database = open_database(empty_site.extensions["aarshjul"].settings.ledger_url)
    seed.create_tables(database)
    database.dispose()
    response = empty_site.test_client().get("/")
    assert response.status_code == 503
    assert "Kalenderen er ikke tatt i bruk ennå" in response.text


def test_a_fault_of_ours_tells_nothing_to_the_reader_and_no_data_to_the_log(
    app, caplog, monkeypatch
):
    monkeypatch.setitem(RIGHTS, "broken", ANYBODY)
    secret = "Kari Nordmann"

    def broken() -> str:
        raise ValueError(secret)

    app.add_url_rule("/brutt", view_func=broken)
    with caplog.at_level(logging.ERROR):
        response = app.test_client().get("/brutt")
    assert response.status_code == 500
    assert "Noe gikk galt hos oss" in response.text
    assert "ValueError" in caplog.text
    assert "in broken" in caplog.text
    assert secret not in caplog.text + response.text
