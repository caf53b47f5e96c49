"""Record: all the ledger holds about one occurrence, as JSON and as lines for a terminal."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.calendar.words import short_date
from scheduler.cli.paper import DATE_STATUS, few, filled, instant
from scheduler.ledger.runs import occurrence_row
from scheduler.ledger.state import State
from scheduler.ledger.tables import DecisionRow, OccurrenceRow, ReceiptRow, RunRow
from scheduler.ledger.take_overs import TakeOverRow
from scheduler.ledger.words import ACTIONS, RUN_STATES

TITLE = 18
INDENT = 2


@dataclass(frozen=True, slots=True)
class Record:
    """An occurrence with its runs, receipts, decisions and deaths of processes, oldest first."""

    row: OccurrenceRow
    runs: Sequence[RunRow]
    receipts: Sequence[ReceiptRow]
    decisions: Sequence[DecisionRow]
    take_overs: Sequence[TakeOverRow]

    def deaths_of(self, run: RunRow) -> list[TakeOverRow]:
        """The times that the run's process died."""
        return [row for row in self.take_overs if row.run_id == run.id]

    def as_json(self) -> dict[str, Any]:
        row = self.row
        return {
            "key": row.key,
            "nominal": row.nominal.isoformat(),
            "due": row.due.isoformat(),
            "reference_date": row.reference_date and row.reference_date.isoformat(),
            "date_status": row.date_status,
            "outcome": row.outcome,
            "trace": [step["sentence"] for step in row.trace],
            "runs": [run_as_json(run, len(self.deaths_of(run))) for run in self.runs],
            "receipts": [
                {"run": r.run_id, "receiver": r.receiver, "reference": r.reference, **r.detail}
                for r in self.receipts
            ],
            "decisions": [
                {"at": d.at.isoformat(), "actor": d.actor, "action": d.action, "why": d.reason}
                for d in self.decisions
            ],
        }

    def lines(self) -> Iterator[str]:
        """Every fact on lines of its own, at most 80 columns wide."""
        yield from (filled(f"{title:{TITLE}}{value}", hang=TITLE) for title, value in self._facts())
        yield "\nHvorfor denne datoen"
        yield from (_item(step["sentence"]) for step in self.row.trace)
        for title, blocks in (
            ("Kjøringer", (_run(run, self.deaths_of(run)) for run in self.runs)),
            ("Kvitteringer", map(_receipt, self.receipts)),
            ("Beslutninger", map(_decision, self.decisions)),
        ):
            yield f"\n{title}"
            lines = [line for block in blocks for line in block]
            yield from lines or [_item("ingen")]

    def _facts(self) -> Iterator[tuple[str, str]]:
        row = self.row
        at = f" {instant(row.outcome_at)}" if row.outcome_at else ""
        yield "Forekomst", row.key
        yield "Frist", short_date(row.due)
        yield "I kalenderen", short_date(row.nominal)
        yield "Telledato", short_date(row.reference_date) or "–"
        yield "Datoen er", DATE_STATUS[row.date_status]
        outcome = next((state.label.lower() for state in State if state == row.outcome), "–")
        yield "Utfall", f"{outcome}{at}"


def record_of(session: Session, key: str) -> Record:
    """The record of an occurrence; raises LedgerError when there is none of that key."""
    row = occurrence_row(session, key)
    runs = select(RunRow).where(RunRow.occurrence_key == key).order_by(RunRow.number)
    receipts = select(ReceiptRow).where(ReceiptRow.occurrence_key == key)
    deaths = select(TakeOverRow).where(TakeOverRow.run_id.startswith(f"{key}#", autoescape=True))
    decisions = select(DecisionRow).where(DecisionRow.occurrence_key == key)
    return Record(
        row,
        session.scalars(runs).all(),
        session.scalars(receipts.order_by(ReceiptRow.received_at)).all(),
        session.scalars(decisions.order_by(DecisionRow.id)).all(),
        session.scalars(deaths.order_by(TakeOverRow.id)).all(),
    )


def run_as_json(run: RunRow, taken_over: int) -> dict[str, object]:
    return {
        "id": run.id,
        "state": run.state,
        "started_by": run.started_by,
        "requested_at": run.requested_at.isoformat(),
        "finished_at": run.finished_at and run.finished_at.isoformat(),
        "reasons": run.reasons,
        "taken_over": taken_over,
    }


def _item(text: str, level: int = 1) -> str:
    return filled(text, indent=level * INDENT, hang=INDENT)


def _run(run: RunRow, deaths: Sequence[TakeOverRow]) -> Iterator[str]:
    yield _item(f"Kjøring {run.number}: {RUN_STATES[run.state].lower()}")
    yield _item(f"bestilt {instant(run.requested_at)} ({run.started_by})", 2)
    if run.finished_at:
        yield _item(f"avsluttet {instant(run.finished_at)}", 2)
    yield from (_item(_death(run, row), 2) for row in deaths)
    yield from (_item(reason, 2) for reason in few(run.reasons))


def _death(run: RunRow, row: TakeOverRow) -> str:
    where = f" i steget «{_step_title(run, row.step)}»" if row.step else ""
    then = "gitt opp" if row.given_up else f"gikk videre på {row.taken_by}"
    return f"prosessen på {row.left_by} døde {instant(row.at)}{where}; {then}"


def _step_title(run: RunRow, name: str) -> str:
    """What a step is called to people; a step this release does not know, by its name."""
    from jobs import JOBS  # noqa: PLC0415 - heavy, and seldom asked for

    job = JOBS.get(run.order["job"])
    return next((step.title for step in job.steps if step.name == name), name) if job else name


def _receipt(receipt: ReceiptRow) -> Iterator[str]:
    yield _item(f"Fra {receipt.receiver}, {instant(receipt.received_at)}")
    yield _item(f"referanse {receipt.reference}", 2)
    for name, value in receipt.detail.items():
        yield from _detail(name, value)


def _detail(name: str, value: object) -> Iterator[str]:
    """A fact on one line, a table with a line for each record."""
    parts = value if isinstance(value, list) else [value]
    if any(isinstance(part, Mapping) for part in parts):
        yield _item(name, 2)
        yield from (_item(_in_words(part), 3) for part in parts)
    else:
        yield _item(f"{name} {', '.join(map(_in_words, parts))}", 2)


def _in_words(value: object) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_in_words(part)}" for name, part in value.items())
    return "–" if value is None else str(value)


def _decision(decision: DecisionRow) -> Iterator[str]:
    action = ACTIONS.get(decision.action, decision.action)
    yield _item(f"{instant(decision.at)}: {action}, {decision.actor}")
    yield _item(decision.reason, 2)
