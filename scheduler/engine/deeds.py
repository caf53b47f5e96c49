"""Deeds: everything a person may do with one occurrence, the same from site, API and command line."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from jobs import JOBS
from scheduler.calendar import Calendar
from scheduler.calendar.kinds import Kind
from scheduler.engine.fate import note_received, order_resend, unknown_fate
from scheduler.engine.forwarding import is_due_a_word, note_forwarded
from scheduler.engine.leave import Leave
from scheduler.engine.operate import (
    RETRIABLE,
    held,
    order_cancel,
    order_retry,
    order_run,
)
from scheduler.ledger import runs
from scheduler.ledger.runs import LIVE, LedgerError
from scheduler.ledger.tables import OccurrenceRow, RunRow


class Deed(StrEnum):
    """The action in the decision log; `scheduler.ledger.words.ACTIONS` says it in Norwegian."""

    RUN = "run"
    FORCE = "force"
    APPROVE = "approve"
    RETRY = "retry"
    CANCEL = "cancel"
    WAIVE = "waive"
    UNWAIVE = "unwaive"
    RECEIVED = "received"
    RESEND = "resend"
    FORWARDED = "forwarded"


SAID = {
    Deed.RUN: "Bestilt",
    Deed.FORCE: "Bestilt",
    Deed.APPROVE: "Bestilt",
    Deed.RETRY: "Forsøkes på nytt",
    Deed.CANCEL: "Avbrytes",
    Deed.RECEIVED: "Levert",
    Deed.RESEND: "Sendes på nytt",
}


@dataclass(frozen=True, slots=True)
class Wish:
    """A deed with what it is bound to: the hash a word is about, the step to go again from.

    `reference` is that of the receiver's receipt, `passed_at` when it was passed on (None for now).
    """

    deed: Deed
    sha256: str = ""
    step: str = ""
    reference: str = ""
    passed_at: datetime | None = None
    over_pause: bool = False
    over_quiet: bool = False

    @property
    def leave(self) -> Leave:
        """What the person says yes to beside the deed."""
        approved = self.sha256 if self.deed is Deed.APPROVE else ""
        forced = self.deed is Deed.FORCE
        return Leave(approved, forced, over_pause=self.over_pause, over_quiet=self.over_quiet)


def carry_out(
    session: Session,
    calendar: Calendar,
    key: str,
    wish: Wish,
    actor: str,
    reason: str,
    now: datetime,
) -> str:
    """Do it, with one row in the decision log; says what came of it, or raises LedgerError."""
    if not reason.strip():
        raise LedgerError("Skriv en begrunnelse.")
    match wish.deed:
        case Deed.WAIVE:
            runs.waive(session, key, actor, reason, now)
            return f"Fritatt: {key}"
        case Deed.UNWAIVE:
            runs.unwaive(session, key, actor, reason, now)
            return f"Fritaket er tatt tilbake: {key}"
        case Deed.FORWARDED:
            bound = (wish.sha256, wish.reference, wish.passed_at)
            note_forwarded(session, calendar, key, *bound, actor, reason, now)
            return f"Videresendt: {key}"
        case _:
            run = _of_a_run(session, calendar, key, wish, actor, reason, now)
            return f"{SAID[wish.deed]}: {run.id}"


def _of_a_run(
    session: Session,
    calendar: Calendar,
    key: str,
    wish: Wish,
    actor: str,
    reason: str,
    now: datetime,
) -> RunRow:
    match wish.deed:
        case Deed.CANCEL:
            return order_cancel(session, key, actor, reason, now)
        case Deed.RETRY:
            return order_retry(session, calendar, key, actor, reason, now, wish.step, wish.leave)
        case Deed.RECEIVED:
            return note_received(session, key, wish.sha256, wish.reference, actor, reason, now)
        case Deed.RESEND:
            return order_resend(session, calendar, key, wish.sha256, actor, reason, now, wish.leave)
        case _:
            if wish.deed is Deed.APPROVE and not wish.sha256:
                raise LedgerError("En godkjenning gjelder ett innhold: oppgi SHA-256 til det.")
            return order_run(session, calendar, key, actor, reason, now, wish.leave)


def possible(session: Session, calendar: Calendar, key: str) -> tuple[Deed, ...]:
    """What may be done with the occurrence as it stands; raises LedgerError for an unknown one."""
    row, last = runs.occurrence_row(session, key), runs.latest_run(session, key)
    deliverable = calendar.deliverables.get(row.deliverable)
    if deliverable is None or row.outcome == "withdrawn":
        return ()
    if deliverable.kind is Kind.FORWARDING:
        return _possible_with_a_forwarding(session, calendar, row)
    if deliverable.job not in JOBS:
        return ()
    live = last is not None and last.state in LIVE
    uncertain = unknown_fate(session, key) is not None
    may = {
        Deed.RECEIVED: uncertain,
        Deed.RESEND: uncertain,
        Deed.APPROVE: not live and held(session, calendar, row) is not None,
        Deed.RETRY: last is not None and last.state in RETRIABLE,
        Deed.RUN: not live,
        Deed.FORCE: not live,
        Deed.CANCEL: live and last is not None and last.state != "cancelling",
        Deed.WAIVE: row.outcome is None,
        Deed.UNWAIVE: row.outcome == "waived",
    }
    return tuple(deed for deed, it_may in may.items() if it_may)


def _possible_with_a_forwarding(
    session: Session, calendar: Calendar, row: OccurrenceRow
) -> tuple[Deed, ...]:
    may = {
        Deed.FORWARDED: is_due_a_word(session, calendar, row),
        Deed.WAIVE: row.outcome is None,
        Deed.UNWAIVE: row.outcome == "waived",
    }
    return tuple(deed for deed, it_may in may.items() if it_may)
