"""Proof: the ledger holds every target of the calendar once, and every run leads somewhere.

Targets are matched with rows both ways, rows with receipts, runs with rows and with the engine.
What does not match is a finding: its sort, its key, and one Norwegian sentence with a remedy.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Any, Self

from sqlalchemy import ColumnElement, Connection, func, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session

from scheduler.calendar import Calendar, expand
from scheduler.calendar.diff import DATES, ChangeKind, dates_that_differ
from scheduler.calendar.occurrence import Occurrence
from scheduler.ledger.draft import planned_cycles
from scheduler.ledger.findings import Finding, Sort
from scheduler.ledger.history import WITHDRAWN
from scheduler.ledger.run_proof import of_engine, of_receipts, of_runs, of_starts
from scheduler.ledger.tables import (
    ChangeRow,
    DecisionRow,
    OccurrenceRow,
    ReceiptRow,
    RehearsalRow,
    RunRow,
)
from scheduler.ledger.version_proof import Versions, last_versions, of_versions

__all__ = ["Finding", "Proof", "Sort", "Targets", "live_runs", "prove"]

# Only what is compared: the explanations of the dates are by far the largest part of a row.
COMPARED = ("key", "deliverable", "cycle", "stage", "scope", *DATES)
ROW = [getattr(OccurrenceRow, name) for name in (*COMPARED, "outcome")]
# Of a year that is over, unless all is proved.
CLOSED = [OccurrenceRow.key, OccurrenceRow.outcome]
_compared = attrgetter(*COMPARED)
RUN = (RunRow.id, RunRow.occurrence_key, RunRow.state, RunRow.requested_at, RunRow.finished_at)

REPLAN = "Start tjenesten på nytt, så planlegges den igjen."


@dataclass(frozen=True, slots=True)
class Proof:
    """What was matched, in numbers, and what did not match, by sort and key."""

    targets: int
    runs: int
    receipts: int
    findings: tuple[Finding, ...]

    @property
    def counts(self) -> dict[str, int]:
        """How many findings there are of each sort that there is."""
        return dict(Counter(finding.sort.value for finding in self.findings))


@dataclass(frozen=True, slots=True)
class Targets:
    """What the calendar says of the school years that are planned: occurrences by key."""

    calendar: Calendar
    cycles: tuple[str, ...]
    by_key: Mapping[str, Occurrence]
    as_rows: Mapping[str, tuple[Any, ...]]

    @classmethod
    def of(cls, calendar: Calendar, now: datetime, year: str | None = None) -> Self:
        """Those of one school year, if a year is given: none, when it is not planned at `now`."""
        cycles = tuple(cycle for cycle in planned_cycles(now) if year in (None, cycle))
        found = [target for cycle in cycles for target in expand(calendar, cycle)]
        by_key = {target.key: target for target in found}
        return cls(calendar, cycles, by_key, {key: _compared(t) for key, t in by_key.items()})

    def hold(self, calendar: Calendar | None, now: datetime) -> bool:
        """Whether they are still those of the calendar at an instant."""
        return self.calendar is calendar and self.cycles == planned_cycles(now)


def prove(
    session: Session,
    targets: Targets,
    engine: Mapping[str, str | None],
    now: datetime,
    starts: Iterable[str] = (),
    year: str | None = None,
    *,
    whole: bool = False,
    versions: Callable[[Session], Versions] = last_versions,
) -> Proof:
    """Match the planned school years and all runs, or all that is of one school `year`.

    `engine` is the state, as the engine told it before this session began, of every run that was
    running then (None for one it does not know) and of all unfinished work, by run id. In this
    order, a run that ends meanwhile is no finding. `starts` is the runs that nothing held back. A `whole`
    proof also holds the rows against what the versions of the calendar left, as `versions` reads them.
    """
    # Thousands of rows at every tick: asked of the connection, past what the session makes of each.
    connection = session.connection()
    planned = _rows(connection, year, OccurrenceRow.cycle.in_(targets.cycles), ROW)
    over = OccurrenceRow.cycle.not_in(targets.cycles)
    rows = planned | _rows(connection, year, over, ROW if whole else CLOSED)
    runs = connection.execute(select(*RUN).where(_in(year, RunRow.id))).all()
    said = select(ReceiptRow.run_id, ReceiptRow.occurrence_key, ReceiptRow.received_at)
    receipts = connection.execute(said.where(_in(year, ReceiptRow.run_id))).all()
    rehearsed = set(session.scalars(select(RehearsalRow.id)))
    work = {
        run: state for run, state in engine.items() if _is_of(year, run) and run not in rehearsed
    }
    findings = [
        *_of_rows(targets, planned),
        *_of_outcomes(rows, _counting([*receipts, *_words(session)], _reopened(session))),
        *of_runs(rows, runs, {receipt.run_id for receipt in receipts}),
        *of_receipts(runs, receipts),
        *of_engine(runs, work, decided(session, "retry"), now),
        *of_starts(runs, [run for run in starts if _is_of(year, run)]),
    ]
    if whole:
        found = {finding.key for finding in findings}
        left = {key: of for key, of in versions(session).items() if _is_of(year, key)}
        findings += [each for each in of_versions(rows, left) if each.key not in found]
    return Proof(len(targets.by_key), len(runs), len(receipts), tuple(sorted(findings)))


def _rows(
    connection: Connection,
    year: str | None,
    which: ColumnElement[bool],
    columns: Sequence[InstrumentedAttribute[Any]],
) -> dict[str, Any]:
    """The rows by key; the first column is the key, and the last how it was closed."""
    asked = select(*columns).where(_in(year, OccurrenceRow.key), which)
    return {row[0]: row for row in connection.execute(asked).all()}


def _is_of(year: str | None, key: str) -> bool:
    return year is None or f"/{year}/" in key


def _in(year: str | None, key: InstrumentedAttribute[str]) -> ColumnElement[bool]:
    return key.contains(f"/{year}/") if year else true()


def live_runs(session: Session) -> list[str]:
    """The ids of the runs that the ledger calls running: the engine must know them."""
    return list(session.scalars(select(RunRow.id).where(RunRow.state == "running")))


def decided(session: Session, action: str) -> dict[str, datetime]:
    """When a person last decided so, by occurrence."""
    query = select(DecisionRow.occurrence_key, func.max(DecisionRow.at))
    mine = query.where(DecisionRow.action == action).group_by(DecisionRow.occurrence_key)
    return {key: at for key, at in session.execute(mine) if key}


def _words(session: Session) -> Sequence[Any]:
    """What people have signed for that it was passed on: the evidence of a forwarding, which has no run."""
    said = select(DecisionRow.occurrence_key, DecisionRow.at.label("received_at"))
    return session.execute(said.where(DecisionRow.action == "forwarded")).all()


def _reopened(session: Session) -> dict[str, datetime]:
    """When an occurrence last was opened again, by key: what came in before no longer closes it."""
    query = select(ChangeRow.occurrence_key, func.max(ChangeRow.at))
    back = query.where(ChangeRow.kind == ChangeKind.REINSTATED.value)
    reinstated = dict(session.execute(back.group_by(ChangeRow.occurrence_key)).all())
    unwaived = decided(session, "unwaive")
    return {
        key: max(each[key] for each in (reinstated, unwaived) if key in each)
        for key in reinstated.keys() | unwaived.keys()
    }


def _counting(receipts: Sequence[Any], opened: Mapping[str, datetime]) -> dict[str, bool]:
    """Occurrence key -> whether a receipt of it came after it was last opened again."""
    found: dict[str, bool] = {}
    for receipt in receipts:
        key, since = receipt.occurrence_key, opened.get(receipt.occurrence_key)
        found[key] = found.get(key, False) or since is None or receipt.received_at > since
    return found


def _of_rows(targets: Targets, rows: Mapping[str, Any]) -> Iterator[Finding]:
    """Targets and rows, both ways."""
    for key in targets.by_key.keys() - rows.keys():
        said = "Kalenderen har fristen, men den mangler i basen."
        yield Finding(Sort.MISSING, key, f"{said} {REPLAN}")
    for key, row in rows.items():
        if row[-1] != WITHDRAWN and row[:-1] == targets.as_rows.get(key):
            continue  # nearly always, and for every row of every tick
        if row.key != "/".join((row.deliverable, row.cycle, row.stage, row.scope)):
            said = (
                "Raden har en nøkkel som ikke er dens egen, og kan være en dublett. Se etter den."
            )
            yield Finding(Sort.MISNAMED, key, said)
        target = targets.by_key.get(key)
        if target is None:
            if row.outcome is None:
                said = "Raden er åpen i basen, men kalenderen har den ikke."
                yield Finding(Sort.UNKNOWN, key, f"{said} {REPLAN}")
        elif row.outcome == WITHDRAWN:
            said = "Fristen er trukket tilbake i basen, men kalenderen har den."
            yield Finding(Sort.DIFFERS, key, f"{said} {REPLAN}")
        elif names := dates_that_differ(row, target):
            said = f"Raden har andre datoer enn kalenderen ({', '.join(names)})."
            yield Finding(Sort.DIFFERS, key, f"{said} Publiser kalenderen på nytt.")


def _of_outcomes(rows: Mapping[str, Any], received: Mapping[str, bool]) -> Iterator[Finding]:
    """Done is what has a receipt, or of a forwarding a signed word, and nothing else."""
    for key, row in rows.items():
        outcome = row[-1]  # by its place, which is many times as quick as by its name
        if outcome == "done" and key not in received:
            said = "Fristen står som levert uten kvittering. Finn kvitteringen, eller kjør på nytt."
            yield Finding(Sort.UNPROVEN, key, said)
        if outcome is None and received.get(key):
            said = "Kvitteringen er inne, men fristen står som åpen. Meld fra til driften."
            yield Finding(Sort.UNSETTLED, key, said)
