"""Whoever has a protected address: on no ordinary page, and on their own without a place."""

import re
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from jobs.register.followup import OtLinje
from tests.jobs.ot.transfers import OCTOBER, adding
from tests.web.persons_seen import (
    ALL,
    LISTS,
    NAMES,
    PROTECTED,
    YESTERDAY,
    look,
    mark,
    read,
    shown,
    try_out,
)
from tests.web.test_pages import text_of


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
