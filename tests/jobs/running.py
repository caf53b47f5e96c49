"""Run a job's steps as the engine does: in order, each data step in a transaction of its own."""

from datetime import UTC, date, datetime

from sqlalchemy.orm import Session

from jobs.api import DataStep, JobContext, Order

NOW = datetime(2026, 10, 23, 6, 0, tzinfo=UTC)


def order(job, deliverable, stage="first", scope="46", number=1, **inputs):
    """An order of the school year 2026-2027, due on a Friday, counted on 1 October."""
    return Order(
        run_id=f"{deliverable}/2026-2027/{stage}/{scope}#{number}",
        job=job.name,
        deliverable=deliverable,
        cycle="2026-2027",
        stage=stage,
        scope=scope,
        nominal=date(2026, 10, 24),
        due=date(2026, 10, 23),
        reference_date=date(2026, 10, 1),
        now=NOW,
        inputs=inputs,
    )


def run(job, ordered, database, data_dir, until=None):
    """The facts of the last step, or of the step named `until`; a refusal is raised."""
    ctx, facts = JobContext(ordered, database, data_dir), {}
    for step in job.steps:
        facts |= _run_step(step, ctx, database, facts)
        if step.name == until:
            break
    return facts


def _run_step(step, ctx, database, facts):
    if isinstance(step, DataStep):
        with Session(database) as session, session.begin(), session.begin_nested():
            return step.body(ctx, session, facts)
    return step.body(ctx, facts)
