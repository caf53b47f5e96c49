"""Proof: the ledger holds every target of the calendar once, and every run leads somewhere.

Targets are matched with rows both ways, rows with receipts, runs with rows and with the engine.
What does not match is a finding: its sort, its key, and one Norwegian sentence with a remedy.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Self

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.calendar import Calendar, expand
from scheduler.calendar.diff import DAYS
from scheduler.calendar.occurrence import Occurrence
from scheduler.ledger.draft import planned_cycles
from scheduler.ledger.history import WITHDRAWN
from scheduler.ledger.tables import OccurrenceRow, ReceiptRow, RunRow

LIVE = ("requested", "running")
# What the engine calls work that it has not finished.
UNFINISHED = frozenset({"ENQUEUED", "PENDING", "DELAYED"})
# A submission and its note are two acts; a tick that dies between them is mended by the next.
SUBMITTED_WITHIN = timedelta(minutes=5)

# Only what is compared: the explanations of the dates are by far the largest part of a row.
ROW = [
    getattr(OccurrenceRow, name)
    for name in ("key", "deliverable", "cycle", "stage", "scope", "outcome", *DAYS)
]
RUN = (RunRow.id, RunRow.occurrence_key, RunRow.state, RunRow.requested_at)

REPLAN = "Start tjenesten på nytt, så planlegges den igjen."


class Sort(StrEnum):
    """What is wrong, as a word that a metric can bear."""

    MISSING = "missing"
    UNKNOWN = "unknown"
    DIFFERS = "differs"
    MISNAMED = "misnamed"
    UNPROVEN = "unproven"
    UNSETTLED = "unsettled"
    HOMELESS = "homeless"
    DOUBLED = "doubled"
    FROZEN = "frozen"
    LOST = "lost"


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One thing that does not match."""

    sort: Sort
    key: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Proof:
    """What was matched, in numbers, and what did not match, by sort and key."""

    targets: int
    runs: int
    receipts: int
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Targets:
    """What the calendar says of the school years that are planned: occurrences by key."""

    calendar: Calendar
    cycles: tuple[str, ...]
    by_key: Mapping[str, Occurrence]

    @classmethod
    def of(cls, calendar: Calendar, now: datetime) -> Self:
        cycles = planned_cycles(now)
        found = (target for cycle in cycles for target in expand(calendar, cycle))
        return cls(calendar, cycles, {target.key: target for target in found})

    def hold(self, calendar: Calendar | None, now: datetime) -> bool:
        """Whether they are still those of the calendar at an instant."""
        return self.calendar is calendar and self.cycles == planned_cycles(now)


def prove(session: Session, targets: Targets, engine: Mapping[str, str], now: datetime) -> Proof:
    """Match the planned school years and all runs.

    `engine` is the state of every live run and of all unfinished work, by run id, as the engine
    tells it.
    """
    rows = {row.key: row for row in session.execute(select(*ROW))}
    planned = {key: row for key, row in rows.items() if row.cycle in targets.cycles}
    runs = session.execute(select(*RUN)).all()
    receipts = session.execute(select(ReceiptRow.run_id, ReceiptRow.occurrence_key))
    received = {row.run_id: row.occurrence_key for row in receipts}
    findings = [
        *_of_rows(targets.by_key, planned),
        *_of_outcomes(rows, set(received.values())),
        *_of_runs(rows, runs, set(received)),
        *_of_engine(runs, engine, now),
    ]
    return Proof(len(targets.by_key), len(runs), len(received), tuple(sorted(findings)))


def live_runs(session: Session) -> list[str]:
    """The ids of the runs that the ledger calls requested or running."""
    return list(session.scalars(select(RunRow.id).where(RunRow.state.in_(LIVE))))


def _of_rows(targets: Mapping[str, Occurrence], rows: Mapping[str, Any]) -> Iterator[Finding]:
    """Targets and rows, both ways."""
    for key in targets.keys() - rows.keys():
        said = "Kalenderen har fristen, men den mangler i basen."
        yield Finding(Sort.MISSING, key, f"{said} {REPLAN}")
    for key, row in rows.items():
        if row.key != "/".join((row.deliverable, row.cycle, row.stage, row.scope)):
            said = (
                "Raden har en nøkkel som ikke er dens egen, og kan være en dublett. Se etter den."
            )
            yield Finding(Sort.MISNAMED, key, said)
        target = targets.get(key)
        if target is None:
            if row.outcome is None:
                said = "Raden er åpen i basen, men kalenderen har den ikke."
                yield Finding(Sort.UNKNOWN, key, f"{said} {REPLAN}")
        elif row.outcome != WITHDRAWN and (names := _different(row, target)):
            said = f"Raden har andre datoer enn kalenderen ({', '.join(names)})."
            yield Finding(Sort.DIFFERS, key, f"{said} Publiser kalenderen på nytt.")


def _different(row: Any, target: Occurrence) -> list[str]:
    return [name for name in DAYS if getattr(row, name) != getattr(target, name)]


def _of_outcomes(rows: Mapping[str, Any], received: set[str]) -> Iterator[Finding]:
    """Done is what has a receipt, and nothing else."""
    for key, row in rows.items():
        if row.outcome == "done" and key not in received:
            said = "Fristen står som levert uten kvittering. Finn kvitteringen, eller kjør på nytt."
            yield Finding(Sort.UNPROVEN, key, said)
        if row.outcome is None and key in received:
            said = "Kvitteringen er inne, men fristen står som åpen. Meld fra til driften."
            yield Finding(Sort.UNSETTLED, key, said)


def _of_runs(rows: Mapping[str, Any], runs: Sequence[Any], received: set[str]) -> Iterator[Finding]:
    live: dict[str, str] = {}
    for run in runs:
        if run.occurrence_key not in rows:
            said = (
                "Kjøringen hører til en frist som ikke er i basen. Hent raden fra sikkerhetskopi."
            )
            yield Finding(Sort.HOMELESS, run.id, said)
        if run.state == "done" and run.id not in received:
            said = "Kjøringen er fullført uten kvittering. Finn kvitteringen, eller kjør på nytt."
            yield Finding(Sort.UNPROVEN, run.id, said)
        if run.state in LIVE:
            if run.occurrence_key in live:
                said = f"Samme frist kjører alt som {live[run.occurrence_key]}. Avbryt den ene."
                yield Finding(Sort.DOUBLED, run.id, said)
            live[run.occurrence_key] = run.id


def _of_engine(runs: Sequence[Any], engine: Mapping[str, str], now: datetime) -> Iterator[Finding]:
    """Live runs and unfinished work, both ways."""
    known = {run.id: run for run in runs}
    for run in runs:
        state = engine.get(run.id)
        if run.state not in LIVE or state in UNFINISHED:
            continue
        if run.state == "requested":
            if now - run.requested_at > SUBMITTED_WITHIN:
                said = "Kjøringen er bestilt, men ikke begynt. Se om planleggeren går."
                yield Finding(Sort.FROZEN, run.id, said)
        elif state is None:
            said = "Kjøringen står som i gang, men motoren kjenner den ikke. Bestill en ny kjøring."
            yield Finding(Sort.LOST, run.id, said)
        else:
            said = (
                f"Kjøringen står som i gang, men motoren er ferdig med den ({state}). Bestill ny."
            )
            yield Finding(Sort.FROZEN, run.id, said)
    for work, state in engine.items():
        if state in UNFINISHED and work not in known:
            said = "Motoren arbeider med en kjøring som ikke er i basen. Meld fra til driften."
            yield Finding(Sort.HOMELESS, work, said)
