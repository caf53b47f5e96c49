"""The version in use wins over a calendar.yaml that is older, on every node and at every start."""

import pytest
from click.testing import CliRunner
from sqlalchemy.orm import Session

from scheduler.calendar import parse_calendar
from scheduler.cli import cli
from scheduler.daemon import Service
from scheduler.ledger.database import open_database, reading
from scheduler.ledger.health import health
from scheduler.ledger.history import versions
from scheduler.ledger.read import version_in_use
from scheduler.publishing.publish import publish
from scheduler.settings import read_settings, settings
from scheduler.simulate.clock import LedClock
from tests.planned import calendar_in
from tests.scheduler.small import EARLIER, RENAMED, SMALL
from tests.scheduler.test_tick import NOW

LATER = SMALL + "# en merknad\n"


@pytest.fixture
def calendar(tmp_path):
    return calendar_in(tmp_path, SMALL)


@pytest.fixture
def service(tmp_path, calendar):
    chosen = read_settings(data_dir=tmp_path / "var", database_url="", calendar=calendar)
    with Service(chosen, LedClock(NOW)) as running:
        running.tick()
        yield running


def publish_elsewhere(service, text=EARLIER):
    """What another node, or the site, does: this node's file is not written."""
    with Session(service.database) as session, session.begin():
        publish(session, parse_calendar(text, "calendar.yaml"), text, "Kari", "Avtalt", NOW)


def restart(service):
    """A process that starts knows nothing of what was there before."""
    ticker = service.ticker
    ticker.calendar, ticker._seen, ticker._version, ticker._is_old = None, None, None, False
    ticker._cycles = None


def text_in_use(service):
    with reading(service.database) as session:
        return version_in_use(session)


def waiting(service):
    with reading(service.database) as session:
        return " ".join(health(session, NOW).calendar_waiting)


def test_a_start_with_an_older_file_goes_on_with_the_version_in_use(service):
    publish_elsewhere(service)
    restart(service)
    service.tick()
    assert text_in_use(service) == EARLIER
    assert "eldre utgave enn versjon 2, som er i bruk" in waiting(service)
    assert "calendar fetch" in waiting(service)


def test_a_node_that_goes_keeps_off_what_another_published(service):
    publish_elsewhere(service)
    service.tick()
    service.tick()
    assert text_in_use(service) == EARLIER
    assert "eldre utgave" in waiting(service)


def test_what_is_saved_on_top_of_an_older_file_waits_for_a_person(service, calendar):
    publish_elsewhere(service)
    service.tick()
    calendar.write_text(LATER, encoding="utf-8")
    service.tick()
    assert text_in_use(service) == EARLIER
    assert "eldre utgave" in waiting(service)


def test_what_is_saved_while_another_publishes_waits_for_a_person(service, calendar):
    publish_elsewhere(service)
    calendar.write_text(LATER, encoding="utf-8")
    service.tick()
    assert text_in_use(service) == EARLIER


def test_a_file_that_cannot_be_read_for_a_while_is_still_old_afterwards(service, calendar):
    publish_elsewhere(service)
    service.tick()
    calendar.unlink()
    service.tick()
    calendar.write_text(LATER, encoding="utf-8")
    service.tick()
    assert text_in_use(service) == EARLIER


def test_a_file_that_was_brought_up_is_published_when_it_is_saved_again(service, calendar):
    publish_elsewhere(service)
    service.tick()
    calendar.write_text(EARLIER, encoding="utf-8")
    service.tick()
    assert waiting(service) == ""
    calendar.write_text(RENAMED, encoding="utf-8")
    service.tick()
    assert text_in_use(service) == RENAMED


def test_a_file_that_is_turned_back_while_it_is_watched_is_published(service, calendar):
    """Somebody saved it now, and knew what was in use."""
    calendar.write_text(EARLIER, encoding="utf-8")
    service.tick()
    calendar.write_text(SMALL, encoding="utf-8")
    service.tick()
    with reading(service.database) as session:
        assert [version.number for version in versions(session)] == [3, 2, 1]
    assert text_in_use(service) == SMALL


def test_an_edit_that_nobody_has_published_is_published_at_the_start(service, calendar):
    calendar.write_text(RENAMED, encoding="utf-8")
    restart(service)
    service.tick()
    assert text_in_use(service) == RENAMED


@pytest.fixture
def file(tmp_path, monkeypatch):
    """calendar.yaml of a service whose second version was published elsewhere."""
    path = calendar_in(tmp_path, SMALL)
    monkeypatch.setenv("AARSHJUL_DATA_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("AARSHJUL_CALENDAR", str(path))
    settings.cache_clear()
    assert CliRunner().invoke(cli, ["plan", "--actor", "Kari"]).exit_code == 0
    database = open_database(settings().ledger_url)
    with Session(database) as session, session.begin():
        publish(session, parse_calendar(EARLIER, "calendar.yaml"), EARLIER, "Kari", "", NOW)
    database.dispose()
    yield path
    settings.cache_clear()


def fetch(expect=0):
    result = CliRunner().invoke(cli, ["calendar", "fetch"])
    assert result.exit_code == expect, result.output
    return result.output


def test_planning_does_not_take_an_older_file_into_use(file):
    refused = CliRunner().invoke(cli, ["plan"])
    assert refused.exit_code == 1
    assert "eldre utgave enn versjon 2" in refused.output


def test_the_version_in_use_is_fetched_as_the_file_was_written(file):
    file.write_bytes(b"\xef\xbb\xbf" + SMALL.replace("\n", "\r\n").encode())
    file.chmod(0o664)
    assert "calendar.yaml er nå versjon 2." in fetch()
    assert file.read_bytes() == b"\xef\xbb\xbf" + EARLIER.replace("\n", "\r\n").encode()
    assert file.stat().st_mode & 0o777 == 0o664
    assert "Ingenting å hente" in fetch()
    assert [path.name for path in file.parent.iterdir()].count("calendar.yaml") == 1


def test_a_file_that_is_gone_is_written_and_an_edited_one_is_not(file):
    file.unlink()
    fetch()
    assert file.read_text(encoding="utf-8") == EARLIER
    file.write_text(RENAMED, encoding="utf-8")
    assert "aldri er publisert" in fetch(expect=1)
    assert file.read_text(encoding="utf-8") == RENAMED


def test_a_file_that_cannot_be_written_is_said(file):
    file.unlink()
    file.symlink_to(file.parent / "finnes-ikke" / "calendar.yaml")
    assert "kunne ikke skrives" in fetch(expect=1)
