"""Steer: carry out what persons have ordered about runs that the engine already has.

The order stands in the run's state, so a crash anywhere here is mended by the next tick.
"""

from datetime import datetime

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from scheduler.engine.durable import DurableEngine
from scheduler.ledger import runs
from scheduler.ledger.database import reading
from scheduler.ledger.tables import RunRow


def steer(database: Engine, engine: DurableEngine, now: datetime) -> None:
    """Cancel and rewind what is ordered so."""
    with reading(database) as session:
        query = select(RunRow).where(RunRow.state.in_(("cancelling", "retrying")))
        ordered = session.scalars(query.order_by(RunRow.id)).all()
    for run in ordered:
        if run.state == "cancelling":
            _cancel(database, engine, run.id, now)
        elif engine.retry(run.order, run.retry_from):
            with Session(database) as session, session.begin():
                runs.mark_running(session, run.id)


def _cancel(database: Engine, engine: DurableEngine, run_id: str, now: datetime) -> None:
    """Ask the engine to stop; a run that executes here says itself when it has come to its boundary."""
    engine.cancel(run_id)
    if not engine.executes(run_id):
        with Session(database) as session, session.begin():
            runs.settle_cancelled(session, run_id, now)
