"""Rollover: what two persons look over before they approve a school year, and whether they have."""

from flask import Blueprint, abort, render_template
from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.ledger.planner import planned_cycles
from scheduler.ledger.read import cycles
from scheduler.ledger.tables import ApprovalRow
from scheduler.publishing.rollover import PERSONS, standing
from web.access.actors import named
from web.site import ledger
from web.words.language import gettext as _

blueprint = Blueprint("rollover", __name__)


@blueprint.get("/skolear/<cycle>")
def page(cycle: str) -> str:
    with ledger() as at:
        known = sorted({*cycles(at.session), *planned_cycles(at.now)})
        if cycle not in known:
            abort(
                404,
                _(
                    "Fant ikke skoleåret «%(cycle)s». Her er %(known)s.",
                    cycle=cycle,
                    known=", ".join(known),
                ),
            )
        found = standing(at.session, at.calendar, cycle, at.now)
        return render_template(
            "rollover.html",
            at=at,
            cycle=cycle,
            known=known,
            standing=found,
            sentence=found.sentence(named),
            approvals=_approvals(at.session, cycle),
            persons=PERSONS,
        )


def _approvals(session: Session, cycle: str) -> list[ApprovalRow]:
    query = select(ApprovalRow).where(ApprovalRow.cycle == cycle)
    return list(session.scalars(query.order_by(ApprovalRow.id)))
