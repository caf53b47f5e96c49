"""Occurrence: the page of one deadline, with all that belongs to it."""

from flask import abort, render_template

from jobs import JOBS
from jobs.register.deliveries import held_runs
from scheduler.calendar import explain
from scheduler.cards.collect import has_card
from scheduler.ledger.arrivals import days_left
from scheduler.ledger.occurrence_view import occurrence_view
from scheduler.ledger.pausing import covering, holding
from web.access.operator import LONGEST_REASON
from web.calendar.seen import history_of
from web.deadlines.curve import TABLE_DAYS, drawing
from web.deadlines.held import marked
from web.deadlines.passing import WENT, turn_seen
from web.deadlines.runs import run_panels
from web.deliveries.feedback_lines import section_of
from web.site import Ledger, site
from web.words.language import gettext as _


def page_of(at: Ledger, key: str) -> str:
    """The page; 404 for a key that there is no deadline with."""
    view = occurrence_view(at.session, at.calendar, key, at.now)
    if view is None:
        abort(404, _("Fant ingen forekomst med denne nøkkelen."))
    held, o = held_runs(at.session), view.item.occurrence
    pauses = holding(at.session, at.now) if view.item.outcome is None else ()
    return render_template(
        "occurrence.html",
        at=at,
        view=view,
        pair=view.pair,
        item=marked([view.item], held)[0],
        explanation=explain(view.item.occurrence),
        predecessors=marked(list(view.predecessors), held),
        pauses=covering(pauses, o.deliverable, o.scope, at.calendar),
        history=history_of(at.session, key),
        curve=drawing(view.curves, days_left(at.today, o.due)),
        curve_days=TABLE_DAYS,
        card=has_card(at.calendar, o.deliverable),
        turn=turn_seen(at, view),
        feedback=section_of(at, view),
        longest=LONGEST_REASON,
        went=WENT,
        panels=run_panels(view, site().read_steps, JOBS, held),
    )
