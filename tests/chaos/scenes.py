"""Scenes: what a workflow needs before it can be disturbed, worked out from the calendar itself.

A job that joins `jobs.JOBS` with steps of its own is a workflow here, with nothing to add.
"""

import os
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from jobs import JOBS
from jobs.api import StartsOn
from jobs.imports.intakes import intakes
from jobs.statistics.deliveries import deliveries
from jobs.synth import MAKERS, write_extract, write_kind, write_private
from scheduler import daemon
from scheduler.calendar import parse_calendar
from scheduler.calendar.expansion import expand
from scheduler.calendar.occurrence import NATIONAL
from scheduler.ledger import rehearsals, runs
from scheduler.ledger.database import reading
from scheduler.ledger.tables import RehearsalRow
from scheduler.settings import read_settings
from scheduler.simulate.clock import LedClock
from tests.chaos.followed import register_in_followup
from tests.planned import WHOLE, starting_only, with_counties
from tests.scheduler import live

CYCLE = "2026-2027"
COUNTY = "46"
KNOWN_BEST = "import-school"  # stands for every import: they share their steps
# Whose work is people that the follow-up service has, and when those are born; the oldest is too old in January.
FOLLOWED = {
    "deliver-ot-data": (date(2009, 3, 4),),
    "close-ot-age": (date(2009, 3, 4), date(2001, 5, 6)),
}
# What these stand on is more than the files of one day; others with the same steps stand for them.
NO_SCENE = {
    "deliver-ssbresultat-final": "the results of the school year before",
    "deliver-mediation": "applicants of two years, for the months that are due at once",
    "transfer-ot-broken-off": "weeks of leavers",
    "transfer-ot-youth": "a whole year of applicants, courses and contracts",
}
CALENDAR = parse_calendar(WHOLE, "calendar.yaml")
PLANNED = expand(CALENDAR, CYCLE)


def workflows():
    """Name of a job -> those that it stands for, itself among them: whose steps do the same work."""
    found = {}
    for job in sorted(JOBS.values(), key=lambda job: job.name != KNOWN_BEST):
        found.setdefault(_shape(job), []).append(job.name)
    return {names[0]: names for names in found.values()}


def _shape(job):
    """What its steps are called and do; whom a delivery goes to is no part of it."""
    return tuple((step.name, getattr(step.body, "func", step.body)) for step in job.steps)


@dataclass(frozen=True)
class Scene:
    """A job's occurrence in one county: what it is, when it starts, and the files it takes.

    `before` are files that must be loaded the day before, `waived` keys of deadlines that it would
    wait for and that no file of the county settles; `files` start the job itself. `followed` are
    the births of people that the follow-up service has already.
    """

    key: str
    now: datetime
    files: tuple[str, ...]
    before: tuple[str, ...] = ()
    waived: tuple[str, ...] = ()
    followed: tuple[date, ...] = ()

    @property
    def run_id(self):
        return f"{self.key}#1"

    @property
    def runs(self):
        """How many runs there are when it is over: one for each file, and the job's own."""
        own = self.key.split("/")[0] not in self.files
        return len(self.before) + len(self.files) + own

    @property
    def scope(self):
        return self.key.rsplit("/", 1)[1]


def lived():
    """The jobs that a row of the calendar has, and that a few files can set going."""
    used = {row.job for row in CALENDAR.deliverables.values() if row.is_active}
    return sorted(name for name in JOBS if name in used and name not in NO_SCENE)


def scene_of(job, county=COUNTY):
    """The first deadline of the year that the job is for, and that has what it stands on before it."""
    rows = [row for row in CALENDAR.deliverables.values() if row.is_active and row.job == job.name]
    ids = {row.id for row in rows}
    mine = [o for o in PLANNED if o.deliverable in ids and o.scope in (county, NATIONAL)]
    served = (o for o in mine if all(s.due <= o.due for s in _sources(job, o, county)))
    planned = next(served, mine[0])
    now = datetime(planned.due.year, planned.due.month, planned.due.day, 5, tzinfo=UTC)
    if job.starts_on is StartsOn.ARRIVAL:
        return Scene(planned.key, now, (planned.deliverable,))
    row = CALENDAR.deliverables[planned.deliverable]
    hard = {edge.deliverable for edge in row.depends_on if edge.strength == "hard"}
    first = [o for o in PLANNED if o.deliverable in hard and o.due <= planned.due]
    taken = [o for o in first if o.scope == county and _takes_a_file(o.deliverable)]
    taken += [o for o in _sources(job, planned, county) if o not in taken]
    before = tuple(o.deliverable for o in taken)
    heeded = [o for o in PLANNED if o.deliverable in job.heeds and o.due <= planned.due]
    unsettled = [o for o in first if o.scope == county and o not in taken]
    unsettled += [o for o in (*first, *heeded) if o.scope == NATIONAL]
    waived = tuple(dict.fromkeys(o.key for o in unsettled))
    return Scene(planned.key, now, (), before, waived, FOLLOWED.get(job.name, ()))


def _sources(job, planned, county):
    """Of each group of imports that a delivery stands on one, with the deadline nearest to its own."""
    if job.name not in deliveries():
        return []
    groups = [
        [
            o
            for o in PLANNED
            if o.scope == county and CALENDAR.deliverables[o.deliverable].job in jobs
        ]
        for jobs in deliveries()[job.name].stands_on
    ]
    return [min(group, key=lambda o: abs(o.due - planned.due)) for group in groups if group]


def _takes_a_file(deliverable):
    job = CALENDAR.deliverables[deliverable].job
    return job is not None and JOBS[job].starts_on is StartsOn.ARRIVAL


def put(data_dir, deliverable, scope, now):
    """A finished file in the inbox, the same bytes every time."""
    folder = Path(data_dir) / "inbox" / scope / deliverable
    folder.mkdir(parents=True, exist_ok=True)
    part, intake = folder / "fil.txt.part", intakes()[CALENDAR.deliverables[deliverable].job]
    if scope == NATIONAL:
        write_private(part, CYCLE, seed=7)
    elif intake.layout in MAKERS:
        written = now.date() - timedelta(days=1)
        write_kind(part, intake.layout, scope, intake.period.of(CYCLE), written, seed=7)
    else:
        write_extract(part, scope, CYCLE, seed=7)
    os.utime(part, (0, 0))
    part.rename(part.with_suffix(""))


def settings_of(data_dir, database_url, **others):
    return read_settings(
        data_dir=Path(data_dir),
        database_url=(database_url or "").replace("+psycopg", ""),
        calendar=Path(data_dir) / "calendar.yaml",
        **{"tick_seconds": 0.2, **others},
    )


@contextmanager
def service_at(settings, now):
    with daemon.Service(settings, LedClock(now)) as service:
        yield service


def prepare(settings, *scenes):
    """A planned year, what comes before the scenes done, and their own files in the inbox."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    settings.calendar.write_text(calendar_of(*scenes), encoding="utf-8")
    now = scenes[0].now - timedelta(days=1)
    with service_at(settings, now) as service:
        _ticked(service)
        _waive({key for scene in scenes for key in scene.waived}, service)
        _register({born for scene in scenes for born in scene.followed}, service)
        loaded = [(each, scene.scope) for scene in scenes for each in scene.before]
        # One after the other: which of two files brings a person is seen in the register.
        for number, (deliverable, scope) in enumerate(loaded, start=1):
            put(settings.data_dir, deliverable, scope, now)
            live.wait_until(partial(_are_done, service, number), 300)
    for scene in scenes:
        for deliverable in scene.files:
            put(settings.data_dir, deliverable, scene.scope, scene.now)


def calendar_of(*scenes):
    """The calendar of the scenes' counties, in which no other job starts by itself.

    The scheduler comes late to the year, and would begin with every delivery of the months before.
    """
    own = {CALENDAR.deliverables[scene.key.split("/")[0]].job for scene in scenes}
    counties = sorted({scene.scope for scene in scenes} - {NATIONAL}) or [COUNTY]
    return starting_only(with_counties(WHOLE, counties), *own)


def _waive(keys, service):
    with Session(service.database) as session, session.begin():
        for key in sorted(keys):
            runs.waive(session, key, "kari", "Ikke i år", service.clock())


def _register(births, service):
    with Session(service.database) as session, session.begin():
        for born in sorted(births):
            register_in_followup(session, born)


def _ticked(service):
    service.tick()
    return live.run_states(service.database)


def _are_done(service, number):
    return _ticked(service) == ["done"] * number


def undisturbed(settings, *scenes):
    """Prepare the scenes and play them with nothing in the way."""
    prepare(settings, *scenes)
    expected = sum(scene.runs for scene in scenes)
    with service_at(settings, scenes[0].now) as service:
        live.wait_until(partial(_are_done, service, expected), 300)
        come_to_rest(service)


def come_to_rest(service):
    """Tick until no rehearsal is under way: its files lie in the working folder meanwhile."""

    def rested():
        service.tick()
        return not _rehearsing(service.database)

    live.wait_until(rested, 300)


def _rehearsing(database):
    with reading(database) as session:
        under_way = select(RehearsalRow.id).where(RehearsalRow.state.in_(rehearsals.LIVE)).limit(1)
        return session.scalar(under_way) is not None
