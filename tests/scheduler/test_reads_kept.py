"""Old reads go once a day, and only by a line that stays and tells how many and until when."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from scheduler import reads, reads_kept
from scheduler.daemon import Service, ticking
from scheduler.settings import Settings
from tests.scheduler.test_reads import NOW, disclosed, ledger, person

__all__ = ["ledger"]
LATER = NOW + timedelta(days=1)


def kept(database):
    with Session(database) as session:
        return [row.at for row in reads.found(session)]


def told(database):
    with Session(database) as session:
        return reads_kept.purges(session)


def test_reads_go_after_so_many_years_and_the_log_says_how_many_and_until_when(ledger):
    one = person(ledger)
    limit = datetime(2021, 10, 26, 22, tzinfo=UTC)  # midnight in Norway
    for at in (limit - timedelta(days=400), limit - timedelta(seconds=1), limit, NOW):
        disclosed(ledger, one, now=at)
    assert reads_kept.purge(ledger, 5, NOW) == 2
    assert kept(ledger) == [NOW, limit]
    assert told(ledger) == [reads_kept.Purged(2, date(2021, 10, 26), NOW)]


def test_nothing_old_gives_no_line_and_the_same_day_twice_one(ledger):
    one = person(ledger)
    disclosed(ledger, one)
    assert (reads_kept.purge(ledger, 5, NOW), told(ledger)) == (0, [])
    disclosed(ledger, one, now=datetime(2020, 1, 1, tzinfo=UTC))
    assert [reads_kept.purge(ledger, 5, NOW) for _ in range(2)] == [1, 0]
    disclosed(ledger, one, now=datetime(2020, 1, 2, tzinfo=UTC))
    assert reads_kept.purge(ledger, 5, NOW) == 0  # another node has written today's line
    assert reads_kept.purge(ledger, 5, LATER) == 1
    assert [line.removed for line in told(ledger)] == [1, 1]


@pytest.mark.parametrize(
    "deed",
    [
        "DELETE FROM person_read",
        "UPDATE person_read SET actor = 'en annen'",
        "DELETE FROM person_read_purge",
        "UPDATE person_read_purge SET removed = 0",
    ],
)
def test_the_database_lets_nothing_else_go_and_no_line_change(ledger, deed):
    one = person(ledger)
    disclosed(ledger, one, now=datetime(2020, 1, 1, tzinfo=UTC))
    reads_kept.purge(ledger, 5, NOW)
    disclosed(ledger, one)
    with pytest.raises(DBAPIError, match="only added to"), ledger.begin() as connection:
        connection.execute(text(deed))
    assert (kept(ledger), [line.removed for line in told(ledger)]) == ([NOW], [1])


def test_the_service_does_it_once_a_day(tmp_path):
    service = Service(Settings(data_dir=tmp_path, reads_kept_years=2))
    found = [job for job in ticking(service).get_jobs() if job.func == service.forget_reads]
    assert [job.trigger.interval for job in found] == [timedelta(days=1)]
    service.database.dispose()
