"""Golden: everything that a simulated year left behind, as bytes that are the same every time.

No wall clock, no random address and no number of a process is in it; instants are the led clock's.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from jobs.channels.files import sha256_of
from jobs.channels.outbox import MANIFEST
from jobs.register.tables import Delivery
from scheduler.ledger.database import reading
from scheduler.ledger.tables import (
    ApprovalRow,
    CalendarVersion,
    ChangeRow,
    DecisionRow,
    OccurrenceRow,
    PauseRow,
    ReceiptRow,
    RehearsalRow,
    RunRow,
)
from scheduler.notify.tables import MessageRow, NoticeRow
from scheduler.simulate.scenario import Scenario

Ledger = dict[str, list[dict[str, Any]]]
"""Name of a table -> its rows, in an order that does not depend on who was first."""

Columns = Sequence[InstrumentedAttribute[Any]]

KEPT: dict[str, tuple[Columns, Columns]] = {
    "versions": (
        (
            CalendarVersion.number,
            CalendarVersion.in_use_since,
            CalendarVersion.published_by,
            CalendarVersion.why,
            CalendarVersion.sha256,
        ),
        (CalendarVersion.number,),
    ),
    "approvals": (
        (ApprovalRow.cycle, ApprovalRow.actor, ApprovalRow.at, ApprovalRow.dates_sha256),
        (ApprovalRow.id,),
    ),
    "changes": (
        (ChangeRow.version, ChangeRow.kind, ChangeRow.occurrence_key, ChangeRow.at),
        (ChangeRow.version, ChangeRow.occurrence_key),
    ),
    "occurrences": (
        (
            OccurrenceRow.key,
            OccurrenceRow.due,
            OccurrenceRow.outcome,
            OccurrenceRow.outcome_at,
            OccurrenceRow.due_when_settled,
        ),
        (OccurrenceRow.key,),
    ),
    "runs": (
        (
            RunRow.id,
            RunRow.state,
            RunRow.started_by,
            RunRow.requested_at,
            RunRow.finished_at,
            RunRow.reasons,
            RunRow.content_sha256,
        ),
        (RunRow.occurrence_key, RunRow.number),
    ),
    "rehearsals": (
        (
            RehearsalRow.id,
            RehearsalRow.state,
            RehearsalRow.requested_at,
            RehearsalRow.finished_at,
            RehearsalRow.tried,
        ),
        (RehearsalRow.id,),
    ),
    "receipts": (
        (
            ReceiptRow.run_id,
            ReceiptRow.kind,
            ReceiptRow.receiver,
            ReceiptRow.reference,
            ReceiptRow.received_at,
            ReceiptRow.detail,
        ),
        (ReceiptRow.run_id,),
    ),
    "decisions": (
        (
            DecisionRow.at,
            DecisionRow.actor,
            DecisionRow.action,
            DecisionRow.occurrence_key,
            DecisionRow.reason,
            DecisionRow.detail,
        ),
        (DecisionRow.id,),
    ),
    "pauses": (
        (
            PauseRow.deliverable,
            PauseRow.county,
            PauseRow.begun_at,
            PauseRow.until,
            PauseRow.ended_at,
        ),
        (PauseRow.id,),
    ),
    "deliveries": (
        (
            Delivery.deliverable,
            Delivery.sender,
            Delivery.file_name,
            Delivery.sha256,
            Delivery.received_at,
            Delivery.state,
            Delivery.run_id,
            Delivery.rows,
            Delivery.counts,
        ),
        (Delivery.deliverable, Delivery.sender, Delivery.file_name),
    ),
    "notices": (
        (NoticeRow.id, NoticeRow.created_at, NoticeRow.level, NoticeRow.acknowledged_at),
        (NoticeRow.id,),
    ),
    "messages": (
        (
            MessageRow.id,
            MessageRow.kind,
            MessageRow.created_at,
            MessageRow.state,
            MessageRow.attempts,
            MessageRow.sent_at,
            MessageRow.subject,
        ),
        (MessageRow.id,),
    ),
}


def ledger_of(
    database: Engine, outbox: Path, struck: Sequence[tuple[datetime, str, str]]
) -> Ledger:
    """What lies in the database and in the outbox, and which faults struck."""
    with reading(database) as session:
        found = {name: list(_rows(session, *kept)) for name, kept in KEPT.items()}
    faults = [{"at": at, "fault": fault, "what": what} for at, fault, what in struck]
    return {**found, "outbox": list(_parcels(outbox)), "faults": faults}


def _rows(session: Session, columns: Columns, order: Columns) -> Iterator[dict[str, Any]]:
    for row in session.execute(select(*columns).order_by(*order)).mappings():
        yield {str(key): value for key, value in row.items() if value not in (None, "", [], {})}


def _parcels(outbox: Path) -> Iterator[dict[str, Any]]:
    """Every delivery that the receiver has: its files, and the files of the counties it is of.

    What the follow-up service delivers is of its own lines, and of no county's file.
    """
    for manifest in sorted(outbox.glob(f"*/*/{MANIFEST}")):
        content = json.loads(manifest.read_text(encoding="utf-8"))
        yield {
            "folder": f"{manifest.parent.parent.name}/{manifest.parent.name}",
            "occurrence": content["forekomst"],
            "deliveries": content.get("importleveranser", []),
            "files": {
                path.name: sha256_of(path)
                for path in sorted(manifest.parent.iterdir())
                if path.suffix == ".csv"
            },
        }


def written(scenario: Scenario, ledger: Ledger) -> bytes:
    """The ledger as JSON, a row a line, so that two of them can be compared by eye."""
    parts = [f'"scenario": {_line(_told(scenario))}']
    for name, rows in ledger.items():
        lines = ",\n".join(_line(row) for row in rows)
        parts.append(f'"{name}": [\n{lines}\n]' if rows else f'"{name}": []')
    return ("{\n" + ",\n".join(parts) + "\n}\n").encode()


def _told(scenario: Scenario) -> dict[str, Any]:
    return {
        "school_years": scenario.cycles,
        "seed": scenario.seed,
        "counties": list(scenario.counties),
        "data": scenario.data.value,
        "faults": {fault.value: count for fault, count in scenario.faults.items()},
    }


def _line(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=_text)


def _text(value: object) -> str:
    if isinstance(value, datetime):
        return f"{value.astimezone(UTC):%Y-%m-%dT%H:%M:%S}Z"
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in the ledger")


def sha256_of_bytes(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
