"""Steer: carry out what persons have ordered about runs that the engine already has.

The order stands in the run's state, so a crash anywhere here is mended by the next tick.
"""

from datetime import datetime

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from scheduler.engine.durable import DurableEngine
from scheduler.ledger import rehearsals, runs
from scheduler.ledger.database import reading
from scheduler.ledger.proof import live_runs
from scheduler.ledger.tables import RunRow

BROKEN_OFF = "Motoren sluttet før generalprøven var ferdig. Se loggen."


def steer(database: Engine, engine: DurableEngine, now: datetime) -> None:
    """Cancel and rewind what is ordered so, and settle what the engine stopped as over its time."""
    with reading(database) as session:
        query = select(RunRow).where(RunRow.state.in_(("cancelling", "retrying")))
        ordered = session.scalars(query.order_by(RunRow.id)).all()
    for run in ordered:
        if run.state == "cancelling":
            _cancel(database, engine, run.id, now)
        else:
            _retry(database, engine, run.id)
    _settle_what_ended(database, engine, now)


def _settle_what_ended(database: Engine, engine: DurableEngine, now: datetime) -> None:
    """The engine stops what is over its time before its next step, and tells only itself.

    A rehearsal that it has ended or does not know, though it never told its end, is failed.
    """
    with reading(database) as session:
        running, rehearsed = live_runs(session), rehearsals.live(session)
    if not running and not rehearsed:
        return
    work = engine.work([*running, *rehearsed])
    for run in running:
        stopped = work.get(run) == "CANCELLED" and run not in engine.executing
        minutes = engine.over_time(run) if stopped else None
        if minutes is not None:
            with Session(database) as session, session.begin():
                runs.settle_over_time(session, run, minutes, now)
    for rehearsal in rehearsed:
        if (
            work.get(rehearsal) in (None, "CANCELLED", "ERROR")
            and rehearsal not in engine.executing
        ):
            with Session(database) as session, session.begin():
                rehearsals.settle(session, rehearsal, [rehearsals.broken_off(BROKEN_OFF)], now)


def _retry(database: Engine, engine: DurableEngine, run_id: str) -> None:
    """Let one node at a time do it: who comes second finds it under way, or ordered no longer.

    The row is only locked here, never written: the engine writes in the same database meanwhile, and
    SQLite, where one node is alone and nothing is locked, lets only one write at a time.
    """
    with reading(database) as session:
        ordered = select(RunRow).where(RunRow.id == run_id, RunRow.state == "retrying")
        run = session.scalar(ordered.with_for_update(skip_locked=True))
        if run is None or not engine.retry(run.order, run.retry_from):
            return
    with Session(database) as session, session.begin():
        runs.mark_running(session, run_id)


def _cancel(database: Engine, engine: DurableEngine, run_id: str, now: datetime) -> None:
    """Ask the engine to stop; a run that executes here says itself when it has come to its boundary."""
    engine.cancel(run_id)
    if run_id not in engine.executing:
        with Session(database) as session, session.begin():
            runs.settle_cancelled(session, run_id, now)
