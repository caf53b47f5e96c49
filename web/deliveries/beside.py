"""Beside: what the register and the log tell of a course beside where its deadlines stand.

The lists that receivers answer first deliveries with, the words on forwardings, and what was sent.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from jobs.register.deliveries import sent_of_each
from jobs.register.feedback import FeedbackState, states_of_each
from jobs.register.tables import Outbound
from scheduler.calendar import Calendar
from scheduler.calendar.kinds import Kind, Stage
from scheduler.cards.facts import counted
from scheduler.cards.manifests import controls_of
from scheduler.cards.passed import newest_words
from scheduler.engine.feedback import is_listed_about
from scheduler.engine.forwarding import Passed
from scheduler.ledger.views import Item
from web.deadlines.passing import Went, went
from web.deliveries.course import Course, Line
from web.site import Ledger
from web.wheel.groups import Group


@dataclass(frozen=True, slots=True)
class Answers:
    """The lists about a first delivery: of how many counties, and all their lines by where they stand."""

    about: Group
    counties: int
    lines: Mapping[FeedbackState, int]


@dataclass(frozen=True, slots=True)
class Passing:
    """The newest word on a forwarding: of how many of its deliveries; `went` is of a county's alone."""

    said: Passed | None
    along: int
    went: Went | None


@dataclass(frozen=True, slots=True)
class Sent:
    """What was last sent: rows by file, and how often rules of each severity were broken (None: few)."""

    rows: Mapping[str, int]
    broken: Mapping[str, int | None]


@dataclass(frozen=True, slots=True)
class Beside:
    """Each by key: the lines about first deliveries, the words on forwardings, a chosen county's sendings."""

    calendar: Calendar
    answers: Mapping[str, Mapping[FeedbackState, int]]
    words: Mapping[str, Passed]
    sendings: Mapping[str, Sequence[Outbound]]
    county: str

    def answers_to(self, line: Line) -> Answers | None:
        """Those that came, and that a final delivery is to mend; None where there can be none."""
        about = _answered(line, self.calendar)
        if about is None:
            return None
        found = [self.answers[item.key] for item in about.items if item.key in self.answers]
        lines = {state: sum(each[state] for each in found) for state in FeedbackState}
        return Answers(about, len(found), lines)

    def passing(self, line: Line) -> Passing:
        said = self.words.get(line.group.first.key)
        along = sum(key in said.contents for key in line.passes) if said else 0
        (key,) = line.passes if len(line.passes) == 1 and self.county else ("",)
        return Passing(said, along, went(key, self._received(key), said) if key else None)

    def sent(self, item: Item) -> Sent | None:
        """The newest sending of it; None for nothing on record."""
        sendings = self.sendings.get(item.key)
        if not sendings:
            return None
        manifest = sendings[-1].manifest
        rows = {file["kind"]: file["rows"] for file in manifest.get("filer", ())}
        return Sent(rows, counted(controls_of(manifest)))

    def _received(self, key: str) -> str | None:
        """The hash of what its receiver has of a delivery, as the card and the forwarding know it."""
        there = [each for each in self.sendings.get(key, ()) if each.received_at]
        return there[-1].manifest_sha256 if there else None


def beside(at: Ledger, courses: Iterable[Course], county: str) -> Beside:
    """What is told of them; what was sent only of a county."""
    lines = [line for course in courses for line in course.lines]
    about = [found for line in lines if (found := _answered(line, at.calendar))]
    firsts = {item.key for group in about for item in group.items}
    turns = {line.group.first.key for line in lines if line.row.kind is Kind.FORWARDING}
    sent = {item.key for line in lines if line.delivers for item in line.group.items}
    return Beside(
        at.calendar,
        states_of_each(at.session, firsts) if firsts else {},
        newest_words(at.session, turns) if turns else {},
        sent_of_each(at.session, sent) if county and sent else {},
        county,
    )


def _answered(line: Line, calendar: Calendar) -> Group | None:
    """The delivery that lists may be about; told of at the feedback and the final one, where there are such."""
    o = line.group.first.occurrence
    if line.half is not None:
        return line.half if o.stage in (Stage.FINAL, Stage.FEEDBACK) else None
    return line.group if is_listed_about(calendar, o.deliverable, o.stage) else None
