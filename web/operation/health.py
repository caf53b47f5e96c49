"""Health: the service's condition, as a page for people and as JSON for monitoring."""

from flask import Blueprint, Response, jsonify, render_template
from sqlalchemy.exc import SQLAlchemyError

from scheduler.ledger.database import reading
from scheduler.ledger.health import Health, health
from scheduler.ledger.once import one_look
from scheduler.ledger.pausing import not_ended
from web.operation.waiting import matters
from web.site import site

blueprint = Blueprint("health", __name__)


@blueprint.get("/helse")
def page() -> tuple[str, int]:
    with one_look(site().engine) as session:
        now = site().clock()
        found = health(session, now)
        shown = render_template("health.html", health=found, matters=matters(session, now))
    return shown, _code(found)


@blueprint.get("/health")
def report() -> tuple[Response, int]:
    try:
        with reading(site().engine) as session:
            found = health(session, site().clock())
            sends_held = [p.reason for p in not_ended(session) if p.sends_only]
    except SQLAlchemyError:
        return jsonify({"ok": False, "database": False}), 503
    nodes = [
        {
            "name": node.name,
            "alive": node.alive,
            "state": node.state,
            "seen_seconds_ago": round(node.seen_seconds_ago, 1),
            "ticked_at": node.ticked_at.isoformat(),
            "tick_age_seconds": round(node.tick_age_seconds, 1),
            "tick_seconds": node.tick_seconds,
        }
        for node in found.nodes
    ]
    answer = {
        "ok": found.ok,
        "database": True,
        "nodes": nodes,
        "calendar": found.calendar_sha256,
        "calendar_faults": found.calendar_faults,
        "calendar_waiting": found.calendar_waiting,
        "cycle_waiting": found.cycle_waiting,
        "feed_faults": found.feed_faults,
        "notify_faults": found.notify_faults,
        "proof_faults": found.proof_faults,
        "sends_held": sends_held,
        "findings": found.findings,
        "occurrences": found.occurrences,
        "runs": found.runs,
    }
    return jsonify(answer), _code(found)


def _code(found: Health) -> int:
    return 200 if found.ok else 503
