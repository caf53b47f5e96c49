"""Proposals: a changed part of the calendar, made by one person and published by another.

What is approved is one text, known by its SHA-256, made from the version in use. It is published the
way every calendar is (`scheduler.publishing.publish`).
"""

import hashlib
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.calendar import CalendarError, parse_calendar
from scheduler.calendar.block import kind_of
from scheduler.ledger.history import newest_version
from scheduler.ledger.planner import lock_planning
from scheduler.ledger.runs import LedgerError, decide
from scheduler.ledger.tables import CalendarVersion
from scheduler.publishing.publish import Publication, publish
from scheduler.publishing.tables import ProposalRow

PUBLISHED, WITHDRAWN = "published", "withdrawn"
# A text of the file -> the same with one part changed.
Rewrite = Callable[[str], str]


def propose(
    session: Session, part: str, rewrite: Rewrite, over: int, actor: str, why: str, now: datetime
) -> ProposalRow:
    """Keep the version `over`, rewritten in one part of the file, as a proposal.

    Raises what `rewrite` raises, and LedgerError when another version is in use or nothing differs.
    """
    newest = _in_use(session)
    if newest.number != over:
        raise LedgerError(f"Versjon {newest.number} ble publisert mens du skrev.")
    text = rewrite(newest.text)
    if text == newest.text:
        raise LedgerError(f"{kind_of(part).capitalize()} er som før. Endre noe i den først.")
    row = ProposalRow(
        base=newest.number,
        deliverable=part,
        text=text,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        why=why,
        made_by=actor,
        made_at=now,
    )
    session.add(row)
    session.flush()
    _log(session, row, actor, "propose", why, now)
    return row


def approve(
    session: Session, number: int, sha256: str, actor: str, why: str, now: datetime, *, name: str
) -> Publication:
    """Publish a proposal as a second person saw it; raises LedgerError when it may not be.

    Readers are told the reason it was proposed for; the reason it was approved for is in the log.
    """
    lock_planning(session)
    row = _open(session, number)
    if row.sha256 != sha256:
        raise LedgerError("Innholdet er et annet enn det du så. Se på forslaget på nytt.")
    if row.made_by == actor:
        raise LedgerError("Den som foreslår, kan ikke godkjenne selv. Be en annen administrator.")
    if (newest := _in_use(session)).number != row.base:
        raise LedgerError(
            f"Versjon {newest.number} er publisert siden forslaget ble laget. "
            "Lag forslaget på nytt fra den."
        )
    try:
        calendar = parse_calendar(row.text, name)
    except CalendarError as error:  # it was right for the release it was made with
        raise LedgerError(f"Forslaget må lages på nytt: {error}") from error
    done = publish(session, calendar, row.text, actor, row.why, now, over=row.base)
    _settle(row, PUBLISHED, actor, why, now)
    row.version = done.number
    _log(session, row, actor, "publish", why, now)
    return done


def withdraw(session: Session, number: int, actor: str, why: str, now: datetime) -> ProposalRow:
    """Take an open proposal back; raises LedgerError for one that is settled."""
    lock_planning(session)
    row = _open(session, number)
    _settle(row, WITHDRAWN, actor, why, now)
    _log(session, row, actor, "unpropose", why, now)
    return row


def proposals(session: Session, part: str = "") -> list[ProposalRow]:
    """Every proposal, or those about one part of the file, newest first."""
    about = (ProposalRow.deliverable == part,) if part else ()
    return list(session.scalars(select(ProposalRow).where(*about).order_by(ProposalRow.id.desc())))


def _in_use(session: Session) -> CalendarVersion:
    newest = newest_version(session)
    if newest is None:
        raise LedgerError("Ingen kalender er publisert ennå. Kjør `aarshjul plan`.")
    return newest


def _open(session: Session, number: int) -> ProposalRow:
    row = session.get(ProposalRow, number, populate_existing=True)
    if row is None:
        raise LedgerError(f"Det finnes ikke noe forslag {number}.")
    if row.outcome is not None:
        done = "publisert" if row.outcome == PUBLISHED else "trukket tilbake"
        raise LedgerError(f"Forslag {number} er alt {done}.")
    return row


def _settle(row: ProposalRow, outcome: str, actor: str, why: str, now: datetime) -> None:
    row.outcome, row.settled_by, row.settled_why, row.settled_at = outcome, actor, why, now


def _log(
    session: Session, row: ProposalRow, actor: str, action: str, why: str, now: datetime
) -> None:
    detail = {"proposal": row.id, "sha256": row.sha256, "deliverable": row.deliverable}
    decide(session, actor, action, None, why, now, detail)
