"""Metrics: the service's condition in Prometheus' text format."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, Response
from prometheus_client import CollectorRegistry, Gauge, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from jobs.register.tables import Delivery, DeliveryState
from scheduler.ledger import rehearsals, take_overs
from scheduler.ledger.database import reading
from scheduler.ledger.health import NodeState, health
from scheduler.ledger.planner import planned_cycles
from scheduler.ledger.read import current_calendar, items
from scheduler.ledger.runs import LIVE
from scheduler.ledger.state import State
from scheduler.ledger.words import REHEARSAL_STATES
from web.site import site

blueprint = Blueprint("metrics", __name__)


@dataclass(frozen=True, slots=True)
class Measure:
    """A gauge: what it is called and means, the label that its values differ by, the values."""

    name: str
    meaning: str
    values: Mapping[str, float]
    label: str = ""


@blueprint.get("/metrics")
def report() -> tuple[Response, int]:
    """Every gauge; without a database only that there is none, with 503."""
    try:
        with reading(site().engine) as session:
            measures = list(_measures(session, site().clock()))
    except SQLAlchemyError:
        return _answer([Measure("database_up", "1 when the database answers", {"": 0})]), 503
    return _answer(measures), 200


def _answer(measures: list[Measure]) -> Response:
    registry = CollectorRegistry()
    for measure in measures:
        labels = [measure.label] if measure.label else []
        gauge = Gauge(f"aarshjul_{measure.name}", measure.meaning, labels, registry=registry)
        for value, number in measure.values.items():
            (gauge.labels(value) if labels else gauge).set(number)
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_PLAIN_0_0_4)


def _measures(session: Session, now: datetime) -> Iterator[Measure]:
    found = health(session, now)
    going = [node for node in found.nodes if node.state is not NodeState.STOPPED]
    ages = {node.name: node.tick_age_seconds for node in going}
    stands = Counter(node.state for node in found.nodes)
    yield Measure("database_up", "1 when the database answers", {"": 1})
    yield Measure("up", "1 when a scheduler ticks, as /health tells", {"": found.ok})
    yield Measure("tick_age_seconds", "Seconds since the node's last tick", ages, "node")
    nodes = {state.value: stands[state] for state in NodeState}
    yield Measure("nodes", "Scheduler nodes, by how they stand", nodes, "state")
    died = sum(take_overs.counts(session).values())
    yield Measure("take_overs", "Runs whose process died, each time counted", {"": died})
    yield Measure("calendar_version", "Version in use, 0 before the first", {"": found.version})
    live = {state: found.runs.get(state, 0) for state in LIVE}
    yield Measure("runs_open", "Runs that are not settled", live, "state")
    waits = select(func.count()).where(Delivery.state == DeliveryState.WAITING)
    waiting = session.scalar(waits) or 0
    yield Measure("deliveries_waiting", "Files taken in and not imported yet", {"": waiting})
    yield Measure("findings", "What the last proof found, by sort", found.findings, "sort")
    tried = Counter(made.state for made in rehearsals.newest(session))
    states = {state: tried[state] for state in REHEARSAL_STATES}
    said = "Deliveries still to come, by what their newest rehearsal showed"
    yield Measure("rehearsals", said, states, "state")
    said = "Occurrences of this school year, by where they stand"
    yield Measure("occurrences", said, _occurrences(session, now), "state")


def _occurrences(session: Session, now: datetime) -> dict[str, float]:
    calendar = current_calendar(session)
    found = items(session, calendar, planned_cycles(now)[0], now) if calendar else []
    counted = Counter(item.status.state for item in found)
    return {state.value: counted[state] for state in State}
