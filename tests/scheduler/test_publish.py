"""Publishing: a version, its changes and its notices come together, once, or not at all."""

import threading
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from scheduler.calendar.occurrence import NATIONAL
from scheduler.ledger import runs
from scheduler.ledger.history import versions
from scheduler.ledger.runs import LedgerError
from scheduler.ledger.state import Standing, State, status_of
from scheduler.ledger.tables import CalendarVersion, ChangeRow, OccurrenceRow
from scheduler.notify.tables import NoticeRow
from tests.scheduler.small import (
    DELIVERY,
    EARLIER,
    IMPORT,
    NOW,
    ONE_COUNTY,
    RENAMED,
    SMALL,
    WITHOUT,
    changes_in,
    published,
    row_of,
)

LATER = NOW + timedelta(days=1)


def number_of(database, table):
    with Session(database) as session:
        return session.scalar(select(func.count()).select_from(table))


def test_the_first_version_is_kept_and_announces_nothing(database):
    first = published(database)
    assert first.is_new
    assert {(c.kind, c.announced, c.before) for c in changes_in(database, first.number)} == {
        ("added", False, None)
    }
    assert first.notices == ()


def test_a_moved_date_is_one_version_its_changes_and_a_notice_for_each_county_and_role(database):
    published(database)
    second = published(database, EARLIER, LATER, "Kari Nordmann", "SSB ba om det")
    with Session(database) as session:
        [newest, _] = versions(session)
    assert (newest.by, newest.why, newest.changes) == ("Kari Nordmann", "SSB ba om det", 8)
    change = changes_in(database, second.number)[0]
    assert (change.occurrence_key, change.kind) == (f"{IMPORT}/42", "moved")
    assert (change.before["due"], change.after["due"]) == ("2026-10-15", "2026-10-08")
    assert (change.before["sequence"], change.after["sequence"]) == (0, 1)
    assert {(n.scope, n.role) for n in second.notices} == {
        ("42", "inntak"),
        ("46", "inntak"),
        (NATIONAL, "alle"),
    }


def test_one_county_s_date_is_told_to_no_other_county(database):
    published(database)
    told = published(database, ONE_COUNTY, LATER)
    assert {(n.scope, n.role) for n in told.notices} == {("46", "inntak"), (NATIONAL, "alle")}


def test_the_same_text_twice_is_nothing(database):
    first = published(database)
    again = published(database, now=LATER)
    assert (again.is_new, again.number, again.plan.changes) == (False, first.number, ())
    assert number_of(database, CalendarVersion) == 1


def test_a_comment_is_a_version_without_a_change(database):
    published(database)
    second = published(database, SMALL + "# en merknad\n", LATER)
    assert second.is_new
    assert second.plan.changes == ()
    assert second.notices == ()


def test_what_goes_and_comes_back_is_withdrawn_and_reinstated_under_the_same_key(database):
    published(database)
    gone = published(database, WITHOUT, LATER)
    back = published(database, SMALL, LATER + timedelta(days=1))
    assert {c.kind for c in changes_in(database, gone.number)} == {"withdrawn"}
    changes = changes_in(database, back.number)
    assert {(c.kind, c.before["withdrawn"], c.after["withdrawn"]) for c in changes} == {
        ("reinstated", True, False)
    }
    assert row_of(database, f"{DELIVERY}/46").outcome is None


def test_new_words_are_named_in_the_change(database):
    published(database)
    renamed = published(database, RENAMED, LATER)
    found = changes_in(database, renamed.number)
    assert {(c.kind, tuple(c.words), c.before["name"], c.after["name"]) for c in found} >= {
        ("reworded", ("name",), "En import", "Første import")
    }


@pytest.mark.parametrize("settle", [runs.waive, runs.report_nothing])
def test_what_is_settled_keeps_the_deadline_it_was_settled_under(database, settle):
    published(database)
    key = f"{IMPORT}/46"
    with Session(database) as session, session.begin():
        settle(session, key, "Kari", "Avtalt", NOW)
    published(database, EARLIER, LATER)
    row = row_of(database, key)
    assert (row.due, row.due_when_settled) == (date(2026, 10, 8), date(2026, 10, 15))
    assert row.outcome is not None
    published(database, WITHOUT.replace("  en-import:", "  annet:"), LATER + timedelta(days=1))
    assert row_of(database, key).outcome == row.outcome


def test_a_deadline_moved_to_before_a_delivery_does_not_make_it_late(database):
    published(database)
    delivered = NOW.replace(month=10, day=12)
    with Session(database) as session, session.begin():
        runs.settle(session.get_one(OccurrenceRow, f"{IMPORT}/46"), "done", delivered)
    published(database, EARLIER, delivered + timedelta(hours=1))
    row = row_of(database, f"{IMPORT}/46")
    standing = Standing(
        due=row.due,
        outcome=row.outcome,
        outcome_at=row.outcome_at,
        due_when_settled=row.due_when_settled,
        clock_when_settled=row.clock_when_settled,
    )
    assert status_of(standing, delivered, row.due).state is State.DONE
    late = Standing(due=row.due, outcome="done", outcome_at=row.outcome_at)
    assert status_of(late, delivered, row.due).state is State.DONE_LATE


def test_a_publication_over_another_than_the_one_seen_is_refused_whole(database):
    seen = published(database).number
    published(database, RENAMED, LATER, over=seen)
    with pytest.raises(LedgerError, match="se på forskjellen på nytt"):
        published(database, EARLIER, LATER, over=seen)
    assert number_of(database, CalendarVersion) == 2


@pytest.mark.parametrize("nobody", ["", "  ", "x" * 81, "Kari\x07"])
def test_nobody_cannot_publish(database, nobody):
    with pytest.raises(LedgerError, match="Skriv hvem"):
        published(database, by=nobody)
    assert number_of(database, ChangeRow) == 0


def test_a_name_is_one_line(database):
    published(database, by=" Kari\nBcc: alle ")
    with Session(database) as session:
        assert session.scalar(select(CalendarVersion.published_by)) == "Kari Bcc: alle"


def test_two_publications_at_once_take_turns_and_end_in_one_of_the_texts(database):
    published(database)
    texts = [EARLIER, ONE_COUNTY]
    together = threading.Barrier(len(texts))
    faults = []

    def one(text):
        together.wait()
        try:
            published(database, text, LATER)
        except Exception as fault:  # noqa: BLE001 - a thread's fault is the test's
            faults.append(fault)

    threads = [threading.Thread(target=one, args=(text,)) for text in texts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    with Session(database) as session:
        texts_in_order = session.scalars(
            select(CalendarVersion.text).order_by(CalendarVersion.number)
        ).all()
    assert sorted(texts_in_order[1:]) == sorted(texts)
    expected = {EARLIER: date(2026, 10, 8), ONE_COUNTY: date(2026, 10, 12)}[texts_in_order[-1]]
    assert row_of(database, f"{IMPORT}/46").due == expected


def test_notices_that_cannot_be_written_undo_the_version(database):
    published(database)
    NoticeRow.__table__.drop(database)
    with pytest.raises(DatabaseError):
        published(database, EARLIER, LATER)
    assert number_of(database, CalendarVersion) == 1
    assert row_of(database, f"{IMPORT}/46").due == date(2026, 10, 15)
