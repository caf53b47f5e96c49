"""Feedback lines: what a receiver found wrong in a delivery, as its page may show it to anybody.

Neither the row's key nor the receiver's own words are here: both may be about a person.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from jobs.register.feedback import FeedbackState
from jobs.statistics.layout import layouts
from scheduler.calendar.kinds import Stage
from scheduler.engine.feedback import Told, is_listed_about, lines_of, told_about
from scheduler.ledger.views import OccurrenceView
from web.access import who
from web.access.rights import DELIVER
from web.site import Ledger
from web.words import text
from web.words.language import message

STATES = {
    FeedbackState.OPEN: message("Åpen"),
    FeedbackState.MENDED: message("Rettet"),
    FeedbackState.EXPLAINED: message("Begrunnet"),
}
MOST_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Line:
    """One line, by its place in its list; `field` is "" for the whole row.

    `mended_in` is the name of the import that mended it. `actor` and `reason` are of the reason for it alone.
    """

    number: int
    line: int
    file: str
    field: str
    code: str
    state: FeedbackState
    mended_in: str
    at: datetime | None
    actor: str
    reason: str

    @property
    def is_open(self) -> bool:
        return self.state is FeedbackState.OPEN


@dataclass(frozen=True, slots=True)
class Section:
    """What the page of a delivery says of feedback; `more` is how many lines are not shown.

    `about` is the parts of the key of the delivery that they are told of: a first one, or a sent final one.
    """

    about: dict[str, str]
    lines: tuple[Line, ...]
    more: int
    counts: dict[FeedbackState, int]
    may_take: bool


def section_of(at: Ledger, view: OccurrenceView) -> Section | None:
    """The lines about a delivery, the open ones first; None where there can be none."""
    o = view.item.occurrence
    key, found = _found(at, view)
    listed = is_listed_about(at.calendar, o.deliverable, o.stage)
    if not found and not listed:
        return None
    order = list(FeedbackState)
    told = sorted(found, key=lambda each: order.index(each.state))
    counted = Counter(each.state for each in found)
    person = who.me()
    return Section(
        dict(zip(("deliverable", "cycle", "stage", "scope"), key.split("/"), strict=True)),
        tuple(_line(at, each) for each in told[:MOST_SHOWN]),
        max(0, len(found) - MOST_SHOWN),
        {state: counted[state] for state in FeedbackState},
        listed and person is not None and person.may(DELIVER, o.scope),
    )


def _found(at: Ledger, view: OccurrenceView) -> tuple[str, list[Told]]:
    """The lines, and whose: a final delivery that is not sent yet answers those about the first."""
    halves = [each.key for each in view.pair] if view.item.occurrence.stage == Stage.FINAL else []
    found: list[Told] = []
    for key in (view.item.key, *halves):
        if key in view.counts and (found := told_about(at.session, view.counts[key])):
            return key, found
    return (halves or [view.item.key])[0], found


def line_of(at: Ledger, key: str, place: tuple[int, int]) -> Line | None:
    """The line of a delivery's feedback at (list, line)."""
    lines = (_line(at, told) for told in lines_of(at.session, key))
    return next((line for line in lines if (line.number, line.line) == place), None)


def _line(at: Ledger, told: Told) -> Line:
    line, mending, said = told.line, told.mending, told.explanation
    return Line(
        line.delivery_id,
        line.linje,
        line.fil,
        layouts()[line.fil].field(line.felt).title if line.felt else "",
        line.kode,
        told.state,
        text.row_name(mending.deliverable, at.calendar) if mending else "",
        mending.at if mending else said.at if said else None,
        said.actor if said else "",
        said.reason if said else "",
    )
