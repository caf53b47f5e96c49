"""Building: every file of the feeds from the ledger and the calendar.

The bytes follow from what is stored alone: equal data are equal bytes, whoever builds and when.
"""

import json
from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache

from sqlalchemy import func, select
from sqlalchemy.orm import Session, defer

from scheduler.access import feed_tokens
from scheduler.access.actors import read_actors
from scheduler.access.tables import ApiKeyRow, FeedTokenRow, GrantRow
from scheduler.calendar import Calendar, CalendarError, Deliverable, parse_calendar
from scheduler.feeds.changes import FeedChange, change_id, change_text, feed_changes
from scheduler.feeds.events import Composer, FeedEvent
from scheduler.feeds.files import CHANGES, EVENTS, RECORDS, TASKS, TOKENS
from scheduler.feeds.icalendar import calendar_file, event_text, task_text
from scheduler.feeds.places import Place, places_of
from scheduler.feeds.records import record_of
from scheduler.feeds.selection import SHARED, Selection, names_of
from scheduler.feeds.shelf import Entry, Shelf
from scheduler.feeds.tasks import Decided, task_of
from scheduler.ledger.tables import CalendarVersion, ChangeRow, DecisionRow, OccurrenceRow
from scheduler.settings import Settings

# Decisions that set an outcome or take it back.
_OUTCOME_ACTIONS = ("waive", "unwaive", "nothing")
_NEWEST_CHANGES = 5000


def feeds_stamp(session: Session) -> tuple[object, ...]:
    """Something that differs whenever a file may differ, found without building anything."""
    return (
        session.scalar(select(func.max(CalendarVersion.number))),
        session.scalar(select(func.max(ChangeRow.id))),
        session.scalar(select(func.max(DecisionRow.id))),
        *session.execute(
            select(
                func.count(OccurrenceRow.key),
                func.max(OccurrenceRow.changed_at),
                func.count(OccurrenceRow.outcome),
                func.max(OccurrenceRow.outcome_at),
            )
        ).one(),
        *session.execute(
            select(func.count(FeedTokenRow.sha256), func.count(FeedTokenRow.revoked_at))
        ).one(),
        # What those who published are called follows their roles.
        session.scalar(select(func.max(GrantRow.id))),
        session.scalar(select(func.count(ApiKeyRow.sha256))),
    )


def build_feeds(session: Session, calendar: Calendar, settings: Settings) -> dict[str, bytes]:
    """File name -> content; nothing before the first plan."""
    newest = select(CalendarVersion.in_use_since).order_by(CalendarVersion.number.desc())
    since = session.scalar(newest.limit(1))
    if since is None:
        return {}
    planned = list(session.scalars(select(OccurrenceRow).order_by(OccurrenceRow.key)))
    known = _deliverables(session, calendar, {row.deliverable for row in planned})
    composer = Composer(calendar, known, settings)
    places = places_of((row for row in planned if row.deliverable in known), calendar)
    shown = [(place, composer.event(place)) for place in places]
    names = names_of(calendar, known, {row.cycle for row in planned})
    shelves = {
        name: Shelf(since.isoformat(), settings.public_url, settings.uid_domain, names, entries)
        for name, entries in {
            EVENTS: _by_day(_event(place, event, composer) for place, event in shown),
            TASKS: _by_day(_tasks(session, shown, composer)),
            RECORDS: _by_day(_record(place, event, composer) for place, event in shown),
            CHANGES: tuple(_changes(session, composer)),
        }.items()
    }
    tokens = json.dumps(feed_tokens.register(session), ensure_ascii=False, indent=1)
    return {
        **_whole_files(shelves[EVENTS]),
        **{name: shelf.to_bytes() for name, shelf in shelves.items()},
        TOKENS: f"{tokens}\n".encode(),
    }


def _whole_files(events: Shelf) -> dict[str, bytes]:
    """The calendars that most ask for, ready to send: each county's, and the one for all."""
    views = {number: Selection(fylke=(number,)) for number in events.names["fylke"]}
    views[SHARED] = Selection()
    return {
        f"{view}.ics": calendar_file(events, chosen, "{view}.ics") for view, chosen in views.items()
    }


def _deliverables(session: Session, calendar: Calendar, needed: set[str]) -> dict[str, Deliverable]:
    """The calendar's deliverables, and those it no longer has, as they last were."""
    known = dict(calendar.deliverables)
    if needed <= known.keys():
        return known
    newest_first = select(CalendarVersion.text).order_by(CalendarVersion.number.desc())
    for text in session.scalars(newest_first):
        known = _read_version(text) | known
    return known


@lru_cache(maxsize=8)
def _read_version(text: str) -> dict[str, Deliverable]:
    try:
        return dict(parse_calendar(text, "calendar.yaml").deliverables)
    except CalendarError:  # written for an older release, and no longer readable
        return {}


def _by_day(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    return tuple(sorted(entries, key=lambda entry: (entry.day, entry.uid)))


def _entry(place: Place, event: FeedEvent, composer: Composer, body: str) -> Entry:
    """What is chosen by is the same for an event, its task and its record."""
    deliverable = composer.deliverables[place.row.deliverable]
    return Entry(
        view=place.view,
        counties=place.counties,
        areas=deliverable.areas,
        roles=deliverable.audience,
        deliverable=place.row.deliverable,
        cycle=place.row.cycle,
        day=event.day.isoformat(),
        uid=event.uid,
        changed_at=event.changed_at.isoformat(),
        withdrawn=event.withdrawn,
        body=body,
    )


def _event(place: Place, event: FeedEvent, composer: Composer) -> Entry:
    return _entry(place, event, composer, event_text(event))


def _tasks(
    session: Session, shown: Iterable[tuple[Place, FeedEvent]], composer: Composer
) -> Iterable[Entry]:
    decided = _decided(session)
    for place, event in shown:
        task = task_of(place, event, composer, decided)
        if task is not None:
            entry = _entry(place, event, composer, task_text(task))
            yield replace(entry, uid=task.uid, changed_at=task.changed_at.isoformat())


def _decided(session: Session) -> dict[str, Decided]:
    counted = (
        select(DecisionRow.occurrence_key, func.count(), func.max(DecisionRow.at))
        .where(DecisionRow.action.in_(_OUTCOME_ACTIONS), DecisionRow.occurrence_key.is_not(None))
        .group_by(DecisionRow.occurrence_key)
    )
    found = session.execute(counted)
    return {str(key): Decided(times, last) for key, times, last in found}


def _record(place: Place, event: FeedEvent, composer: Composer) -> Entry:
    body = json.dumps(record_of(place, composer), ensure_ascii=False)
    return _entry(place, event, composer, body)


def _changes(session: Session, composer: Composer) -> Iterable[Entry]:
    """What has been announced, newest first."""
    announced = select(ChangeRow).where(ChangeRow.announced).order_by(ChangeRow.id.desc())
    rows = session.scalars(announced.limit(_NEWEST_CHANGES)).all()
    numbers = {row.version for row in rows}
    made = select(CalendarVersion).where(CalendarVersion.number.in_(numbers))
    versions = {v.number: v for v in session.scalars(made.options(defer(CalendarVersion.text)))}
    names = {number: county.name for number, county in composer.calendar.counties.items()}
    found = feed_changes(rows, versions, names)
    actors = read_actors(session)
    for change in sorted(found, key=lambda c: (c.first.at, c.first.id), reverse=True):
        by = change.version.published_by
        yield _change(change, by and actors.called(by), composer)


def _change(change: FeedChange, by: str, composer: Composer) -> Entry:
    deliverable, cycle, _, _ = change.first.occurrence_key.split("/")
    row = composer.deliverables.get(deliverable)
    domain, site = composer.settings.uid_domain, composer.settings.public_url
    return Entry(
        view=change.view,
        counties=change.counties,
        areas=row.areas if row else (),
        roles=row.audience if row else (),
        deliverable=deliverable,
        cycle=cycle,
        day=str(change.seen.get("due", "")),
        uid=change_id(change, domain),
        changed_at=change.first.at.isoformat(),
        withdrawn=change.first.kind == "withdrawn",
        body=change_text(change, by, domain, site),
    )
