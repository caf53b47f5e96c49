"""Violations: the lines of a delivery that broke a rule, all of them or those of a school or a rule."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from jobs.register.tables import Violation


@dataclass(frozen=True, slots=True)
class Chosen:
    """The school and the rule that somebody looks into; None stands for all."""

    school: str | None = None
    rule: str | None = None

    def conditions(self, delivery_id: int) -> list[ColumnElement[bool]]:
        found = [Violation.delivery_id == delivery_id]
        if self.school is not None:
            found.append(Violation.skolenummer == self.school)
        if self.rule is not None:
            found.append(Violation.regel == self.rule)
        return found


ALL = Chosen()


def violations(
    session: Session,
    delivery_id: int,
    chosen: Chosen = ALL,
    limit: int | None = None,
    after: int = 0,
) -> Sequence[Violation]:
    """The broken rules of a delivery in the file's order: at most `limit`, past the first `after`."""
    query = (
        select(Violation)
        .where(*chosen.conditions(delivery_id))
        .order_by(Violation.linje, Violation.regel, Violation.id)
        .limit(limit)
        .offset(after)
    )
    return session.scalars(query).all()
