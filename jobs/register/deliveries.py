"""Received files in the register: note one, find those that wait, read what came of them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Engine, and_, func, select
from sqlalchemy.orm import Session

from jobs.register.tables import Delivery, DeliveryState, Outbound, Violation

ERROR = "ERROR"


@dataclass(frozen=True, slots=True)
class DeliverySummary:
    """What a page shows of a delivery; `errors` and `warnings` count broken rules."""

    id: int
    deliverable: str
    sender: str
    file_name: str
    received_at: datetime
    state: str
    rows: int | None
    counts: dict[str, Any]
    errors: int
    warnings: int
    run_id: str | None


def waiting_deliveries(engine: Engine) -> dict[tuple[str, str], int]:
    """(deliverable, county) -> the oldest delivery that waits for its import."""
    query = (
        select(Delivery.deliverable, Delivery.sender, func.min(Delivery.id))
        .where(Delivery.state == DeliveryState.WAITING)
        .group_by(Delivery.deliverable, Delivery.sender)
    )
    with _reading(engine) as session:
        return {
            (deliverable, sender): found for deliverable, sender, found in session.execute(query)
        }


def _reading(engine: Engine) -> Session:
    return Session(engine.execution_options(read_only=True))


def held_delivery(session: Session, deliverable: str, sender: str, skolear: str) -> int | None:
    """The newest delivery that is held back, unless a newer one has been loaded since."""
    query = select(func.max(Delivery.id)).where(
        Delivery.deliverable == deliverable,
        Delivery.sender == sender,
        Delivery.skolear == skolear,
    )
    held = session.scalar(query.where(Delivery.state == DeliveryState.HELD))
    loaded = session.scalar(query.where(Delivery.state == DeliveryState.LOADED))
    return held if held is not None and held > (loaded or 0) else None


def latest_deliveries(session: Session, deliverable: str) -> dict[str, DeliverySummary]:
    """County -> its newest delivery of a deliverable, whatever became of it."""
    newest = (
        select(func.max(Delivery.id))
        .where(Delivery.deliverable == deliverable)
        .group_by(Delivery.sender)
    )
    return {
        summary.sender: summary
        for summary in _summaries(session, select(Delivery).where(Delivery.id.in_(newest)))
    }


def latest_from(
    session: Session, sender: str, deliverables: Collection[str]
) -> dict[str, DeliverySummary]:
    """Deliverable -> the sender's newest delivery of it, whatever became of it."""
    newest = (
        select(func.max(Delivery.id))
        .where(Delivery.sender == sender, Delivery.deliverable.in_(deliverables))
        .group_by(Delivery.deliverable)
    )
    return {
        summary.deliverable: summary
        for summary in _summaries(session, select(Delivery).where(Delivery.id.in_(newest)))
    }


def delivery_with(
    session: Session, sha256: str, sender: str, deliverable: str
) -> DeliverySummary | None:
    """The delivery of that content, or None while the file has not been taken in."""
    query = select(Delivery).where(
        Delivery.sha256 == sha256, Delivery.sender == sender, Delivery.deliverable == deliverable
    )
    return next(iter(_summaries(session, query)), None)


def deliveries_of(session: Session, sender: str) -> list[DeliverySummary]:
    """Every delivery of a sender, oldest first."""
    return sorted(
        _summaries(session, select(Delivery).where(Delivery.sender == sender)),
        key=lambda summary: summary.id,
    )


def _summaries(session: Session, query: Any) -> list[DeliverySummary]:
    deliveries = session.scalars(query.order_by(Delivery.sender)).all()
    broken = (
        select(Violation.delivery_id, Violation.alvor, func.count())
        .where(Violation.delivery_id.in_([delivery.id for delivery in deliveries]))
        .group_by(Violation.delivery_id, Violation.alvor)
    )
    counted = {(found, alvor): count for found, alvor, count in session.execute(broken)}
    return [_summary(delivery, counted) for delivery in deliveries]


def _summary(delivery: Delivery, counted: dict[tuple[int, str], int]) -> DeliverySummary:
    return DeliverySummary(
        id=delivery.id,
        deliverable=delivery.deliverable,
        sender=delivery.sender,
        file_name=delivery.file_name,
        received_at=delivery.received_at,
        state=delivery.state,
        rows=delivery.rows,
        counts=delivery.counts,
        errors=counted.get((delivery.id, ERROR), 0),
        warnings=counted.get((delivery.id, "WARN"), 0),
        run_id=delivery.run_id,
    )


def sent(session: Session, occurrence_key: str) -> Sequence[Outbound]:
    """What was sent for an occurrence, oldest first; without `received_at` it is only intended."""
    query = select(Outbound).where(Outbound.occurrence_key == occurrence_key).order_by(Outbound.id)
    return session.scalars(query).all()


def sent_of_each(session: Session, occurrence_keys: Collection[str]) -> dict[str, list[Outbound]]:
    """The same of several occurrences, by key, for those of which something was."""
    query = select(Outbound).where(Outbound.occurrence_key.in_(occurrence_keys))
    found: dict[str, list[Outbound]] = {}
    for outbound in session.scalars(query.order_by(Outbound.id)):
        found.setdefault(outbound.occurrence_key, []).append(outbound)
    return found


def is_held() -> ColumnElement[bool]:
    """Whether a file waits for a person's yes: it is held, and its sender's newest to its row."""
    newest = select(func.max(Delivery.id)).group_by(Delivery.deliverable, Delivery.sender)
    return and_(Delivery.state == DeliveryState.HELD, Delivery.id.in_(newest))


def held_runs(session: Session) -> frozenset[str]:
    """The runs that held a file back that waits still."""
    held = select(Delivery.run_id).where(is_held())
    return frozenset(run_id for run_id in session.scalars(held) if run_id)
