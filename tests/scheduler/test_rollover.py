"""A school year starts by itself only when two persons have approved its dates (M14)."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from scheduler.calendar.occurrence import OSLO
from scheduler.ledger.runs import LedgerError
from scheduler.ledger.tables import ApprovalRow, DecisionRow
from scheduler.publishing import rollover
from tests.scheduler.small import EARLIER, NOW, RENAMED, SMALL, calendar_of, published

THIS, NEXT = "2026-2027", "2027-2028"
FIRST_DAY = date(2027, 8, 1)
CALENDAR = calendar_of(SMALL)


def in_norway(day, at=time(12)):
    return datetime.combine(day, at, OSLO).astimezone(UTC)


def approve(database, actor, now=NOW, cycle=NEXT, calendar=CALENDAR):
    with Session(database) as session, session.begin():
        return rollover.approve(session, calendar, cycle, actor, now)


def standing(database, now=NOW, cycle=NEXT, calendar=CALENDAR):
    with Session(database) as session:
        return rollover.standing(session, calendar, cycle, now)


def warned(database, now):
    with Session(database) as session:
        return rollover.warnings(session, CALENDAR, now)


def test_the_year_a_database_begins_with_is_approved_by_the_installation(database):
    published(database)
    assert standing(database, cycle=THIS).actors == (rollover.INSTALLATION,)
    assert standing(database, cycle=THIS).approved
    assert not standing(database).approved


def test_two_different_persons_approve_a_year(database):
    published(database)
    assert standing(database).missing == 2
    first = approve(database, "Kari Nordmann")
    assert (first.approved, first.missing) == (False, 1)
    assert first.sentence() == (
        "Skoleåret 2027–2028 venter på én godkjenning. Det begynner 1. august 2027."
    )
    both = approve(database, "Ola Hansen")
    assert both.approved
    assert both.sentence() == "Skoleåret 2027–2028 er godkjent av Kari Nordmann og Ola Hansen."


@pytest.mark.parametrize("again", ["Kari Nordmann", "kari  nordmann", " KARI NORDMANN "])
def test_one_person_twice_is_one_person(database, again):
    published(database)
    approve(database, "Kari Nordmann")
    with pytest.raises(LedgerError, match="en annen person"):
        approve(database, again)
    assert not standing(database).approved


@pytest.mark.parametrize("nobody", ["", " ", "installasjon", "Publisert  endring", "x" * 81])
def test_a_name_that_is_no_person_approves_nothing(database, nobody):
    published(database)
    with pytest.raises(LedgerError):
        approve(database, nobody)
    with Session(database) as session:
        query = select(func.count()).where(ApprovalRow.cycle == NEXT)
        assert session.scalar(query) == 0


def test_only_a_year_that_is_planned_can_be_approved(database):
    published(database)
    with pytest.raises(LedgerError, match="Bare 2026-2027 og 2027-2028"):
        approve(database, "Kari", cycle="2029-2030")


def test_dates_that_change_before_the_year_begins_must_be_approved_anew(database):
    published(database)
    approve(database, "Kari")
    approve(database, "Ola")
    published(database, EARLIER, NOW + timedelta(days=1))
    changed = standing(database, calendar=calendar_of(EARLIER))
    assert (changed.approved, changed.changed, changed.missing) == (False, True, 2)
    assert "datoene er endret siden de ble godkjent" in changed.sentence()


def test_new_words_need_no_new_approval(database):
    published(database)
    approve(database, "Kari")
    approve(database, "Ola")
    published(database, RENAMED, NOW + timedelta(days=1))
    assert standing(database, calendar=calendar_of(RENAMED)).approved


def test_a_change_published_in_an_approved_year_keeps_it_approved_and_says_so(database):
    published(database)
    published(database, EARLIER, NOW + timedelta(days=1))
    kept = standing(database, cycle=THIS, calendar=calendar_of(EARLIER))
    assert (kept.approved, kept.actors) == (True, (rollover.CARRIED,))
    with Session(database) as session:
        query = select(ApprovalRow.note).where(ApprovalRow.actor == rollover.CARRIED)
        assert "Versjon 2" in session.scalars(query).one()


def test_a_change_in_a_year_that_is_not_approved_approves_nothing(database):
    published(database)
    with Session(database) as session, session.begin():
        rollover.unapprove(session, CALENDAR, THIS, "Kari", "Feil dato", NOW)
    published(database, EARLIER, NOW + timedelta(days=1))
    assert not standing(database, cycle=THIS, calendar=calendar_of(EARLIER)).approved


def test_an_approval_taken_back_is_in_the_decision_log(database):
    published(database)
    approve(database, "Kari")
    approve(database, "Ola")
    with Session(database) as session, session.begin():
        left = rollover.unapprove(session, CALENDAR, NEXT, "Kari", "Feil dato", NOW)
        assert (left.approved, left.missing) == (False, 2)
    with Session(database) as session:
        reasons = session.scalars(select(DecisionRow.reason).order_by(DecisionRow.id)).all()
    assert reasons[-1] == "2027-2028, godkjent av Kari, Ola: Feil dato"
    with Session(database) as session, pytest.raises(LedgerError, match="ikke godkjent av noen"):
        rollover.unapprove(session, CALENDAR, NEXT, "Kari", "Igjen", NOW)


def test_every_shifted_date_of_the_year_is_listed(database):
    published(database)
    listed = {
        line.occurrence.key: (line.occurrence.nominal, line.occurrence.due)
        for line in standing(database, cycle="2028-2029").shifted
    }
    assert listed == {
        "en-import/2028-2029/only/42": (date(2028, 10, 15), date(2028, 10, 13)),
    }


def test_an_open_question_is_shown_as_undecided(database):
    published(database)
    question = "undecided: {question: Når overføres OSMO?, decided_by: Udir, label: I}"
    asked = calendar_of(
        SMALL.replace("    name: En import\n", f"    name: En import\n    {question}\n")
    )
    [row] = standing(database, calendar=asked).undecided
    assert row.undecided.question == "Når overføres OSMO?"
    assert standing(database).undecided == ()


@pytest.mark.parametrize(
    ("days", "step"),
    [(91, None), (90, 90), (89, 90), (31, 90), (30, 30), (29, 30), (1, 30)],
)
def test_warnings_come_at_90_and_30_days(database, days, step):
    published(database)
    now = in_norway(FIRST_DAY - timedelta(days=days))
    assert warned(database, now) == ([(NEXT, step)] if step else [])


@pytest.mark.parametrize(
    ("days", "before", "after"), [(90, [], [(NEXT, 90)]), (30, [(NEXT, 90)], [(NEXT, 30)])]
)
def test_a_warning_begins_at_midnight_in_norway(database, days, before, after):
    published(database)
    midnight = in_norway(FIRST_DAY - timedelta(days=days), time())
    assert warned(database, midnight - timedelta(seconds=1)) == before
    assert warned(database, midnight) == after


def test_the_first_day_of_an_unapproved_year_warns_of_it_and_not_yet_of_the_next(database):
    published(database)
    midnight = in_norway(FIRST_DAY, time())
    assert warned(database, midnight - timedelta(seconds=1)) == [(NEXT, 30)]
    assert warned(database, midnight) == [(NEXT, 0)]
    assert "Det begynte 1. august 2027" in standing(database, midnight).sentence()


def test_an_approved_year_warns_of_nothing(database):
    published(database)
    approve(database, "Kari")
    approve(database, "Ola")
    assert warned(database, in_norway(FIRST_DAY - timedelta(days=30))) == []
    assert warned(database, in_norway(FIRST_DAY)) == []
