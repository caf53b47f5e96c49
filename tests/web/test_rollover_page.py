"""The page two persons read before they approve a school year, and what says that one waits."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.ledger.read import current_calendar
from scheduler.ledger.tables import NodeRow
from scheduler.publishing.rollover import approve
from tests.web import changed, seed
from tests.web.test_pages import text_of
from web import create_app

NEXT = "2027-2028"
BEFORE_NEXT = datetime(2027, 7, 20, 10, tzinfo=UTC)


def approve_next(engine, name: str) -> None:
    with Session(engine) as session, session.begin():
        calendar = current_calendar(session)
        assert calendar is not None
        approve(session, calendar, NEXT, name, seed.NOW, "Sett over.")


def test_a_year_nobody_has_approved_says_what_it_waits_for_and_how(client):
    shown = text_of(client, f"/skolear/{NEXT}")
    assert "venter på to godkjenninger" in shown
    assert f"aarshjul calendar approve {NEXT} --by NAVN" in shown
    assert "Ingen har godkjent datoene ennå." in shown


def test_every_shifted_date_is_listed_with_both_days(client):
    shown = text_of(client, f"/skolear/{NEXT}")
    assert (
        "fredag 22.10.2027 foreslått dato søndag 24.10.2027 ssbElev pr. 01.10, 1. levering"
        " Alle fylker" in shown
    )


def test_open_questions_are_listed_with_who_must_answer(client):
    shown = text_of(client, f"/skolear/{NEXT}").split("Ikke avklart")[1]
    assert "overføres? Avgjøres av fylkene og Novari." in shown


def test_two_approvals_are_enough_and_one_is_not(client, operator, engine):
    approve_next(engine, "Kontoret")
    assert "venter på én godkjenning" in text_of(client, f"/skolear/{NEXT}")
    approve_next(engine, "Direktoratet")
    assert "er godkjent av en person og en person" in text_of(client, f"/skolear/{NEXT}")
    shown = text_of(operator, f"/skolear/{NEXT}")
    assert "er godkjent av Kontoret og Direktoratet" in shown
    assert "27.10.2026 kl. 12.30 Kontoret Dagens Sett over." in shown
    assert "Slik godkjennes året" not in shown


def test_an_approval_of_older_dates_says_that_it_holds_no_longer(operator, engine):
    approve_next(engine, "Kontoret")
    changed.move(engine)
    shown = text_of(operator, f"/skolear/{NEXT}")
    assert "Kontoret Eldre, gjelder ikke lenger" in shown


@pytest.mark.parametrize("cycle", ["tull", "1814-1815", "2027-2029"])
def test_a_year_that_is_not_planned_is_said_so(client, cycle):
    response = client.get(f"/skolear/{cycle}")
    assert response.status_code == 404
    assert f"Fant ikke skoleåret «{cycle}». Her er 2026-2027, 2027-2028." in response.text


@pytest.mark.parametrize("address", ["/tavle", "/helse"])
def test_nothing_waits_on_a_quiet_day(client, address):
    assert "Venter på et menneske" not in client.get(address).text


@pytest.mark.parametrize("address", ["/tavle", "/helse"])
def test_what_waits_for_a_person_is_said_where_people_look(client, engine, address):
    waiting = "1 frist flyttes, 15 fylker berøres"
    with Session(engine) as session, session.begin():
        session.scalars(select(NodeRow)).one().calendar_waiting = waiting
    changed.send(engine, fates=("unknown", "unknown"))
    shown = text_of(client, address)
    assert f"En endring i calendar.yaml venter på å bli publisert: {waiting}." in shown
    assert "For to meldinger vet vi ikke om de kom fram." in shown


def test_a_year_that_soon_begins_unapproved_is_said_on_the_board(config, engine):
    soon = create_app(config, read_steps=seed.recorded_steps, clock=lambda: BEFORE_NEXT)
    assert "Skoleåret 2027–2028 venter på to" in text_of(soon.test_client(), "/tavle")
    soon.extensions["aarshjul"].engine.dispose()
    early = seed.NOW + timedelta(days=30)
    calm = create_app(config, read_steps=seed.recorded_steps, clock=lambda: early)
    assert NEXT not in text_of(calm.test_client(), "/tavle").split("Skoleår ")[0]
    calm.extensions["aarshjul"].engine.dispose()
