"""The tick: a broken calendar never stops the work, a broken disk never stops the tick."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.calendar import parse_calendar
from scheduler.daemon import Service
from scheduler.ledger import runs
from scheduler.ledger.database import reading
from scheduler.ledger.health import health
from scheduler.ledger.history import versions
from scheduler.ledger.tables import CalendarVersion, NodeRow, OccurrenceRow
from scheduler.publishing.publish import publish
from scheduler.publishing.rollover import approve
from scheduler.settings import read_settings
from scheduler.simulate.clock import LedClock
from tests.planned import calendar_in

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
KEY = "stat-ssbelev-l1/2026-2027/first/46"


@pytest.fixture
def calendar(tmp_path):
    """A calendar.yaml that a test may edit."""
    return calendar_in(tmp_path)


@pytest.fixture
def service(tmp_path, calendar):
    settings = read_settings(data_dir=tmp_path / "var", database_url="", calendar=calendar)
    with Service(settings, LedClock(NOW)) as running:
        yield running


def nominal_day(service):
    with reading(service.database) as session:
        return session.get_one(OccurrenceRow, KEY).nominal.day


def edit(calendar, old, new):
    text = calendar.read_text(encoding="utf-8")
    start = text.index("  stat-ssbelev-l1:")
    calendar.write_text(text[:start] + text[start:].replace(old, new, 1), encoding="utf-8")


def test_a_changed_date_is_on_the_next_tick_in_ledger_and_feed(service, calendar):
    service.tick()
    service.publish_feeds()
    edit(calendar, "date: 24. oktober", "date: 20. oktober")
    service.clock.now += timedelta(seconds=15)
    service.tick()
    service.publish_feeds()
    assert nominal_day(service) == 20
    feed = (service.settings.feed_dir / "46.ics").read_text(encoding="utf-8")
    event = feed[feed.index("UID:frist-stat-ssbelev-l1-2026-2027-first-46") :]
    assert "DTSTART;VALUE=DATE:20261020" in event[: event.index("END:VEVENT")]


def test_a_broken_edit_is_reported_and_the_dates_hold(service, calendar):
    service.tick()
    edit(calendar, "date: 24. oktober", "date: 31. februar")
    service.tick()
    assert nominal_day(service) == 24
    with reading(service.database) as session:
        [fault] = health(session, NOW).calendar_faults
    assert "31. februar" in fault
    edit(calendar, "date: 31. februar", "date: 20. oktober")
    service.tick()
    assert nominal_day(service) == 20
    with reading(service.database) as session:
        assert health(session, NOW).calendar_faults == ()


def test_a_start_with_a_broken_calendar_goes_on_with_the_version_in_use(service, calendar):
    service.tick()
    edit(calendar, "date: 24. oktober", "date: 31. februar")
    service.ticker.calendar, service.ticker._seen = None, None
    service.tick()
    assert service.ticker.calendar is not None
    assert "31. februar" in service.ticker.calendar_fault
    assert nominal_day(service) == 24


def test_a_missing_calendar_at_the_first_start_is_a_fault_and_no_crash(service, calendar):
    calendar.unlink()
    service.tick()
    with Session(service.database) as session:
        assert "kan ikke leses" in session.scalar(select(NodeRow.calendar_fault))
        assert session.scalar(select(CalendarVersion)) is None


def test_feeds_that_cannot_be_written_are_told_and_written_when_they_can(service):
    service.settings.feed_dir.parent.mkdir(parents=True, exist_ok=True)
    service.settings.feed_dir.write_text("in the way", encoding="utf-8")
    service.tick()
    service.publish_feeds()
    assert "de forrige gjelder" in service.feeds.fault
    service.tick()
    service.settings.feed_dir.unlink()
    service.publish_feeds()
    assert service.feeds.fault == ""
    assert (service.settings.feed_dir / "46.ics").exists()


def test_a_year_goes_over_into_the_next_without_a_restart(service):
    service.tick()
    service.clock.now = datetime(2027, 8, 1, 6, 0, tzinfo=UTC)
    service.tick()
    with reading(service.database) as session:
        assert session.get(OccurrenceRow, "stat-ssbelev-l1/2028-2029/first/46") is not None


@pytest.fixture
def guarded(tmp_path, calendar):
    """A service that publishes nothing by itself but the first calendar."""
    settings = read_settings(
        data_dir=tmp_path / "var", database_url="", calendar=calendar, publish="by-command"
    )
    with Service(settings, LedClock(NOW)) as running:
        yield running


def health_of(service):
    with reading(service.database) as session:
        return health(session, NOW)


def publish_from_the_command_line(service, calendar):
    """What another process does: it shares the database and nothing else."""
    text = calendar.read_text(encoding="utf-8")
    with Session(service.database) as session, session.begin():
        publish(session, parse_calendar(text, "calendar.yaml"), text, "Kari", "Avtalt", NOW)


def test_a_saved_file_is_published_under_its_own_name(service, calendar):
    service.tick()
    edit(calendar, "date: 24. oktober", "date: 20. oktober")
    service.tick()
    with reading(service.database) as session:
        assert [(v.by, v.why) for v in versions(session)] == [("calendar.yaml", "")] * 2


def test_a_change_waits_for_the_command_and_is_taken_over_from_it(guarded, calendar):
    guarded.tick()
    guarded.publish_feeds()
    edit(calendar, "date: 24. oktober", "date: 20. oktober")
    guarded.tick()
    assert nominal_day(guarded) == 24
    [waiting] = health_of(guarded).calendar_waiting
    assert "fire fylker berøres" in waiting
    publish_from_the_command_line(guarded, calendar)
    guarded.tick()
    guarded.publish_feeds()
    assert nominal_day(guarded) == 20
    assert health_of(guarded).calendar_waiting == ()
    feed = (guarded.settings.feed_dir / "46.ics").read_text(encoding="utf-8")
    event = feed[feed.index("UID:frist-stat-ssbelev-l1-2026-2027-first-46") :]
    assert "DTSTART;VALUE=DATE:20261020" in event[: event.index("END:VEVENT")]


def test_a_change_that_waits_still_waits_after_a_restart(guarded, calendar):
    guarded.tick()
    edit(calendar, "date: 24. oktober", "date: 20. oktober")
    guarded.ticker.calendar, guarded.ticker._seen, guarded.ticker._version = None, None, None
    guarded.tick()
    assert nominal_day(guarded) == 24
    assert guarded.ticker.calendar is not None
    assert health_of(guarded).calendar_waiting != ()


def test_a_change_taken_back_no_longer_waits(guarded, calendar):
    guarded.tick()
    edit(calendar, "date: 24. oktober", "date: 20. oktober")
    guarded.tick()
    edit(calendar, "date: 20. oktober", "date: 24. oktober")
    guarded.tick()
    assert health_of(guarded).calendar_waiting == ()


def test_too_few_working_days_are_never_published(service, calendar):
    service.tick()
    text = calendar.read_text(encoding="utf-8")
    start = text.index("  skole-off-telling-okt:")
    late = text[:start] + text[start:].replace("date: 15. oktober", "date: 23. oktober", 1)
    assert late != text
    calendar.write_text(late, encoding="utf-8")
    service.tick()
    assert service.ticker.calendar_fault != ""
    with reading(service.database) as session:
        assert len(versions(session)) == 1


def test_nothing_starts_in_a_year_that_is_not_approved(service):
    service.tick()
    service.clock.now = due_day = datetime(2027, 10, 29, 8, 0, tzinfo=UTC)
    service.tick()
    for before in ("skole-off-telling-okt", "skole-priv-telling-okt"):
        meet(service, before)
    assert service.ticker.tick(due_day) == []
    with reading(service.database) as session:
        found = health(session, due_day)
    assert found.cycle_waiting == (
        "Skoleåret 2027-2028 er ikke godkjent: ingenting starter av seg selv.",
    )
    for actor in ("Kari", "Ola"):
        with Session(service.database) as session, session.begin():
            approve(session, service.ticker.calendar, "2027-2028", actor, due_day)
    assert "stat-ssbelev-l1/2027-2028/first/46" in {s.key for s in service.ticker.tick(due_day)}
    with reading(service.database) as session:
        assert health(session, due_day).cycle_waiting == ()


def meet(service, deliverable):
    """Waive every occurrence of a row in 2027-2028, so that nothing waits for it."""
    with Session(service.database) as session, session.begin():
        query = select(OccurrenceRow).where(
            OccurrenceRow.deliverable == deliverable, OccurrenceRow.cycle == "2027-2028"
        )
        for row in session.scalars(query):
            runs.settle(row, "waived", service.clock())


def test_a_database_elsewhere_and_a_data_folder_that_is_not_there_are_both_made(tmp_path, calendar):
    elsewhere = tmp_path / "other" / "ledger.db"
    settings = read_settings(
        data_dir=tmp_path / "gone" / "var", database_url=f"sqlite:///{elsewhere}", calendar=calendar
    )
    with Service(settings, LedClock(NOW)):
        assert elsewhere.exists()
        assert (settings.data_dir / "engine.db").exists()


def test_a_database_that_cannot_be_opened_is_told_in_one_line(tmp_path, run, monkeypatch):
    monkeypatch.setenv("AARSHJUL_DATABASE_URL", f"sqlite:///{tmp_path}")
    answer = run("scheduler")
    assert answer.exit_code == 1
    assert f"Databasen sqlite:///{tmp_path} kan ikke åpnes" in answer.stderr
    assert len(answer.stderr.splitlines()) == 1
