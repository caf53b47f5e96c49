"""The log of reads behind the pages: nobody is shown without a purpose and a row that is committed."""

import re
from datetime import UTC, datetime

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from scheduler.access import accounts
from scheduler.access.roles import Role
from scheduler.access.tables import PersonReadPurgeRow
from scheduler.settings import PROJECT_ROOT
from tests.web.people import let_in, signed_in
from tests.web.persons_seen import ALL, LISTS, NAMES, PROTECTED, look, read, shown
from tests.web.seed import NOW
from tests.web.test_pages import text_of


def test_every_person_of_a_page_is_in_the_log_with_who_page_and_purpose(ids, coordinator, engine):
    look(coordinator, f"{LISTS}/inn", "kontakt")
    look(coordinator, f"/ot/46/person/{ids['eldste']}", "innsyn")
    assert read(engine) == [
        ("inn", ids["inn"], "OT Vestland", "kontakt"),
        ("person", ids["eldste"], "OT Vestland", "innsyn"),
    ]


def test_the_front_page_of_the_lists_names_nobody_and_logs_nothing(ids, coordinator, engine):
    page = shown(coordinator, LISTS)
    assert not any(name in page for name in (*NAMES.values(), PROTECTED))
    assert read(engine) == []


@pytest.mark.parametrize("path", [*ALL, "person"])
def test_what_cannot_be_logged_is_not_shown(ids, app, both, engine, path):
    """The log's row is refused: the page fails, and names nobody."""
    path = f"/ot/46/person/{ids['eldste']}" if path == "person" else path
    look(both, path)
    before = read(engine)
    assert before
    ours = app.extensions["aarshjul"].engine

    def refuse(_connection, _cursor, statement, *_rest):
        if statement.startswith("INSERT INTO person_read"):
            raise RuntimeError("no log")

    event.listen(ours, "before_cursor_execute", refuse)
    page = both.get(path)
    event.remove(ours, "before_cursor_execute", refuse)
    assert page.status_code == 500
    assert "Prøve," not in page.text
    assert read(engine) == before


@pytest.mark.parametrize("path", [*ALL, "person"])
def test_what_is_not_committed_is_not_shown(ids, app, both, engine, path):
    path = f"/ot/46/person/{ids['eldste']}" if path == "person" else path
    look(both, path)
    ours = app.extensions["aarshjul"].engine

    def refuse(_connection):
        raise RuntimeError("the disk is full")

    before = read(engine)
    event.listen(ours, "commit", refuse)
    page = both.get(path)
    event.remove(ours, "commit", refuse)
    assert page.status_code == 500
    assert "Prøve," not in page.text
    assert read(engine) == before


def test_no_module_of_the_site_reads_who_a_person_is_by_itself():
    """`reads.disclose` is the only way, so that no page can forget the log."""
    naming = re.compile(r"register\.people|register import people|fodselsnummer\b.*select")
    for file in (PROJECT_ROOT / "web").rglob("*.py"):
        assert not naming.search(file.read_text(encoding="utf-8")), file.name


@pytest.mark.parametrize("path", [*ALL, "person"])
def test_nobody_is_shown_before_a_purpose_is_given(ids, both, engine, path):
    path = f"/ot/46/person/{ids['eldste']}" if path == "person" else path
    asked = both.get(path)
    assert (asked.status_code, asked.location.partition("?")[0]) == (303, LISTS)
    assert path in asked.location
    assert read(engine) == []
    form = both.get(asked.location)
    assert f'name="neste" value="{path}"' in form.text
    after = both.post("/ot/46/formal", data={"formal": "kontroll", "neste": path})
    assert after.location == path


@pytest.mark.parametrize("purpose", ["", "nysgjerrighet"])
def test_a_purpose_is_one_of_the_list(ids, coordinator, purpose):
    answer = coordinator.post("/ot/46/formal", data={"formal": purpose})
    assert answer.status_code == 422
    assert "Velg hva du skal bruke opplysningene til." in answer.text
    assert coordinator.get(f"{LISTS}/inn").status_code == 303


def test_the_purpose_leads_nowhere_else(ids, coordinator):
    said = {"formal": "kontroll", "neste": "https://ond.example/"}
    assert coordinator.post("/ot/46/formal", data=said).location == LISTS


def test_the_purpose_is_forgotten_at_sign_out(ids, coordinator, engine):
    look(coordinator, LISTS)
    coordinator.post("/logg-ut")
    with Session(engine) as session:
        number = accounts.named(session, "OT Vestland").id
    assert let_in(coordinator, engine, number).get(f"{LISTS}/inn").status_code == 303


@pytest.mark.parametrize("path", [LISTS, *ALL])
def test_nobody_keeps_a_copy(ids, both, path):
    assert look(both, path).headers["Cache-Control"] == "no-store"


def test_the_administrator_reads_the_log_of_reads(ids, app, engine, coordinator):
    look(coordinator, f"{LISTS}/inn", "kontakt")
    look(coordinator, f"{LISTS}/utelatt", "kontroll")
    chief = signed_in(app.test_client(), engine, Role.ADMINISTRATOR)
    assert 'href="/drift/lesninger"' in chief.get("/drift").text
    assert 'href="/drift/lesninger"' not in coordinator.get("/drift").text
    page = text_of(chief, "/drift/lesninger")
    for words in ("OT Vestland", "På vei inn", "Ta kontakt med ungdommen", "Vestland"):
        assert words in page
    one = text_of(chief, f"/drift/lesninger?person={ids['inn']}")
    assert "På vei inn" in one
    assert "Kontrollere en overføring" not in one
    assert "Ingen lesing er skrevet" in text_of(chief, "/drift/lesninger?konto=ingen")
    assert NAMES["inn"] not in page


def test_the_log_says_how_long_it_is_kept_and_what_is_gone(ids, app, engine):
    chief = signed_in(app.test_client(), engine, Role.ADMINISTRATOR)
    page = text_of(chief, "/drift/lesninger")
    assert "Leste oppslag slettes etter 5 år. Tiden er vårt forslag" in page
    assert "Slettet" not in page
    with Session(engine) as session, session.begin():
        day = datetime(2021, 10, 26, 22, tzinfo=UTC)
        session.add(PersonReadPurgeRow(older_than=day, at=NOW, removed=3))
    assert "3 oppslag til og med 26. oktober 2021, slettet" in text_of(chief, "/drift/lesninger")
