"""Decided: what people decided of a delivery, by the roles they had then, and never by their names."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from jobs.wording import without_numbers
from scheduler.access.roles import OPERATE
from scheduler.access.tables import AccountRow, GrantRow
from scheduler.cards.facts import Decided
from scheduler.ledger.tables import DecisionRow


def decisions_of(session: Session, key: str) -> tuple[Decided, ...]:
    """Every decision on the occurrence, oldest first."""
    query = select(DecisionRow).where(DecisionRow.occurrence_key == key).order_by(DecisionRow.id)
    return tuple(
        Decided(
            row.at,
            row.action,
            tuple(_roles_then(session, row.actor, row.at)),
            str(row.detail.get("sha256", "")),
            without_numbers(row.reason),
        )
        for row in session.scalars(query)
    )


def _roles_then(session: Session, actor: str, instant: datetime) -> Sequence[str]:
    """The roles by which the account of that name could decide then; none for a key or a command."""
    query = (
        select(GrantRow.role)
        .join(AccountRow, AccountRow.id == GrantRow.account_id)
        .where(
            AccountRow.name == actor,
            GrantRow.role.in_(OPERATE),
            GrantRow.given_at <= instant,
            or_(GrantRow.taken_at.is_(None), GrantRow.taken_at > instant),
        )
    )
    return session.scalars(query.distinct().order_by(GrantRow.role)).all()
