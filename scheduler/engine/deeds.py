"""Deeds: everything a person may do with one occurrence, the same from site, API and command line."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from jobs import JOBS
from scheduler.calendar import Calendar
from scheduler.engine.operate import (
    RETRIABLE,
    Leave,
    held,
    order_cancel,
    order_retry,
    order_run,
)
from scheduler.ledger import runs
from scheduler.ledger.runs import LIVE, LedgerError


class Deed(StrEnum):
    """The action in the decision log; `scheduler.ledger.words.ACTIONS` says it in Norwegian."""

    RUN = "run"
    FORCE = "force"
    APPROVE = "approve"
    RETRY = "retry"
    CANCEL = "cancel"
    WAIVE = "waive"
    UNWAIVE = "unwaive"


@dataclass(frozen=True, slots=True)
class Wish:
    """A deed with what it is bound to: the hash a yes is to, the step to go again from."""

    deed: Deed
    sha256: str = ""
    step: str = ""
    over_pause: bool = False


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
        case Deed.CANCEL:
            return f"Avbrytes: {order_cancel(session, key, actor, reason, now).id}"
        case Deed.RETRY:
            leave = Leave(over_pause=wish.over_pause)
            again = order_retry(session, key, actor, reason, now, wish.step, leave)
            return f"Forsøkes på nytt: {again.id}"
        case Deed.RUN | Deed.FORCE | Deed.APPROVE:
            ordered = order_run(session, calendar, key, actor, reason, now, _leave(wish))
            return f"Bestilt: {ordered.id}"


def _leave(wish: Wish) -> Leave:
    if wish.deed is Deed.APPROVE and not wish.sha256:
        raise LedgerError("En godkjenning gjelder ett innhold: oppgi SHA-256 til det.")
    approved = wish.sha256 if wish.deed is Deed.APPROVE else ""
    return Leave(approved, forced=wish.deed is Deed.FORCE, over_pause=wish.over_pause)


def possible(session: Session, calendar: Calendar, key: str) -> tuple[Deed, ...]:
    """What may be done with the occurrence as it stands; raises LedgerError for an unknown one."""
    row, last = runs.occurrence_row(session, key), runs.latest_run(session, key)
    deliverable = calendar.deliverables.get(row.deliverable)
    if deliverable is None or deliverable.job not in JOBS or row.outcome == "withdrawn":
        return ()
    live = last is not None and last.state in LIVE
    may = {
        Deed.APPROVE: not live and held(session, calendar, row) is not None,
        Deed.RETRY: last is not None and last.state in RETRIABLE,
        Deed.RUN: not live,
        Deed.FORCE: not live,
        Deed.CANCEL: live and last is not None and last.state != "cancelling",
        Deed.WAIVE: row.outcome is None,
        Deed.UNWAIVE: row.outcome == "waived",
    }
    return tuple(deed for deed, it_may in may.items() if it_may)
