"""Play: live through the agenda with the real service, moment by moment."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from random import Random

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from scheduler.calendar import SchoolYear
from scheduler.calendar.occurrence import OSLO
from scheduler.ledger import pausing, runs
from scheduler.ledger.database import open_database
from scheduler.ledger.planner import planned_cycles
from scheduler.ledger.runs import LedgerError
from scheduler.publishing.publish import publish
from scheduler.publishing.rollover import approve
from scheduler.settings import Settings, read_settings
from scheduler.simulate.agenda import Moment, agenda
from scheduler.simulate.almanac import DECIDED_BY, Edition, moved, narrowed
from scheduler.simulate.clock import LedClock
from scheduler.simulate.counties import NO_DATA, NOTHING_TO_SAY, Deed, What
from scheduler.simulate.faults import CLOCK_ERRORS, CRASHES, OUTAGES, Strike
from scheduler.simulate.house import House
from scheduler.simulate.people import OPERATOR, People, tell_schools
from scheduler.simulate.scenario import Data, Fault, Scenario
from scheduler.simulate.sending import put

SENDER = "Avsenderen (simulert)"
PERSONS = ("Koordinator (simulert)", "Leder (simulert)")
PAUSED = "Nytt fagsystem (simulert)."


@dataclass
class Play:
    """A scenario being lived through in a folder of its own.

    `struck` is what happened of the faults, in words for the record, `files` the files that were
    put (deliverable, sender, name), `unproved` what the proof found on the way, which should be
    nothing; `edition` is the calendar in use.
    """

    scenario: Scenario
    folder: Path
    text: str
    struck: list[tuple[datetime, str, str]] = field(default_factory=list)
    files: list[tuple[str, str, str]] = field(default_factory=list)
    unproved: list[tuple[datetime, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.edition = Edition.read(narrowed(self.text, self.scenario.counties))
        self.agenda = agenda(self.edition.calendar, self.scenario)
        self.clock = LedClock(next(iter(self.agenda)))
        self.house = House(_settings(self.folder), self.clock)
        self._absent: set[Strike] = set()
        self._postponed: list[Moment] = []
        self._pauses: dict[Strike, int] = {}
        self._asked_on: date | None = None

    def moments(self) -> Iterator[datetime]:
        """Live through everything; yields each instant when it is over."""
        self._begin()
        for at, moment in self.agenda.items():
            self.clock.now = at
            self._live(moment)
            yield at
        self._prove_all()
        self.house.close()

    @property
    def last_day(self) -> date:
        return self.clock.now.astimezone(OSLO).date()

    @property
    def database(self) -> Engine:
        """What was left behind, to be read when all is over."""
        return open_database(self.house.settings.ledger_url)

    def _prove_all(self) -> None:
        for cycle in planned_cycles(self.clock()):
            found = self.house.service.ticker.prover.whole(
                self.edition.calendar, self.clock(), cycle
            )
            self.unproved += [
                (self.clock(), f"{each.key}: {each.sentence}") for each in found.findings
            ]

    def _begin(self) -> None:
        self.house.settings.calendar.write_text(self.edition.text, encoding="utf-8")
        self.house.open()
        with Session(self.house.service.database) as session, session.begin():
            tell_schools(session, self.edition.calendar, self.clock())

    def _live(self, moment: Moment) -> None:
        for strike in moment.ends:
            self._end(strike)
        for strike in moment.begins:
            self._strike(strike)
        files = [deed for deed in moment.deeds if deed.what is What.FILE]
        for deed in files:
            self._put(deed)
        if self._absent:
            self._postponed.append(moment)
            return
        for waited in [*self._postponed, moment]:
            self._act(waited)
        missed = bool(self._postponed)
        self._postponed = []
        if self._ask_people() or missed or moment.works:
            self._work()
        if moment.is_round or missed:
            self.house.service.notify()

    def _work(self) -> None:
        self.house.work()
        found = self.house.service.ticker.proof_fault
        if found:
            self.unproved.append((self.clock(), found))

    def _strike(self, strike: Strike) -> None:
        fault = strike.fault
        if strike.is_absence:
            self._absent.add(strike)
            if fault in OUTAGES:
                self.house.close()
            self._note(strike, f"til {strike.until:%Y-%m-%dT%H:%M:%SZ}")
        elif fault in CLOCK_ERRORS:
            self.clock.error += CLOCK_ERRORS[fault]
            self._note(strike, f"til {strike.until:%Y-%m-%dT%H:%M:%SZ}")
        elif fault in CRASHES:
            self.house.fuse.arm(fault, strike.steps)
            self._note(strike, f"ved arbeid nr. {strike.steps}")

    def _end(self, strike: Strike) -> None:
        self._absent.discard(strike)
        if strike.fault in CLOCK_ERRORS:
            self.clock.error -= CLOCK_ERRORS[strike.fault]
        if not any(other.fault in OUTAGES for other in self._absent):
            self.house.open()

    def _act(self, moment: Moment) -> None:
        """What people do on the site or the command line, which must be there for it."""
        for strike in moment.ends:
            self._resume(strike)
        for strike in moment.begins:
            if strike.fault in (Fault.PAUSE_UNTIL, Fault.PAUSE_LIFTED):
                self._pause(strike)
            elif strike.fault is Fault.DATE_MOVED:
                self._move_a_date(strike)
        with Session(self.house.service.database) as session, session.begin():
            for deed in moment.deeds:
                self._say(session, deed)
            if moment.approves:
                self._approve(session, moment.approves)

    def _say(self, session: Session, deed: Deed) -> None:
        now = self.clock()
        try:
            if deed.what is What.NOTHING:
                runs.report_nothing(session, deed.key, SENDER, NOTHING_TO_SAY, now)
            elif deed.what is What.WAIVE:
                runs.waive(session, deed.key, OPERATOR, NO_DATA, now)
        except LedgerError:  # closed by somebody else meanwhile, which is told to the one who asks
            return

    def _approve(self, session: Session, cycle: str) -> None:
        for person in PERSONS:
            approve(session, self.edition.calendar, SchoolYear(cycle), person, self.clock())

    def _ask_people(self) -> bool:
        """Once a day, what waits for a person; whether they did something."""
        today = self.clock().astimezone(OSLO).date()
        if today == self._asked_on:
            return False
        self._asked_on = today
        people = People(
            self.edition.calendar,
            self.scenario.seed,
            willing=self.scenario.data is Data.WHOLE,
        )
        with Session(self.house.service.database) as session, session.begin():
            return people.act(session, self.clock())

    def _pause(self, strike: Strike) -> None:
        calendar, chance = self.edition.calendar, self._chance(strike)
        rows = [row.id for row in calendar.deliverables.values() if row.job and row.is_active]
        row = chance.choice([None, *rows])
        county = chance.choice([None, *calendar.counties])
        until = None
        if strike.fault is Fault.PAUSE_UNTIL:
            until = strike.until.astimezone(OSLO).date()
        with Session(self.house.service.database) as session, session.begin():
            try:
                pause = pausing.begin(
                    session, calendar, row, county, until, OPERATOR, PAUSED, self.clock()
                )
            except LedgerError:  # its last day went by while nobody could begin it
                return
        self._pauses[strike] = pause.number
        self._note(strike, f"{row or 'alt'}, {county or 'alle fylker'}")

    def _resume(self, strike: Strike) -> None:
        number = self._pauses.pop(strike, None)
        if number is not None:
            with Session(self.house.service.database) as session, session.begin():
                pausing.end(session, number, OPERATOR, "Ferdig (simulert).", self.clock())

    def _move_a_date(self, strike: Strike) -> None:
        now = self.clock()
        today = now.astimezone(OSLO).date()
        move = moved(self.edition, str(SchoolYear.of(today)), today, self._chance(strike))
        if move is None:
            return
        self.edition = move.edition
        self.house.settings.calendar.write_text(move.edition.text, encoding="utf-8")
        with Session(self.house.service.database) as session, session.begin():
            why = f"{move.row} er flyttet (simulert)."
            publish(session, move.edition.calendar, move.edition.text, DECIDED_BY, why, now)
        self._note(strike, f"{move.row} fra {move.before} til {move.after}")

    def _chance(self, strike: Strike) -> Random:
        drawn = f"{self.scenario.seed}/{strike.at.isoformat()}/{strike.fault.value}"
        return Random(drawn)  # noqa: S311 - a drawn world, no secret

    def _note(self, strike: Strike, what: str) -> None:
        self.struck.append((strike.at, strike.fault.value, what))

    def _put(self, deed: Deed) -> None:
        """Let the sender's file lie in its folder; that needs no service."""
        calendar, seed = self.edition.calendar, self.scenario.seed
        self.files.append(put(deed, calendar, seed, self.folder, self.clock.now))


def _settings(folder: Path) -> Settings:
    """Settings of a folder and a database of its own, whatever the environment says."""
    return read_settings(
        data_dir=folder,
        database_url="",
        calendar=folder / "calendar.yaml",
        mail_folder=folder / "mail",
        publish="by-command",
        drain_seconds=0,
        ping_url="",
    )
