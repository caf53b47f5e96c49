"""As of: a county's deadlines as its readers saw them on an earlier day."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import lru_cache

from flask import abort

from scheduler.calendar import Calendar, CalendarError, parse_calendar
from scheduler.calendar.occurrence import OSLO, DateStatus, Occurrence
from scheduler.ledger import history
from scheduler.ledger.placing import occurrence_of
from scheduler.ledger.tables import CalendarVersion, OccurrenceRow
from scheduler.ledger.views import called
from web.site import Ledger
from web.words.language import gettext as _


@dataclass(frozen=True, slots=True)
class Line:
    """A deadline as it stood that day."""

    name: str
    occurrence: Occurrence
    withdrawn: bool

    @property
    def proposed(self) -> bool:
        return self.occurrence.date_status is DateStatus.PROPOSED


@dataclass(frozen=True, slots=True)
class Then:
    """A day, the version that held when it ended (None before the first), and its deadlines."""

    day: date
    version: CalendarVersion | None
    lines: tuple[Line, ...]


def day_asked(said: str) -> date:
    """The day in the query; 404 with a remedy for what is no day."""
    try:
        return date.fromisoformat(said)
    except ValueError:
        abort(404, _("Fant ikke dagen «%(day)s». Skriv den som for eksempel 2026-10-01.", day=said))


def seen_on(at: Ledger, day: date, county: str, cycle: str) -> Then:
    """What stood on the county's page when `day` ended in Norway; a day to come is today."""
    day = min(day, at.today)
    instant = min(at.now, datetime.combine(day, time.max, OSLO).astimezone(UTC))
    version = history.version_at(at.session, instant)
    rows = history.as_of(at.session, instant, county, cycle)
    rows.sort(key=lambda row: (row.due, row.key))
    words = (version and _parsed(version.text)) or at.calendar
    return Then(day, version, tuple(_line(row, words) for row in rows))


def _line(row: OccurrenceRow, words: Calendar) -> Line:
    deliverable = words.deliverables.get(row.deliverable)
    occurrence = occurrence_of(row)
    name = called(deliverable.name if deliverable else row.deliverable, occurrence)
    return Line(name, occurrence, row.outcome == history.WITHDRAWN)


@lru_cache(maxsize=8)
def _parsed(text: str) -> Calendar | None:
    """An earlier calendar, for its words; None when this release can no longer read it."""
    try:
        return parse_calendar(text, "calendar.yaml")
    except CalendarError:
        return None
