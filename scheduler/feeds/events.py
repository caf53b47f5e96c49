"""Feed event: one deadline as a reader of a calendar meets it, in words and dates. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from scheduler.calendar import Calendar, Deliverable, explain
from scheduler.calendar.kinds import Kind
from scheduler.calendar.occurrence import DateStatus
from scheduler.calendar.words import day_and_date
from scheduler.feeds.places import Place
from scheduler.feeds.selection import SHARED
from scheduler.ledger.placing import occurrence_of
from scheduler.ledger.tables import OccurrenceRow
from scheduler.settings import Settings

# What has a date, but nothing that anybody must have done by it.
NO_DEADLINE = {Kind.MILESTONE, Kind.RULE, Kind.INFORMATION, Kind.HISTORY}


@dataclass(frozen=True, slots=True)
class FeedEvent:
    """What the feed says of one deadline; equal events are equal bytes."""

    uid: str
    day: date
    summary: str
    description: str
    url: str
    categories: tuple[str, ...]
    withdrawn: bool
    sequence: int
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Composer:
    """Turns ledger rows into words, with the calendar's names and the site's address."""

    calendar: Calendar
    deliverables: Mapping[str, Deliverable]
    settings: Settings

    def event(self, place: Place) -> FeedEvent:
        row, deliverable = place.row, self.deliverables[place.row.deliverable]
        return FeedEvent(
            uid=f"frist-{place.identity}@{self.settings.uid_domain}",
            day=row.due,
            summary=self.summary(place),
            description=self.description(place),
            url=self.url(place),
            categories=(*self._areas(deliverable), *self._own_county(place)),
            withdrawn=place.withdrawn,
            sequence=max(changed.sequence for changed in place.touching),
            changed_at=max(changed.changed_at for changed in place.touching),
        )

    def url(self, place: Place) -> str:
        return f"{self.settings.public_url}{place.path}"

    def summary(self, place: Place) -> str:
        """The name, with what a reader must not miss: called off, the hour, that it is proposed."""
        row, name = place.row, self.deliverables[place.row.deliverable].name + place.suffix
        called_off = "Avlyst: " if place.withdrawn else ""
        clock = f", frist{_clock(row)}" if row.clock_time else ""
        proposed = " (foreslått dato)" if row.date_status == DateStatus.PROPOSED else ""
        return f"{called_off}{name}{clock}{proposed}"

    def description(self, place: Place) -> str:
        """Both dates and how they came about, what it is, whom it is for, and the address."""
        deliverable = self.deliverables[place.row.deliverable]
        label = "Dato" if deliverable.kind in NO_DEADLINE else "Frist"
        lines = [*_date_lines(place.row, label), *self._lines(deliverable), place.sentence]
        return "\n".join([*lines, "", self.url(place)])

    def _areas(self, deliverable: Deliverable) -> list[str]:
        known = self.calendar.areas
        return [known[area].name for area in deliverable.areas if area in known]

    def _own_county(self, place: Place) -> list[str]:
        counties = () if place.scope == SHARED else place.counties
        return [self.calendar.counties[number].name for number in counties]

    def _lines(self, deliverable: Deliverable) -> list[str]:
        names = self.calendar.parties
        sender, receiver = deliverable.sender, deliverable.receiver
        lines = [
            deliverable.description,
            f"Fra: {names[sender].name}" if sender in names else "",
            f"Til: {names[receiver].name}" if receiver in names else "",
            deliverable.evidence.in_words,
            deliverable.undecided.in_words if deliverable.undecided else "",
        ]
        return [line for line in lines if line]


def _clock(row: OccurrenceRow) -> str:
    return f" kl. {row.clock_time.replace(':', '.')}" if row.clock_time else ""


def _date_lines(row: OccurrenceRow, label: str) -> list[str]:
    """The row's dates, each with what it is, and how the due date came about."""
    moved = "" if row.nominal != row.due else " (ikke flyttet)"
    return [
        f"{label}: {day_and_date(row.due)}{_clock(row)}",
        f"I kalenderen: {day_and_date(row.nominal)}{moved}",
        *([f"Åpner: {day_and_date(row.opens)}"] if row.opens else []),
        explain(occurrence_of(row, row.trace)),
    ]
