"""The log of reads: written before anybody is named, never changed, and asked by person and by account."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from jobs.register.people import Person, PersonMerge
from jobs.register.schools import sync_schools
from jobs.register.tables import Delivery
from scheduler import reads
from scheduler.access import accounts
from scheduler.access.tables import PersonReadRow
from scheduler.ledger.database import open_database
from scheduler.reads import Page, Purpose, Reader
from scheduler.schema import upgrade
from tests.jobs.ot.people import put

NOW = datetime(2026, 10, 27, 9, tzinfo=UTC)


@pytest.fixture
def ledger(empty_database_url):
    """A migrated database with an account."""
    database = open_database(empty_database_url)
    upgrade(database)
    with Session(database) as session, session.begin():
        sync_schools(session)
        accounts.add(session, "OT Vestland", "et langt nok passord", "test", NOW)
    yield database
    database.dispose()


def reader(session, name="OT Vestland"):
    return Reader(accounts.named(session, name).id, name, "46", Purpose.CONTACT)


def disclosed(database, *ids, now=NOW):
    with Session(database) as session, session.begin():
        return reads.disclose(session, reader(session), Page.COMING, ids, now)


def person(database, **who):
    with Session(database) as session, session.begin():
        return put(session, **who)


def test_whoever_is_named_is_written_down_and_the_number_is_masked(ledger):
    one, other = person(ledger, fodt=date(2009, 3, 4), navn="Prøve, En"), person(ledger)
    known = disclosed(ledger, one, other, one)
    assert (known[one].name, known[one].born) == ("Prøve, En", date(2009, 3, 4))
    assert known[one].number == "048309*****"
    with Session(ledger) as session:
        rows = reads.found(session)
        assert {row.person_id for row in rows} == {one, other}
        assert len(rows) == 2
        for row in rows:
            assert (row.actor, row.county, row.page, row.purpose, row.at) == (
                "OT Vestland",
                "46",
                "inn",
                "kontakt",
                NOW,
            )


def test_what_is_rolled_back_named_nobody(ledger):
    one = person(ledger)
    with Session(ledger) as session:
        reads.disclose(session, reader(session), Page.PERSON, [one], NOW)
        session.rollback()
        assert session.scalar(select(func.count()).select_from(PersonReadRow)) == 0


@pytest.mark.parametrize(
    "deed", ["UPDATE person_read SET actor = 'en annen'", "DELETE FROM person_read"]
)
def test_the_database_refuses_to_change_or_remove_a_row(ledger, deed):
    disclosed(ledger, person(ledger))
    with pytest.raises(DBAPIError, match="only added to"), ledger.begin() as connection:
        connection.execute(text(deed))
    with Session(ledger) as session:
        assert [row.actor for row in reads.found(session)] == ["OT Vestland"]


def test_the_log_answers_by_person_by_account_and_newest_first(ledger):
    one, other = person(ledger), person(ledger)
    disclosed(ledger, one)
    disclosed(ledger, one, other, now=NOW + timedelta(hours=1))
    with Session(ledger) as session:
        assert [row.at for row in reads.found(session, person=one)] == [
            NOW + timedelta(hours=1),
            NOW,
        ]
        assert len(reads.found(session, actor="OT Vestland")) == 3
        assert reads.found(session, actor="en annen") == []
        assert [row.person_id for row in reads.found(session, limit=1, offset=2)] == [one]


def test_who_turns_out_to_be_the_same_person_takes_the_reads_along(ledger):
    gone, kept = person(ledger), person(ledger)
    disclosed(ledger, gone)
    with Session(ledger) as session, session.begin():
        session.add(
            Delivery(
                id=1,
                sha256="0" * 64,
                sender="national",
                deliverable="reg-nummerendring",
                file_name="f",
                archived_as="a",
                bytes=1,
                received_at=NOW,
                state="loaded",
            )
        )
        session.flush()
        session.add(
            PersonMerge(kept_id=kept, gone_id=gone, delivery_id=1, actor="Kari", why="lik", at=NOW)
        )
        assert len(reads.found(session, person=kept)) == 1
        assert session.get_one(Person, gone).id == gone
