"""Run proof: every run has its row, its receipt and its work in the engine, and the other way."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from scheduler.ledger.findings import Finding, Sort
from scheduler.ledger.run_ids import key_of
from scheduler.ledger.runs import LIVE
from scheduler.ledger.words import RUN_STATES

# What the engine calls work that it has not finished.
UNFINISHED = frozenset({"ENQUEUED", "PENDING", "DELAYED"})
# A submission and its note are two acts; a tick that dies between them is mended by the next.
SUBMITTED_WITHIN = timedelta(minutes=5)
# The ledger is told first that a run is over, and the engine at once after.
ENDED_WITHIN = timedelta(minutes=5)
# The country's largest file takes minutes.
DONE_WITHIN = timedelta(hours=2)
AGAIN = "Avbryt den (aarshjul cancel), og bestill en ny."


def of_runs(rows: Mapping[str, Any], runs: Sequence[Any], received: set[str]) -> Iterator[Finding]:
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
        if run.state not in RUN_STATES:
            said = f"Kjøringen har en tilstand som ikke finnes («{run.state}»), og går ikke videre."
            yield Finding(Sort.FROZEN, run.id, f"{said} Meld fra til driften.")
        if run.state in LIVE:
            if run.occurrence_key in live:
                said = f"Samme frist kjører alt som {live[run.occurrence_key]}. Avbryt den ene."
                yield Finding(Sort.DOUBLED, run.id, said)
            live[run.occurrence_key] = run.id


def of_receipts(runs: Sequence[Any], receipts: Sequence[Any]) -> Iterator[Finding]:
    """Every receipt is that of a run which is done, of the same occurrence."""
    known = {run.id: run for run in runs}
    for receipt in receipts:
        run = known.get(receipt.run_id)
        if run is None or run.occurrence_key != receipt.occurrence_key:
            said = "Kvitteringen hører til en kjøring som ikke er i basen."
            yield Finding(Sort.HOMELESS, receipt.run_id, f"{said} Hent den fra sikkerhetskopi.")
        elif run.state != "done":
            said = "Kvitteringen er inne, men kjøringen står ikke som fullført."
            yield Finding(Sort.UNSETTLED, run.id, f"{said} Meld fra til driften.")


def of_starts(runs: Sequence[Any], starts: Iterable[str]) -> Iterator[Finding]:
    """What should have started by now has a run."""
    for run in set(starts) - {run.id for run in runs}:
        key = key_of(run)
        said = "Skulle ha startet, og ingenting holder den, men den er ikke bestilt."
        yield Finding(Sort.FROZEN, key, f"{said} Se om planleggeren går, eller kjør den for hånd.")


def of_engine(
    runs: Sequence[Any],
    engine: Mapping[str, str | None],
    retried: Mapping[str, datetime],
    now: datetime,
) -> Iterator[Finding]:
    """Runs and the engine's work, both ways; `retried` is when, by occurrence."""
    known = {run.id: run for run in runs}
    for run in runs:
        if (finding := _of_run(run, engine, retried, now)) is not None:
            yield finding
    for work, state in engine.items():
        if state in UNFINISHED and work not in known:
            said = "Motoren arbeider med en kjøring som ikke er i basen. Meld fra til driften."
            yield Finding(Sort.HOMELESS, work, said)


def _of_run(
    run: Any, engine: Mapping[str, str | None], retried: Mapping[str, datetime], now: datetime
) -> Finding | None:
    """What does not match of one run and its work; the engine was asked before the ledger."""
    state = engine.get(run.id)
    if run.state not in LIVE:
        if state not in UNFINISHED or now - (run.finished_at or now) <= ENDED_WITHIN:
            return None
        said = "Kjøringen er avsluttet i basen, men motoren arbeider ennå med den."
        return Finding(Sort.FROZEN, run.id, f"{said} Start tjenesten på nytt.")
    if run.state != "running" or state in UNFINISHED:
        return _of_waiting(
            run, now - max(run.requested_at, retried.get(run.occurrence_key, run.requested_at))
        )
    if run.id not in engine:
        return None  # begun after the engine was asked
    if state is None:
        said = "Kjøringen står som i gang, men motoren kjenner den ikke."
        return Finding(Sort.LOST, run.id, f"{said} {AGAIN}")
    said = f"Kjøringen står som i gang, men motoren er ferdig med den ({state})."
    return Finding(Sort.FROZEN, run.id, f"{said} {AGAIN}")


def _of_waiting(run: Any, waited: timedelta) -> Finding | None:
    """A run that goes on, unless it has done so for too long."""
    if run.state == "requested" and waited > SUBMITTED_WITHIN:
        said = "Kjøringen er bestilt, men ikke begynt. Se om planleggeren går."
        return Finding(Sort.FROZEN, run.id, said)
    if waited > DONE_WITHIN:
        said = "Kjøringen har stått som i gang i over to timer. Avbryt den (aarshjul cancel)."
        return Finding(Sort.FROZEN, run.id, said)
    return None
