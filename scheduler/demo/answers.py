"""Answers: what the replayed year says where it has no file: nothing to report, or not needed."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.calendar import SchoolYear
from scheduler.daemon import Service
from scheduler.ledger import runs
from scheduler.ledger.tables import OccurrenceRow
from scheduler.simulate.passing_on import pass_on

CHANGES = "skole-off-sluttere-startere"
# Deliveries that the replay answers instead, so that it is short: row, (month, day), and the answer.
UNCHANGED = (
    ("inn-sokere-vigo-host", (10, 29), "Ingen søker er endret siden september (demo)."),
    ("fag-kontrakter-vigo", (11, 10), "Ingen kontrakt er ny eller endret siden oktober (demo)."),
)
NO_RESULTS = "Demoen har ingen resultater fra fjoråret."
# What last year's files, which the replay has not, would be the source of: row, stage, (month, day), why.
BEFORE_THE_REPLAY = (
    ("fag-udirformidling-mnd", "1", (8, 2), "Demoen begynner i august, uten vårens søkere."),
    ("stat-ssbresultat-endelig", "final", (9, 1), NO_RESULTS),
)
# The counties' files go on from here: the first on the working day after their deadline, which is one of these,
# and the final ones late, so that the autumn shows what waits for a word.
FORWARDING = "stat-ist-udir-videresending"
FORWARDED = ((10, 25), (10, 26), (10, 27), (10, 28), (12, 1))
# Eight weeks of every county's transfers would double the time that the replay takes.
NOT_SHOWN = tuple(
    ("ot-overforing-elevkurs", str(week), (9, 1), "Demoen viser overføringene fra november.")
    for week in range(1, 9)
)
Answer = tuple[date, str, Callable[[Service], None]]


def answers_of(cycle: str, counties: list[str]) -> Iterator[Answer]:
    """The day, what is told, and the deed, of every answer in a school year."""
    autumn = SchoolYear(cycle).start_year
    for row, stage, (month, day), why in (*BEFORE_THE_REPLAY, *NOT_SHOWN):
        keys = [f"{row}/{cycle}/{stage}/{county}" for county in counties]
        waiver = partial(_waive, keys=keys, why=why)
        yield date(autumn, month, day), "Det demoen ikke har grunnlag for, fritas", waiver
    results = partial(_waive, keys=[f"{FORWARDING}/{cycle}/1/national"], why=NO_RESULTS)
    yield date(autumn, 9, 1), "Det demoen ikke har grunnlag for, fritas", results
    for month, day in FORWARDED:
        yield date(autumn, month, day), "Filene er sendt videre", _pass_on
    for row, (month, day), why in UNCHANGED:
        due = date(autumn, month, day)
        unchanged = partial(_report, row=row, until=due, counties=counties, why=why)
        yield due - timedelta(days=1), "Ingen søkere eller kontrakter er endret", unchanged
    why = "Ingen har sluttet eller begynt denne uken (demo)."
    for monday in _mondays(date(autumn, 9, 1), date(autumn + 1, 6, 30)):
        quiet = partial(_report, row=CHANGES, until=monday, counties=counties, why=why)
        yield monday, "Ingen sluttere eller startere", quiet


def _mondays(first: date, last: date) -> Iterator[date]:
    day = first + timedelta(days=-first.weekday() % 7)
    while day <= last:
        yield day
        day += timedelta(weeks=1)


def _waive(service: Service, keys: list[str], why: str) -> None:
    with Session(service.database) as session, session.begin():
        for key in keys:
            runs.waive(session, key, "demo", why, service.clock())


def _pass_on(service: Service) -> None:
    """Sign for what has come of the counties' files, on its day."""
    calendar = service.ticker.calendar
    if calendar is not None:
        with Session(service.database) as session, session.begin():
            pass_on(session, calendar, "demo", "Sendt videre (demo).", service.clock())


def _report(service: Service, row: str, until: date, counties: list[str], why: str) -> None:
    """Every county says that it has nothing to report in a row until a day."""
    query = select(OccurrenceRow.key).where(
        OccurrenceRow.deliverable == row,
        OccurrenceRow.scope.in_(counties),
        OccurrenceRow.due <= until,
        OccurrenceRow.outcome.is_(None),
    )
    with Session(service.database) as session, session.begin():
        for key in session.scalars(query).all():
            runs.report_nothing(session, key, "demo", why, service.clock())
