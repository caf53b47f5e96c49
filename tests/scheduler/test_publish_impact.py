"""What is foretold of an edit is exactly what publishing it does (M6)."""

from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from scheduler.feeds.building import build_feeds
from scheduler.ledger import runs
from scheduler.ledger.database import open_database
from scheduler.ledger.tables import LedgerBase, OccurrenceRow
from scheduler.publishing.impact import blast_radius
from tests.feed import changed_between
from tests.planned import CALENDAR, in_row, settings_in
from tests.scheduler.small import (
    DELIVERY,
    EARLIER,
    IMPORT,
    NOW,
    ONE_COUNTY,
    RENAMED,
    SMALL,
    WITHOUT,
    calendar_of,
    published,
)

LATER = NOW + timedelta(days=1)
TEXTS = (SMALL, EARLIER, ONE_COUNTY, RENAMED, WITHOUT)


def foretold(engine, text, now=LATER):
    with Session(engine) as session:
        return blast_radius(session, calendar_of(text), now)


def feeds_of(engine, config, text):
    with Session(engine) as session:
        return build_feeds(session, calendar_of(text), config)


def events_changed(before, after, counties):
    """Occurrence keys of the events that are other bytes in the counties' own feeds."""
    uids = {
        uid
        for county in counties
        for uid in changed_between(before[f"{county}.ics"], after[f"{county}.ics"])
    }
    return {uid.decode().replace("\r\n ", "") for uid in uids}


def uid_of(key):
    return f"frist-{key.replace('/', '-')}@aarshjul"


def agree(engine, config, steps):
    """Walk through the texts; at each, what was foretold is what came."""
    last = steps[0]
    published(engine, last)
    for day, text in enumerate(steps[1:], start=1):
        now = NOW + timedelta(days=day)
        before, impact = feeds_of(engine, config, last), foretold(engine, text, now)
        done = published(engine, text, now)
        after = feeds_of(engine, config, text)
        written = {(c.occurrence_key, c.kind, tuple(c.words)) for c in done.plan.changes}
        assert written == {(c.key, c.kind.value, c.words) for c in impact.changes}
        assert {(n.scope, n.role) for n in done.notices} == impact.notices
        changed = events_changed(before, after, calendar_of(text).counties)
        assert changed == {uid_of(key) for key in impact.feed_items}
        last = text


@settings(max_examples=15)
@given(st.lists(st.sampled_from(TEXTS), min_size=2, max_size=5))
def test_publishing_does_what_was_foretold(steps):
    with TemporaryDirectory() as folder:
        config = settings_in(Path(folder))
        engine = open_database(config.ledger_url)
        LedgerBase.metadata.create_all(engine)
        try:
            agree(engine, config, steps)
        finally:
            engine.dispose()


def test_an_edit_of_the_real_calendar_does_what_was_foretold(tmp_path):
    config = settings_in(tmp_path)
    engine = open_database(config.ledger_url)
    LedgerBase.metadata.create_all(engine)
    text = in_row(CALENDAR, "stat-ssbelev-l1", "date: 24. oktober", "date: 22. oktober")
    agree(engine, config, [CALENDAR, text])
    engine.dispose()


def test_looking_changes_nothing(database):
    published(database)
    foretold(database, EARLIER)
    assert foretold(database, SMALL).changes == ()


def test_a_moved_rule_gives_other_reminders_and_less_slack(database):
    published(database)
    impact = foretold(database, EARLIER)
    assert impact.headline == "fire frister flyttes, to fylker berøres"
    assert impact.counties == ("42", "46")
    assert set(impact.reminders) >= {f"{IMPORT}/42", f"{DELIVERY}/46"}
    assert impact.slack_before.after.deliverable == "en-levering"


def test_new_words_remind_nobody_and_start_nothing_anew(database):
    published(database)
    impact = foretold(database, RENAMED)
    assert impact.told
    assert (impact.reminders, impact.runs) == ((), ())


@pytest.mark.parametrize("job", ["", "    job: deliver-ssbelev\n"])
def test_only_a_row_with_a_job_starts_at_another_time(database, job):
    def with_job(text):
        return text.replace("    name: En levering\n", f"    name: En levering\n{job}", 1)

    published(database, with_job(SMALL))
    runs_of = foretold(database, with_job(EARLIER)).runs
    assert bool(runs_of) is bool(job)
    assert all(key.startswith("en-levering/") for key in runs_of)


def test_what_is_done_is_moved_for_readers_and_asks_nobody_for_anything(database):
    published(database)
    key = f"{IMPORT}/46"
    with Session(database) as session, session.begin():
        runs.settle(session.get_one(OccurrenceRow, key), "done", NOW)
    impact = foretold(database, EARLIER)
    assert key in impact.feed_items
    assert key not in impact.reminders


def test_a_calendar_without_a_difference_is_said_in_words(database):
    published(database)
    assert foretold(database, SMALL + "# merknad\n").headline == "ingen frister endres"
