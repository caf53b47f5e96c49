"""Several counties' files at the same moment: every import ends done, on both databases."""

from datetime import UTC, datetime

from sqlalchemy import select

from scheduler.daemon import Service
from scheduler.ledger.database import reading
from scheduler.ledger.tables import RunRow
from scheduler.settings import read_settings
from tests.scheduler import live

COUNTIES = ("03", "11", "46", "50")


def test_counties_that_arrive_together_do_not_disturb_each_other(empty_database_url, tmp_path):
    settings = read_settings(
        data_dir=tmp_path,
        database_url=empty_database_url,
        calendar=live.open_all_year(tmp_path, *COUNTIES),
    )
    for county in COUNTIES:
        live.put_in_inbox(settings, county, "small")
    with Service(settings, lambda: datetime.now(UTC)) as service:
        service.tick()
        live.wait_until(lambda: set(states(service)) <= {"done", "failed", "refused"})
        assert states(service) == ["done"] * len(COUNTIES)


def states(service):
    with reading(service.database) as session:
        return list(session.scalars(select(RunRow.state)))
