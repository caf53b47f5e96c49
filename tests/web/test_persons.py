"""Pages about persons: each list and its sentences, a person's history, and who is led there."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from jobs.register.followup import OtKjoring
from jobs.register.people import Person
from scheduler.access.roles import Role
from tests.jobs.ot.transfers import BROKE_OFF, OCTOBER, adding, transfer
from tests.web.people import signed_in
from tests.web.persons_seen import (
    ALL,
    LISTS,
    NAMES,
    PROTECTED,
    look,
    read,
    register,
    shown,
    try_out,
)
from tests.web.seed import NOW
from tests.web.test_pages import text_of


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


def test_another_county_is_out_of_reach_and_its_persons_are_not_there(ids, app, engine):
    oslo = signed_in(app.test_client(), engine, Role.OT, "03")
    assert oslo.get(f"{LISTS}/inn").status_code == 403
    oslo.post("/ot/03/formal", data={"formal": "kontroll"})
    assert oslo.get(f"/ot/03/person/{ids['eldste']}").status_code == 404
    assert NAMES["inn"] not in oslo.get("/ot/03/personer/inn").text
    assert read(engine) == []


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
