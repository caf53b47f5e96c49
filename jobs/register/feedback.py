"""Feedback: what a receiver has found wrong in rows of a first delivery, and what became of each."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    ForeignKey,
    Select,
    String,
    Text,
    UniqueConstraint,
    case,
    func,
    literal,
    select,
)
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from jobs.register.people import Person, PersonNumber
from jobs.register.tables import Delivery, Outbound, RegisterBase, RowId
from scheduler.calendar.occurrence import NATIONAL


class FeedbackState(StrEnum):
    """Where a line stands.

    It is EXPLAINED by a signed reason of its own, or by a signed final delivery that kept the row as it was.
    """

    OPEN = "open"
    MENDED = "mended"
    EXPLAINED = "explained"


class Feedback(RegisterBase):
    """One line of a receiver's list, about the rows of a first delivery that have a key.

    `nokkel` is the values of the file's key, in the layout's order, and `melding` the receiver's own
    words. Personal data: never on a page or in a log. `rad_sha256` is of the rows as they were
    delivered. `mended_by` is the import after which they were no longer so, None while they are;
    `explained_by` the decision (its number in the log) that gave a reason for the line alone. What a final
    delivery has EXPLAINED is found when it is asked for (see `states`).
    """

    __tablename__ = "feedback"
    __table_args__ = (UniqueConstraint("delivery_id", "linje"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    delivery_id: Mapped[int] = mapped_column(ForeignKey("delivery.id"))
    linje: Mapped[int]
    outbound_id: Mapped[int] = mapped_column(ForeignKey("outbound.id"))
    speaks_for: Mapped[str] = mapped_column(String(120), index=True)
    fil: Mapped[str] = mapped_column(String(20))
    nokkel: Mapped[list[str]]
    rad_sha256: Mapped[str] = mapped_column(String(64))
    felt: Mapped[str] = mapped_column(String(40))
    kode: Mapped[str] = mapped_column(String(20))
    melding: Mapped[str] = mapped_column(Text)
    taken_at: Mapped[datetime]
    mended_by: Mapped[int | None] = mapped_column(BigInteger)
    mended_at: Mapped[datetime | None]
    explained_by: Mapped[int | None] = mapped_column(BigInteger)
    explained_at: Mapped[datetime | None]


@dataclass(frozen=True, slots=True)
class Mending:
    """An import that mended lines: which, when it was loaded, in which run, and how many."""

    deliverable: str
    run_id: str
    at: datetime
    lines: int


def lines_about(session: Session, speaks_for: str) -> Sequence[Feedback]:
    """Every line about deliveries of the same count, in the order they came."""
    query = select(Feedback).where(Feedback.speaks_for == speaks_for)
    return session.scalars(query.order_by(Feedback.delivery_id, Feedback.linje)).all()


def followed_lines(session: Session, sender: str) -> Sequence[Feedback]:
    """The lines that an import from `sender` may mend: its county's, whose final is not received.

    One for the whole country may mend any county's.
    """
    query = select(Feedback).where(~_final_after(Feedback).exists()).order_by(Feedback.id)
    if sender != NATIONAL:  # a list is kept as its county's
        query = query.join(Delivery, Delivery.id == Feedback.delivery_id)
        query = query.where(Delivery.sender == sender)
    return session.scalars(query).all()


def states(session: Session, speaks_for: str) -> dict[FeedbackState, int]:
    """How many lines about the count are in each state; empty when there are none."""
    state = _state().label("state")
    query = select(state, func.count()).where(Feedback.speaks_for == speaks_for).group_by(state)
    found = Counter({FeedbackState(name): count for name, count in session.execute(query)})
    return {each: found[each] for each in FeedbackState} if found else {}


def states_of_each(
    session: Session, deliveries: Collection[str]
) -> dict[str, dict[FeedbackState, int]]:
    """How many lines about each of some first deliveries, by its key, are in each state; for those with any."""
    state = _state().label("state")
    query = (
        select(Outbound.occurrence_key, state, func.count())
        # The count is what finds the lines; it is of the final delivery too, which they are not about.
        .join(Feedback, Feedback.speaks_for == Outbound.speaks_for)
        .where(Outbound.occurrence_key.in_(deliveries), Feedback.outbound_id == Outbound.id)
        .group_by(Outbound.occurrence_key, state)
    )
    found: dict[str, dict[FeedbackState, int]] = {}
    for key, name, count in session.execute(query):
        found.setdefault(key, dict.fromkeys(FeedbackState, 0))[FeedbackState(name)] = count
    return found


def listed(
    session: Session, speaks_for: str
) -> list[tuple[Feedback, FeedbackState, Mending | None]]:
    """Every line about the count with where it stands, and what mended it."""
    query = (
        select(Feedback, _state(), Delivery)
        .outerjoin(Delivery, Delivery.id == Feedback.mended_by)
        .where(Feedback.speaks_for == speaks_for)
        .order_by(Feedback.delivery_id, Feedback.linje)
    )
    return [
        (line, FeedbackState(state), _mending(line, by, 1))
        for line, state, by in session.execute(query)
    ]


def mendings(session: Session, speaks_for: str) -> tuple[Mending, ...]:
    """The imports that mended lines about the count, oldest first."""
    of = (Delivery.id, Delivery.deliverable, Delivery.run_id, Feedback.mended_at)
    query = (
        select(*of, func.count())
        .join(Feedback, Feedback.mended_by == Delivery.id)
        .where(Feedback.speaks_for == speaks_for, Feedback.mended_at.is_not(None))
        .group_by(*of)
        .order_by(Feedback.mended_at, Delivery.id)
    )
    return tuple(
        Mending(deliverable, run_id or "", at, lines)
        for _, deliverable, run_id, at, lines in session.execute(query)
        if at is not None
    )


def _mending(line: Feedback, by: Delivery | None, lines: int) -> Mending | None:
    if by is None or line.mended_at is None:
        return None
    return Mending(by.deliverable, by.run_id or "", line.mended_at, lines)


def _state() -> ColumnElement[str]:
    return case(
        (Feedback.mended_by.is_not(None), literal(FeedbackState.MENDED.value)),
        (Feedback.explained_by.is_not(None), literal(FeedbackState.EXPLAINED.value)),
        (_final_after(Feedback).exists(), literal(FeedbackState.EXPLAINED.value)),
        else_=literal(FeedbackState.OPEN.value),
    )


def _final_after(line: type[Feedback]) -> Select[int]:
    """The received deliveries of the same count, of another deadline, made after the line was taken in."""
    first, final = aliased(Outbound), aliased(Outbound)
    return (
        select(final.id)
        .join(first, first.id == line.outbound_id)
        .where(
            final.speaks_for == line.speaks_for,
            final.occurrence_key != first.occurrence_key,
            final.received_at.is_not(None),
            final.intended_at >= line.taken_at,
        )
    )


def present_numbers(session: Session, numbers: Collection[str]) -> dict[str, str]:
    """Identity number -> the one the person has now, of the numbers that the register knows."""
    query = (
        select(PersonNumber.fodselsnummer, Person.fodselsnummer)
        .join(Person, Person.id == PersonNumber.person_id)
        .where(PersonNumber.fodselsnummer.in_(numbers))
    )
    return dict(session.execute(query).all())
