"""The demonstration: a school year replayed up to now with synthetic data, by the real parts.

Only the clock is led by the hand. Files land in the inbox, ticks decide, the engine runs the
jobs, receipts come back, exactly as in service. Some counties have the troubles that real ones
have, so that the pages show more than sunshine.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from datetime import time as clock_time
from functools import partial
from pathlib import Path

from sqlalchemy.orm import Session

from jobs.synth import write_extract
from scheduler.calendar import SchoolYear
from scheduler.calendar.occurrence import OSLO
from scheduler.calendar.workdays import Workdays
from scheduler.daemon import Service
from scheduler.demo import telling
from scheduler.demo.answers import answers_of
from scheduler.demo.files import files_of
from scheduler.publishing.rollover import approve
from scheduler.simulate.clock import LedClock, in_oslo
from scheduler.simulate.files import Folder, cut_off
from scheduler.simulate.led import tick_and_wait

IMPORT = "skole-off-telling-okt"
ADMISSIONS = "skole-off-ajourhold-sep"
DELIVERY = "stat-ssbelev-l1"
SEED = 2026
SCALE = "small"
DEFECTS = ("CR-DUP-01", "CR-DATE-01", "CR-KODE-05")
# A demonstration that starts before the autumn's deliveries shows last year's as well.
FIRST_REPLAY_THIS_YEAR = (11, 1)
MOVED_ON = (10, 29)
# When a morning's messages go out, in Oslo.
ROUND = clock_time(8, 5)


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happens in the replayed year: when, told how, and the deed itself."""

    at: datetime
    told: str
    act: Callable[[Service], None]


@dataclass(frozen=True, slots=True)
class Story:
    """How a county's October goes: the day its files come, and what is wrong with each."""

    first_file: int
    defects: tuple[str, ...] = ()
    truncated: bool = False
    corrected: int | None = None


# Counties not named here deliver one good file between 5 and 15 October.
STORIES: dict[str, Story | None] = {
    "34": Story(8, DEFECTS, corrected=20),  # faults found in time, corrected before the deadline
    "39": Story(12, truncated=True, corrected=13),  # cut off on the way, sent again next day
    "18": Story(14, DEFECTS, corrected=27),  # corrected too late: delivered after the deadline
    "55": Story(15, DEFECTS),  # never corrected: the delivery stands refused
    "56": None,  # no file at all: everything after it waits
}


def cycles_to_replay(today: date) -> list[str]:
    """The school year of `today`, preceded by last year's when too little of this one has happened."""
    current = SchoolYear.of(today)
    autumn_over = today >= date(current.start_year, *FIRST_REPLAY_THIS_YEAR)
    return [str(current)] if autumn_over else [str(current.previous), str(current)]


def replay(service: Service, clock: LedClock, until: datetime) -> Iterator[Event]:
    """Live through the events up to `until`; yields each event after it has happened."""
    cycles = cycles_to_replay(until.date())
    clock.now = in_oslo(date(SchoolYear(cycles[0]).start_year, 8, 1), 9)
    telling.begin(service, clock.now)
    service.ticker.refresh_calendar(clock.now)
    counties = list(service.ticker.calendar.counties) if service.ticker.calendar else []
    events = [
        event
        for happenings in (
            *(_year(cycle, counties) for cycle in cycles),
            _telling(cycles[0], until),
        )
        for event in happenings
        if event.at < until
    ]
    for event in sorted(events, key=lambda event: event.at):
        clock.now = event.at
        event.act(service)
        yield event
    clock.now = until
    tick_and_wait(service)
    service.publish_feeds()


def _year(cycle: str, counties: list[str]) -> Iterator[Event]:
    year = SchoolYear(cycle).start_year
    yield Event(in_oslo(date(year, 8, 1), 10), "Årshjulet planlegges", tick_and_wait)
    for day in range(3):
        some = partial(_admissions, cycle=cycle, counties=sorted(counties)[day::3])
        yield Event(in_oslo(date(year, 9, 7 + day), 9), "Ajourhold fra fylkene", some)
    for index, county in enumerate(sorted(counties)):
        story = STORIES.get(county, Story(5 + index % 4 + 7 * (index % 2)))
        if story is not None:
            yield from _county_events(cycle, county, story)
    delivered = files_of(cycle, counties, SEED, tick_and_wait)
    for at, told, act in (*delivered, *answers_of(cycle, counties)):
        yield Event(in_oslo(at, 9), told, act)
    yield Event(
        in_oslo(date(year + 1, 6, 15), 9), "Neste skoleår godkjennes av to", _approve_next(cycle)
    )
    for day in (23, 24, 25, 26, 27, 28):
        yield Event(in_oslo(date(year, 10, day), 6), "ssbElev leveres, 1. levering", tick_and_wait)


def _telling(cycle: str, until: datetime) -> Iterator[Event]:
    """A deadline is moved in October, and the counties are told, the first year of the replay."""
    moved = date(SchoolYear(cycle).start_year, *MOVED_ON)
    yield Event(in_oslo(moved, 9), "En frist flyttes, fylkene varsles", telling.move)
    for days, counties in telling.ACKNOWLEDGED_AFTER.items():
        told = f"{len(counties)} fylker kvitterer"
        answer = partial(telling.acknowledged, counties=counties)
        yield Event(in_oslo(Workdays({}).add(moved, days), 9), told, answer)
    for day in telling.mornings(moved, _last_round(until)):
        yield Event(
            in_oslo(day, ROUND.hour, ROUND.minute),
            "Påminnelser og mandagsoversikter sendes",
            Service.notify,
        )


def _last_round(until: datetime) -> date:
    """Today when its round is over, else yesterday."""
    local = until.astimezone(OSLO)
    return local.date() if local.time() > ROUND else local.date() - timedelta(days=1)


def _county_events(cycle: str, county: str, story: Story) -> Iterator[Event]:
    year = SchoolYear(cycle).start_year
    first = _drop(cycle, county, story.defects, truncated=story.truncated)
    yield Event(in_oslo(date(year, 10, story.first_file), 9), f"Fil fra {county}", first)
    if story.corrected is not None:
        good = _drop(cycle, county, ())
        yield Event(in_oslo(date(year, 10, story.corrected), 5), f"Rettet fil fra {county}", good)


def _admissions(service: Service, cycle: str, counties: list[str]) -> None:
    for county in counties:
        _put(service, cycle, county, ADMISSIONS)
    tick_and_wait(service)


def _drop(
    cycle: str, county: str, defects: tuple[str, ...], *, truncated: bool = False
) -> Callable[[Service], None]:
    def act(service: Service) -> None:
        _put(service, cycle, county, IMPORT, defects, truncated=truncated)
        tick_and_wait(service)

    return act


def _put(
    service: Service,
    cycle: str,
    county: str,
    deliverable: str,
    defects: tuple[str, ...] = (),
    *,
    truncated: bool = False,
) -> None:
    """Let a county put its extract in its folder."""

    def write(path: Path) -> None:
        write_extract(path, county, cycle, seed=SEED, scale=SCALE, defects=defects)
        if truncated:
            cut_off(path)

    now = service.clock()
    folder = Folder(service.settings.data_dir, county, deliverable)
    folder.put(f"{deliverable}_{county}_{now:%d%m}.txt", write, now)


def _approve_next(cycle: str) -> Callable[[Service], None]:
    def act(service: Service) -> None:
        calendar, following = service.ticker.calendar, SchoolYear(cycle).next
        if calendar is None:
            return
        with Session(service.database) as session, session.begin():
            for actor in ("Demo, koordinator", "Demo, leder"):
                approve(session, calendar, following, actor, service.clock())

    return act
