"""The publisher: it sees for itself that something changed, and serialises only that."""

import shutil
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.access import feed_tokens
from scheduler.calendar import parse_calendar
from scheduler.engine.feed_publisher import FeedPublisher
from scheduler.feeds import icalendar
from scheduler.feeds.building import feeds_stamp
from scheduler.ledger import runs
from scheduler.ledger.planner import plan
from scheduler.ledger.tables import OccurrenceRow
from tests.planned import CALENDAR, FEW, NOW, in_row, settings_in
from tests.published import copied, ledger_in
from tests.scheduler.calendar.right import RIGHT

AT = datetime(2026, 11, 24, 9, tzinfo=UTC)
KEY = "stat-ssbelev-l1/2026-2027/first/46"
RENAMED = in_row(CALENDAR, "inn-2inntak", "name: Andreinntak", "name: Andre inntak")


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    folder = tmp_path_factory.mktemp("published")
    ledger_in(folder).dispose()
    return folder


@pytest.fixture
def publisher(published, tmp_path):
    database = copied(published, tmp_path)
    publisher = FeedPublisher(settings_in(tmp_path), database)
    publisher.publish_if_stale()
    yield publisher
    database.dispose()


def take_into_use(engine, text, now):
    with Session(engine) as session, session.begin():
        plan(session, parse_calendar(text, "calendar.yaml"), text, now)


def written(publisher):
    folder = publisher.settings.feed_dir
    return {path.name: path.stat().st_ino for path in folder.glob("*") if path.suffix != ".gz"}


def changed_by(publisher, deed):
    """The files that a round writes anew after a deed in the ledger."""
    before = written(publisher)
    with Session(publisher.database) as session, session.begin():
        deed(session)
    publisher.publish_if_stale()
    after = written(publisher)
    return {name for name in after if after[name] != before.get(name)}


def test_the_first_round_publishes_without_being_told(published, tmp_path):
    database = copied(published, tmp_path)
    shutil.rmtree(tmp_path / "feeds")
    publisher = FeedPublisher(settings_in(tmp_path), database)
    publisher.publish_if_stale()
    database.dispose()
    assert {"46.ics", "alle.ics", "hendelser.json", "adresser.json"} <= written(publisher).keys()
    assert publisher.fault == ""


def test_a_round_without_news_writes_nothing(publisher):
    assert changed_by(publisher, lambda _: None) == set()


def test_an_outcome_reaches_the_tasks_in_the_next_round_and_so_does_its_undoing(publisher):
    waive = changed_by(publisher, lambda s: runs.waive(s, KEY, "kari", "Ingen elever.", AT))
    assert waive == {"oppgaver.json"}
    later = AT + timedelta(hours=1)
    undo = changed_by(publisher, lambda s: runs.unwaive(s, KEY, "kari", "Feil.", later))
    assert undo == {"oppgaver.json"}


def test_a_token_reaches_the_site_in_the_next_round_and_so_does_its_end(publisher):
    made = changed_by(publisher, lambda s: feed_tokens.create(s, "OT", {}, "kari", AT))
    assert made == {"adresser.json"}
    ended = changed_by(publisher, lambda s: feed_tokens.revoke(s, "OT", "kari", AT))
    assert ended == {"adresser.json"}


def test_what_another_node_planned_is_published_here_too(publisher):
    take_into_use(publisher.database, RENAMED, AT)
    publisher.publish_if_stale()
    assert "Andre inntak" in (publisher.settings.feed_dir / "46.ics").read_text(encoding="utf-8")


def test_one_change_serialises_only_its_own_events_again(publisher):
    icalendar.event_text.cache_clear()
    publisher.mark_stale()
    publisher.publish_if_stale()
    built = icalendar.event_text.cache_info().misses
    assert built > 1000
    take_into_use(publisher.database, RENAMED, AT)
    publisher.mark_stale()
    publisher.publish_if_stale()
    # Two school years, in each county's own files and once for all.
    assert icalendar.event_text.cache_info().misses - built == 2 * (len(FEW) + 1)


def test_a_disk_that_refuses_is_told_and_tried_again(publisher):
    target = publisher.settings.feed_dir / "adresser.json.gz"
    target.unlink()
    target.mkdir()  # a rename over a folder fails, like a full disk would
    changed_by(publisher, lambda s: feed_tokens.create(s, "OT", {}, "kari", AT))
    assert "de forrige gjelder" in publisher.fault
    target.rmdir()
    assert "adresser.json" in changed_by(publisher, lambda _: None)
    assert publisher.fault == ""


def stamp_after(engine, deed):
    with Session(engine) as session, session.begin():
        deed(session)
        session.flush()
        return feeds_stamp(session)


def test_the_stamp_differs_after_whatever_a_reader_could_see(database):
    small = RIGHT.replace("name: En import\n", "name: En annen import\n", 1)
    calendar = parse_calendar(RIGHT, "calendar.yaml")
    stamps = [stamp_after(database, lambda s: plan(s, calendar, RIGHT, NOW))]
    with Session(database) as session:
        key = session.scalars(select(OccurrenceRow.key)).first()
    deeds = (
        lambda s: runs.waive(s, key, "kari", "Ingen elever.", NOW),
        lambda s: runs.unwaive(s, key, "kari", "Feil.", NOW),
        lambda s: plan(s, parse_calendar(small, "calendar.yaml"), small, AT),
        lambda s: feed_tokens.create(s, "OT", {}, "kari", AT),
        lambda s: feed_tokens.revoke(s, "OT", "kari", AT),
    )
    stamps += [stamp_after(database, deed) for deed in deeds]
    assert len(set(stamps)) == len(stamps)
    assert stamp_after(database, lambda _: None) == stamps[-1]


def test_before_the_first_plan_nothing_is_written(database, tmp_path):
    publisher = FeedPublisher(settings_in(tmp_path), database)
    publisher.publish_if_stale()
    assert list(publisher.settings.feed_dir.iterdir()) == []
