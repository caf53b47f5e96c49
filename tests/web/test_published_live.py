"""The site publishes beside a scheduler that publishes what is saved: the file and the database agree."""

import pytest

from scheduler.access.roles import Role
from scheduler.daemon import Service
from scheduler.ledger.database import reading
from scheduler.ledger.health import health
from scheduler.settings import read_settings
from scheduler.simulate.clock import LedClock
from tests.planned import calendar_in
from tests.web import seed
from tests.web.people import signed_in
from tests.web.proposing import CALENDAR, NEW, in_use, propose, publish


@pytest.fixture
def config(tmp_path):
    return read_settings(
        data_dir=tmp_path / "var", database_url="", calendar=calendar_in(tmp_path, CALENDAR)
    )


@pytest.fixture
def service(config):
    with Service(config, LedClock(seed.NOW)) as running:
        running.tick()
        yield running


@pytest.fixture
def administrators(config, service):
    app = seed.create_site(config)
    names = ("Kari", "Ola")
    yield [
        signed_in(app.test_client(), service.database, Role.ADMINISTRATOR, name=n) for n in names
    ]
    app.extensions["aarshjul"].engine.dispose()


def test_ticks_and_restarts_leave_what_the_site_published(config, service, administrators):
    first, second = administrators
    assert propose(first, service.database).status_code == 303
    assert publish(second, service.database).status_code == 303
    service.tick()
    ticker = service.ticker
    ticker.calendar, ticker._seen, ticker._version, ticker._cycles = None, None, None, None
    service.tick()
    version = in_use(service.database)
    assert (version.number, version.published_by) == (2, "Ola")
    assert NEW in version.text
    assert config.calendar.read_text(encoding="utf-8") == version.text
    with reading(service.database) as session:
        found = health(session, seed.NOW)
    assert (found.calendar_waiting, found.calendar_faults) == ((), ())
    config.calendar.write_text(version.text + "# en merknad\n", encoding="utf-8")
    service.tick()
    assert in_use(service.database).number == 3
