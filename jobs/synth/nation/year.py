"""The nation's year in the follow-up service: files come in, transfers run as jobs, advisers give statuses.

The moments are those of the calendar, the weekly ones taken together. Seven counties choose OSMO.
"""

import csv
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

import polars as pl
from sqlalchemy.orm import Session

from jobs.api import DataStep, Job, JobContext, Order
from jobs.ot import status
from jobs.ot.age import CLOSE_OT_AGE
from jobs.ot.choice import choose
from jobs.ot.extract import ot_data
from jobs.ot.job import TRANSFERS
from jobs.ot.transfer import AUGUST, Transfer
from jobs.register.datasets import ADULTS, APPLICANTS, APPRENTICES, SCHOOL
from jobs.synth.draw import Draw
from jobs.synth.nation import courses, others
from jobs.synth.nation.people import make_people
from jobs.synth.nation.register import SENDER, Register
from jobs.synth.people import counties

Day = tuple[int, int]
JOBS: Mapping[str, Job] = {job.name: job for job in (*TRANSFERS, CLOSE_OT_AGE)}
APPLICANT_JOB, BROKEN_OFF_JOB, YOUTH_JOB = (job.name for job in TRANSFERS)
# When those who left since the last time are read in; the transfer is the day after.
REPORTS: tuple[Day, ...] = ((10, 5), (11, 11), (2, 10), (5, 12))
CHOSEN = tuple(counties()[1::2])  # seven chose OSMO in 2024-2025 (S); which ones is our own pick
WHO, WHY = "syntetisk", "Syntetisk år"
# What the advisers had come to by June, per 10,000: unknown and followed up as in the seeds (S),
# the rest spread by us (I). The last two turned out not to belong to the target.
STATUSES = {
    "OTUK": 2690,
    "OTOV": 1830,
    "OTAR": 2200,
    "OTEV": 900,
    "OTOA": 600,
    "OTAP": 500,
    "OTSY": 700,
    "OTNO": 380,
    "OTAR_IM": 120,
    "OTFU_IM": 80,
}
STATUS_DAY, COUNT_DAY = (5, 20), (6, 15)


@dataclass(frozen=True)
class Year:
    """A school year ("2024-2025") of the nation; `share` scales it, `chosen` are the counties with OSMO."""

    register: Register
    cycle: str
    share: float
    chosen: tuple[str, ...] = CHOSEN
    seed: int = 1

    @property
    def skolear(self) -> str:
        return self.cycle.replace("-", "")

    def day(self, month_and_day: Day) -> date:
        month, day = month_and_day
        return date(int(self.cycle[:4]) + (month < AUGUST), month, day)

    @cached_property
    def people(self) -> pl.DataFrame:
        return make_people(self.cycle, self.share, self.seed)

    @cached_property
    def courses(self) -> pl.DataFrame:
        return courses.make_courses(self.people, self.cycle, self.seed)

    @cached_property
    def contracts(self) -> pl.DataFrame:
        return others.make_contracts(self.people, self.cycle, self.seed)

    def begin(self) -> None:
        """Take in the files of the autumn: schools, applicants, contracts and adults."""
        now = _at(self.day((9, 12)))
        take = self.register.take
        take("skole-off-ajourhold-sep", SCHOOL, courses.begun(self.courses), self.skolear, now)
        before = f"{int(self.cycle[:4]) - 1}{self.cycle[:4]}"
        take("skole-off-slutt-jun", SCHOOL, courses.earlier(self.people, self.cycle), before, now)
        self.register.note(["skole-priv-programomrader-sep"], [SENDER], now)
        for county in counties():
            mine = self.people.filter(fylke=county)
            wanted = others.applicants(mine, self.cycle)
            take("inn-sokere-vigo-host", APPLICANTS, wanted, self.cycle[:4], now, county)
            running = others.running(self.contracts.filter(fylke=county))
            take("fag-kontrakter-vigo", APPRENTICES, running, self.skolear, now, county)
            applied = others.adults(mine, self.cycle)
            take("vok-inschool-aug", ADULTS, applied, self.skolear, now, county)

    def moments(self) -> list[tuple[date, Callable[[date], None]]]:
        """What happens on which day, in order."""
        reports = [self.day(report) for report in REPORTS]
        return sorted(
            [
                (self.day((9, 15)), self._transfers(APPLICANT_JOB)),
                *((report, self._report) for report in reports),
                *((r + timedelta(days=1), self._transfers(BROKEN_OFF_JOB)) for r in reports),
                (self.day((10, 13)), self._count),
                (self.day((10, 14)), self._choose),
                (self.day((10, 20)), self._transfers(YOUTH_JOB, self.chosen)),
                (self.day((10, 31)), self._before_november),
                (self.day((11, 5)), self._transfers(APPLICANT_JOB)),
                (self.day((11, 10)), self._private_changes),
                (self.day((1, 1)), self._age),
                (self.day(STATUS_DAY), self._statuses),
                (self.day((6, 5)), self._transfers(APPLICANT_JOB)),
            ],
            key=lambda moment: moment[0],
        )

    def live(self) -> pl.DataFrame:
        """Live through the year; returns the OT data of the whole country per 15 June."""
        self.begin()
        for day, happens in self.moments():
            happens(day)
        with Session(self.register.engine) as session:
            return ot_data(session, None, self.skolear, self.day(COUNT_DAY))

    def _transfers(self, job: str, chosen: Iterable[str] | None = None) -> Callable[[date], None]:
        def transfer(day: date) -> None:
            for county in counties() if chosen is None else chosen:
                self._run(job, county, day)

        return transfer

    def _run(self, job: str, scope: str, day: date) -> None:
        key = f"{job}/{self.cycle}/{day:%m%d}/{scope}"
        stage = f"{day:%m%d}"
        order = Order(f"{key}#1", job, job, self.cycle, stage, scope, day, day, None, _at(day))
        ctx, facts = JobContext(order, self.register.engine, self.register.folder), dict[str, Any]()
        for step in JOBS[job].steps:
            if isinstance(step, DataStep):
                with Session(self.register.engine) as session, session.begin():
                    facts |= step.body(ctx, session, facts)
            else:
                facts |= step.body(ctx, facts)

    def _report(self, day: date) -> None:
        """The files of those who left school or their contract since the last ones."""
        reports = [self.day(report) for report in REPORTS]
        place = reports.index(day)
        since = reports[place - 1] if place else self.day((AUGUST, 1))
        left = courses.left(self.courses, since, day)
        self.register.take("skole-off-sluttere-startere", SCHOOL, left, self.skolear, _at(day))
        for county in counties():
            ended = others.contracts(self.contracts.filter(fylke=county), since, day)
            row = "fag-kontrakter-vigo"
            self.register.take(row, APPRENTICES, ended, self.skolear, _at(day), county)

    def _count(self, day: date) -> None:
        """The count of 1 October, in which nothing was new, and the dry runs of OSMO."""
        self.register.note(["skole-off-telling-okt"], counties(), _at(day))
        self.register.note(["skole-priv-telling-okt"], [SENDER], _at(day))
        for county in self.chosen:
            self._run(YOUTH_JOB, county, day)

    def _choose(self, day: date) -> None:
        for county in self.chosen:
            with Session(self.register.engine) as session, session.begin():
                wanted = Transfer(county, self.skolear, day)
                choose(session, wanted, WHO, WHY, _at(day))

    def _before_november(self, day: date) -> None:
        self.register.note(["inn-sokere-vigo-host"], counties(), _at(day))

    def _private_changes(self, day: date) -> None:
        self.register.note(["skole-priv-slutt-start-nov"], [SENDER], _at(day))

    def _age(self, day: date) -> None:
        self._run(CLOSE_OT_AGE.name, SENDER, day)

    def _statuses(self, day: date) -> None:
        """Every county's file of statuses: OTUK stands for those whom nobody has reached."""
        draw = Draw(f"{self.seed}/{self.cycle}/statuser")
        with Session(self.register.engine) as session:
            standing = ot_data(session, None, self.skolear, day).with_columns(
                nr=pl.int_range(pl.len())
            )
        given = standing.with_columns(gitt=draw.weighted(STATUSES, "status")).filter(
            pl.col("gitt") != "OTUK"
        )
        for county in counties():
            file = self.register.folder / f"statuser-{county}.csv"
            _write(file, given.filter(fylkesnummer=county), day)
            word = status.Word(WHO, WHY)
            wanted = Transfer(county, self.skolear, day)
            status.take_in(self.register.engine, self.register.folder, file, wanted, word, _at(day))


def _at(day: date) -> datetime:
    return datetime.combine(day, time(6), UTC)


def _write(file: Path, given: pl.DataFrame, day: date) -> None:
    with file.open("w", newline="", encoding="utf-8") as text:
        lines = csv.writer(text, delimiter=";")
        lines.writerow(status.COLUMNS)
        lines.writerows(
            [number, code, day, day, ""]
            for number, code in given.select("fodselsnummer", "gitt").iter_rows()
        )
