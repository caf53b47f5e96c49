"""Pages about persons: each list, who sees it, and that nobody is shown without a row in the log."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from jobs.register.followup import OtKjoring, OtLinje
from jobs.register.people import Person
from scheduler.access import accounts
from scheduler.access.roles import Grant, Role
from scheduler.settings import PROJECT_ROOT
from tests.jobs.ot.transfers import BROKE_OFF, OCTOBER, adding, transfer
from tests.web.people import let_in, signed_in
from tests.web.persons_seen import (
    NAMES,
    PROTECTED,
    YESTERDAY,
    look,
    mark,
    populate,
    read,
    register,
    try_out,
)
from tests.web.seed import NOW
from tests.web.test_pages import text_of

LISTS = "/ot/46/personer"
ALL = [f"{LISTS}/{listing}" for listing in NAMES] + ["/ot/46/skjermet"]


@pytest.fixture
def ids(engine):
    return populate(engine)


@pytest.fixture
def coordinator(app, engine):
    """A browser where the follow-up service of Vestland has signed in."""
    return signed_in(app.test_client(), engine, Role.OT, "46", name="OT Vestland")


@pytest.fixture
def central(app, engine):
    """A browser where whoever follows up those with a protected address has signed in."""
    return signed_in(app.test_client(), engine, Role.OT_PROTECTED, "46", name="Sentralen")


def shown(client, path):
    page = look(client, path)
    assert page.status_code == 200, page.text
    return page.text


@pytest.mark.parametrize("listing", NAMES)
def test_each_list_has_its_person_and_no_other(ids, coordinator, listing):
    page = shown(coordinator, f"{LISTS}/{listing}")
    assert [name for name in (*NAMES.values(), PROTECTED) if name in page] == [NAMES[listing]]
    assert f'href="/ot/46/person/{ids[listing]}?' in page


def test_whoever_is_on_a_list_is_explained_in_a_sentence(ids, coordinator):
    assert "R7: sluttet i skole 02.10.2026" in shown(coordinator, f"{LISTS}/inn")
    left_out = shown(coordinator, f"{LISTS}/utelatt?port=G6")
    assert "Overføres ikke (G6): går på skole" in left_out
    assert "for 56 dager siden" in shown(coordinator, f"{LISTS}/eldste")


def test_a_transfer_takes_the_place_of_the_dry_run(ids, coordinator, engine, tmp_path):
    """Whoever it took in is still shown as on the way in, now with the line's own sentence."""
    other = adding(engine, kurs=BROKE_OFF, navn="Prøve, Senere")
    transfer(engine, tmp_path, now=OCTOBER + timedelta(hours=1))
    page = shown(coordinator, f"{LISTS}/inn")
    assert "Prøve, Senere" in page
    assert NAMES["inn"] in page
    assert other in {person for _, person, *_ in read(engine)}
    try_out(engine)  # an older dry run than the transfer
    assert "Prøve, Senere" in shown(coordinator, f"{LISTS}/inn")


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
def test_what_cannot_be_logged_is_not_shown(ids, app, engine, path):
    """The log's row is refused: the page fails, and names nobody."""
    client = signed_in(app.test_client(), engine, Role.OT, "46")
    _also(app, engine, client)
    path = f"/ot/46/person/{ids['eldste']}" if path == "person" else path
    look(client, path)
    before = read(engine)
    assert before
    ours = app.extensions["aarshjul"].engine

    def refuse(_connection, _cursor, statement, *_rest):
        if statement.startswith("INSERT INTO person_read"):
            raise RuntimeError("no log")

    event.listen(ours, "before_cursor_execute", refuse)
    page = client.get(path)
    event.remove(ours, "before_cursor_execute", refuse)
    assert page.status_code == 500
    assert "Prøve," not in page.text
    assert read(engine) == before


@pytest.mark.parametrize("path", [*ALL, "person"])
def test_what_is_not_committed_is_not_shown(ids, app, engine, path):
    client = signed_in(app.test_client(), engine, Role.OT, "46")
    _also(app, engine, client)
    path = f"/ot/46/person/{ids['eldste']}" if path == "person" else path
    look(client, path)
    ours = app.extensions["aarshjul"].engine

    def refuse(_connection):
        raise RuntimeError("the disk is full")

    before = read(engine)
    event.listen(ours, "commit", refuse)
    page = client.get(path)
    event.remove(ours, "commit", refuse)
    assert page.status_code == 500
    assert "Prøve," not in page.text
    assert read(engine) == before


def _also(app, engine, client):
    """Give the account of a browser the other role as well."""
    with Session(engine) as session, session.begin():
        row = accounts.named(session, "ot 46")
        accounts.give(session, row, Grant(Role.OT_PROTECTED, "46"), "test", NOW)
        number = row.id
    let_in(client, engine, number)


def test_no_module_of_the_site_reads_who_a_person_is_by_itself():
    """`reads.disclose` is the only way, so that no page can forget the log."""
    naming = re.compile(r"register\.people|register import people|fodselsnummer\b.*select")
    for file in (PROJECT_ROOT / "web").rglob("*.py"):
        assert not naming.search(file.read_text(encoding="utf-8")), file.name


@pytest.mark.parametrize("path", [*ALL, "person"])
def test_nobody_is_shown_before_a_purpose_is_given(ids, app, engine, path):
    client = signed_in(app.test_client(), engine, Role.OT, "46")
    _also(app, engine, client)
    path = f"/ot/46/person/{ids['eldste']}" if path == "person" else path
    asked = client.get(path)
    assert (asked.status_code, asked.location.partition("?")[0]) == (303, LISTS)
    assert path in asked.location
    assert read(engine) == []
    form = client.get(asked.location)
    assert f'name="neste" value="{path}"' in form.text
    after = client.post("/ot/46/formal", data={"formal": "kontroll", "neste": path})
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


def test_another_county_is_out_of_reach_and_its_persons_are_not_there(ids, app, engine):
    oslo = signed_in(app.test_client(), engine, Role.OT, "03")
    assert oslo.get(f"{LISTS}/inn").status_code == 403
    oslo.post("/ot/03/formal", data={"formal": "kontroll"})
    assert oslo.get(f"/ot/03/person/{ids['eldste']}").status_code == 404
    assert NAMES["inn"] not in oslo.get("/ot/03/personer/inn").text
    assert read(engine) == []


def test_whoever_has_a_protected_address_is_only_counted_on_the_ordinary_pages(
    ids, coordinator, operator, engine
):
    for client in (coordinator, operator):
        page = text_of(client, LISTS)
        assert "1 person, hos OT-kontakt for dem med adressebeskyttelse" in page
        assert "Ingen konto har den rollen i fylket" in page
        for path in ALL[:-1]:
            assert PROTECTED not in look(client, path).text
        assert client.get("/ot/46/skjermet").status_code == 403
        assert look(client, f"/ot/46/person/{ids['skjermet']}").status_code == 404
    assert ids["skjermet"] not in {person for _, person, *_ in read(engine)}


def test_the_restricted_queue_has_them_and_tells_no_place(ids, central, engine):
    page = shown(central, "/ot/46/skjermet")
    assert PROTECTED in page
    assert not any(name in page for name in NAMES.values())
    own = shown(central, f"/ot/46/person/{ids['skjermet']}")
    assert "Personen har adressebeskyttelse." in own
    assert "Strengt fortrolig adresse" in own
    assert not re.search(r"OT-enhet|Bor i kommune|4601", own)
    assert central.get(f"{LISTS}/inn").status_code == 403
    assert look(central, f"/ot/46/person/{ids['eldste']}").status_code == 404
    assert "Ingen konto har den rollen" not in text_of(central, LISTS)
    assert [row[:2] for row in read(engine)] == [
        ("skjermet", ids["skjermet"]),
        ("person", ids["skjermet"]),
    ]


def test_another_county_where_a_protected_person_goes_to_school_is_not_told(ids, central, engine):
    person = adding(
        engine, kurs={"skole": "oslo"}, merke={"personmerke": "K7"}, navn="Prøve, Borte"
    )
    try_out(engine, OCTOBER + timedelta(hours=1))
    for path in ("/ot/46/skjermet", f"/ot/46/person/{person}"):
        page = shown(central, path)
        assert "Overføres ikke (G6): går på skole." in page
        assert "03" not in page.partition("går på skole")[2].partition("<")[0]


def test_a_mark_that_comes_today_takes_somebody_off_the_lists_at_once(ids, coordinator, engine):
    mark(engine, ids["inn"], til=YESTERDAY)  # an earlier one that has ended changes nothing
    assert NAMES["inn"] in shown(coordinator, f"{LISTS}/inn")
    for listing in NAMES:
        mark(engine, ids[listing])
        assert NAMES[listing] not in shown(coordinator, f"{LISTS}/{listing}")
        assert look(coordinator, f"/ot/46/person/{ids[listing]}").status_code == 404
    assert "4 personer, hos" in text_of(coordinator, LISTS)


def test_a_line_that_was_put_aside_stays_so_also_without_a_mark(ids, coordinator, engine):
    with Session(engine) as session, session.begin():
        session.scalars(select(OtLinje)).one().skjermet = True
    assert NAMES["eldste"] not in shown(coordinator, f"{LISTS}/eldste")


def test_the_history_is_shown_with_what_the_advisers_wrote_to_the_service_alone(
    ids, coordinator, operator, engine
):
    told = {"slag": "S", "otstatus": "OTOV", "kilde": "import", "bevis": {"kontakt": "2026-10-01"}}
    with Session(engine) as session, session.begin():
        register(session, ids["eldste"], OCTOBER.date(), grunn="innlagt", **told)
    path = f"/ot/46/person/{ids['eldste']}"
    page = shown(coordinator, path)
    assert page.index("Ny status") < page.index("1. september 2026")
    assert "innlagt" in page
    other = shown(operator, path)
    assert "Ny status" in other
    assert "innlagt" not in other


def test_no_page_has_an_identity_number_and_no_address_either(ids, coordinator, engine):
    with Session(engine) as session:
        numbers = list(session.scalars(select(Person.fodselsnummer)))
    paths = [*ALL[:-1], LISTS, *(f"/ot/46/person/{person}" for person in ids.values())]
    for path in paths:
        page = look(coordinator, path).text
        assert not any(number in page for number in numbers)
        assert not re.search(r"\d{11}", page)


@pytest.mark.parametrize("path", [LISTS, *ALL])
def test_nobody_keeps_a_copy(ids, app, engine, path):
    client = signed_in(app.test_client(), engine, Role.OT, "46")
    _also(app, engine, client)
    assert look(client, path).headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["/ot/99/personer", "/ot/national/personer", f"{LISTS}/alle"])
def test_what_is_not_there_is_not_found(ids, operator, path):
    assert look(operator, path).status_code == 404


def test_the_runs_are_told_with_their_counts_and_a_rehearsal_as_one(ids, operator, engine):
    page = text_of(operator, LISTS)
    assert "Prøvekjøring, 20.10.2026 kl. 08.00" in page
    assert "Søkere uten plass, de som har sluttet, ungdom i eget fylke (OSMO)" in page
    assert "3 kandidater, 2 overføres, 1 holdes utenfor." in page
    with Session(engine) as session, session.begin():
        told = {"kandidater": 9, "overfores": 8, "utelates": 1}
        session.add(
            OtKjoring(
                run_id="ot-overforing-elever/2026-2027/only/46~rehearsal-10#1",
                fylkesnummer="46",
                skolear="20262027",
                kategorier=["elever"],
                per=NOW.date(),
                torr=True,
                tall=told,
                at=NOW,
            )
        )
    page = text_of(operator, LISTS)
    assert "Generalprøve, 27.10.2026" in page
    assert "9 kandidater, 8 overføres, 1 holdes utenfor." in page
    assert NAMES["utelatt"] in shown(operator, f"{LISTS}/utelatt")  # the lists are as they were


def test_a_county_with_nobody_says_what_to_do(operator):
    assert "--county 15 --dry-run" in text_of(operator, "/ot/15/personer")
    for listing in NAMES:
        assert "Ingen" in shown(operator, f"/ot/15/personer/{listing}")


def test_a_long_list_is_paged_and_each_page_logs_its_own(ids, coordinator, engine):
    for place in range(52):
        adding(engine, kurs=BROKE_OFF, navn=f"Prøve, Nummer {place}")
    try_out(engine, OCTOBER.replace(hour=8))
    first, second = (shown(coordinator, f"{LISTS}/inn?side={page}") for page in (1, 2))
    assert 'rel="next"' in first
    assert 'rel="prev"' in second
    assert len(set(read(engine))) == 53
    assert second.count("/ot/46/person/") == 3


def test_the_menu_and_the_counts_lead_to_them_for_those_who_may(
    client, coordinator, operator, county_contact
):
    assert 'href="/ot">' not in client.get("/tavle").text
    for known in (coordinator, operator, county_contact):
        assert 'href="/ot">Oppfølging' in known.get("/tavle").text
    assert 'href="/ot/46/personer' in coordinator.get("/ot").text
    assert 'href="/ot/46/personer' in operator.get("/ot?fylke=46").text
    assert "/personer" not in coordinator.get("/ot?fylke=03").text
    assert "/personer" not in county_contact.get("/ot?fylke=46").text


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
