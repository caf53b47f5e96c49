"""Planning: the year ahead: what has little to spare, the days each county has, what is open."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from flask import Blueprint, render_template

from scheduler.calendar import Calendar, Deliverable, SchoolYear
from scheduler.calendar.county_load import Load, effective_days, fewest_of_each
from scheduler.calendar.expansion import Dated, Place, counties_apart
from scheduler.calendar.model import SchoolBreak
from scheduler.calendar.occurrence import DateStatus
from scheduler.calendar.same import Same
from scheduler.calendar.slack import Chain, Slack, Step, slack, tightest
from web.site import ledger
from web.wheel.choice import Choice, read_choice
from web.words.dates import day_of_year, month_name, span
from web.words.text import listed

blueprint = Blueprint("planning", __name__)

# So many chains stand open; the others, which have more to spare, are opened by whoever asks.
OPEN_CHAINS = 3


@dataclass(frozen=True, slots=True)
class Stop:
    """A step of a chain as the page shows it, with the edge that leads to it (None for the first)."""

    step: Step
    row: Deliverable
    dated: Dated
    edge: Slack | None

    @property
    def name(self) -> str:
        """A recurring row's turn by its day: Sluttere og startere, 9. november."""
        turn = f", {day_of_year(self.dated.nominal)}" if self.row.recurring else ""
        return f"{self.row.name}{turn}"

    @property
    def proposed(self) -> bool:
        return self.dated.date_status is DateStatus.PROPOSED


@dataclass(frozen=True, slots=True)
class LoadLine:
    """A row's effective working days, county by county; None where the county has no such deadline."""

    row: Deliverable
    cells: tuple[Load | None, ...]

    @property
    def first(self) -> Load:
        return next(load for load in self.cells if load)

    @property
    def fewest(self) -> int:
        return min(load.effective for load in self.cells if load)

    @property
    def uneven(self) -> bool:
        """Whether some counties have fewer days than others."""
        return len({load.effective for load in self.cells if load}) > 1


@dataclass(frozen=True, slots=True)
class Break:
    """A school break with the counties that have it on the same days, known the same way."""

    name: str
    first: date
    last: date
    label: str
    counties: tuple[str, ...]


# What is told of a calendar and a school year, to each county and to all: worked out once.
KEPT = 64


@lru_cache(maxsize=KEPT)
def _slack(same: Same, cycle: str, county: str | None) -> tuple[Chain, ...]:
    return tuple(slack(same.calendar, cycle, county))


@lru_cache(maxsize=KEPT)
def _tightest_anywhere(same: Same, cycle: str) -> Slack | None:
    return tightest(same.calendar, cycle)


@lru_cache(maxsize=KEPT)
def _fewest_days(same: Same, cycle: str, county: str) -> tuple[Load, ...]:
    return tuple(fewest_of_each(effective_days(same.calendar, cycle, county)))


@blueprint.get("/planlegging")
def index() -> str:
    with ledger() as at:
        choice, calendar = read_choice(at), at.calendar
        shown = [choice.county] if choice.county else list(calendar.counties)
        return render_template(
            "planning.html",
            at=at,
            choice=choice,
            tightest=_tightest(calendar, choice),
            names={key: row.name for key, row in calendar.deliverables.items()},
            chains=[
                _stops(calendar, chain, choice.county)
                for chain in _slack(Same(calendar), choice.cycle, choice.county or None)
            ],
            open_chains=OPEN_CHAINS,
            least=_least,
            counties=[(number, calendar.counties[number].name) for number in shown],
            loads=_loads(calendar, choice.cycle, shown),
            breaks=_breaks(calendar, choice),
            month_names=_month_names,
            span=span,
            undecided=[row for row in calendar.deliverables.values() if row.undecided],
        )


def _tightest(calendar: Calendar, choice: Choice) -> Slack | None:
    """The edge with the least to spare, in the chosen county or in any."""
    if not choice.county:
        return _tightest_anywhere(Same(calendar), choice.cycle)
    chains = _slack(Same(calendar), choice.cycle, choice.county)
    return chains[0].smallest if chains else None


def _stops(calendar: Calendar, chain: Chain, county: str) -> list[Stop]:
    apart = county if county in counties_apart(calendar) else None
    places = {step.cycle: Place(calendar, SchoolYear(step.cycle), apart) for step in chain.steps}
    return [
        Stop(
            step,
            calendar.deliverables[step.deliverable],
            _dated(places, step),
            edge,
        )
        for step, edge in zip(chain.steps, (None, *chain.links), strict=True)
    ]


def _least(stops: Sequence[Stop]) -> int:
    """The smallest slack of a chain, in working days."""
    return min(stop.edge.days for stop in stops if stop.edge)


def _dated(places: Mapping[str, Place], step: Step) -> Dated:
    found = places[step.cycle].dated(step.deliverable)
    return next(dated for dated in found if dated.stage == step.stage)


def _loads(calendar: Calendar, cycle: str, counties: list[str]) -> list[LoadLine]:
    """The rows that a county has its own deadline in, by due date; of those that recur the tightest."""
    found = {
        county: {
            load.occurrence.deliverable: load
            for load in _fewest_days(Same(calendar), cycle, county)
        }
        for county in counties
    }
    rows = dict.fromkeys(name for loads in found.values() for name in loads)
    lines = [
        LoadLine(calendar.deliverables[name], tuple(found[c].get(name) for c in counties))
        for name in rows
    ]
    return sorted(lines, key=lambda line: (line.first.due, line.row.id))


def _breaks(calendar: Calendar, choice: Choice) -> list[Break]:
    year = SchoolYear(choice.cycle)
    merged: dict[tuple[str, date, date, str], list[str]] = {}
    for found in calendar.school_breaks:
        counties = [c for c in found.counties if choice.county in ("", c)]
        if counties and (found.first in year or found.last in year):
            merged.setdefault((found.name, found.first, found.last, _label(found)), []).extend(
                counties
            )
    ordered = sorted(merged.items(), key=lambda entry: (entry[0][1], entry[0][2], entry[1]))
    return [Break(*days, tuple(sorted(counties))) for days, counties in ordered]


def _month_names(months: Sequence[int]) -> str:
    """Of numbers from 1: august, april og mai."""
    return listed([month_name(month) for month in months])


def _label(found: SchoolBreak) -> str:
    return found.evidence.day_label or found.evidence.label
