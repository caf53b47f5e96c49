"""Rehearsing: a job's trials, each as a checkpointed step; nothing is sent, all of them are tried."""

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

from dbos import error as dbos_error

from jobs.api import Facts, Job, JobContext, Order, Step, Trial
from jobs.fencing import fenced
from scheduler.calendar.policy import Policy
from scheduler.engine.answers import REFUSED, sentence
from scheduler.engine.durable.owning import fence
from scheduler.ledger import rehearsals
from scheduler.ledger.rehearsals import Found, Tried

if TYPE_CHECKING:
    from scheduler.engine.durable import Runtime

log = logging.getLogger(__name__)

# A rehearsal is tried again tomorrow, so a step need not wait for a database to come back.
TWICE = Policy(attempts=2)
UNKNOWN = "Jobben er ukjent i denne versjonen, eller har ingen generalprøve."

SETTLE = "settle"

RunStep = Callable[[Order, Step, Facts, Policy], Facts]


def said(error: Exception) -> str:
    """What went wrong the last time, of a step that was tried several times."""
    tried = error.errors if isinstance(error, dbos_error.DBOSMaxStepRetriesExceeded) else ()
    return sentence(tried[-1] if tried else error)


def rehearsed(
    order: Order,
    job: Job | None,
    run_step: RunStep,
    transaction: Callable[[str, Callable[[], str]], str],
    runtime: "Callable[[], Runtime]",
) -> str:
    """Try all that the job's rehearsal says, clear its folder, and settle its row; returns the state."""
    found = tried(order, job, run_step)

    def settle() -> str:
        now, parts = runtime(), runtime().parts
        context = JobContext(order, parts.database, parts.data_dir, parts.limits)
        with fenced(fence(order.run_id)):
            context.clear_work_dir()
        session = now.datasource.sql_session()
        return rehearsals.settle(session, order.run_id, found, parts.clock())

    return transaction(SETTLE, settle)


def tried(order: Order, job: Job | None, run_step: RunStep) -> list[Tried]:
    """What each trial of the job showed; one that fails does not keep the next from being tried."""
    if job is None or not job.rehearsal:
        return [Tried(order.job, Found.FAILED, (UNKNOWN,))]
    facts: Facts = {}
    found = [_tried(trial, order, run_step, facts) for trial in job.rehearsal]
    for each in found:
        if each.found is Found.FAILED:
            words = {"action": "rehearsal-failed", "occurrence": order.key}
            log.error("%s: %s: %s", order.run_id, each.title, each.reasons, extra=words)
    return found


def _tried(trial: Trial, order: Order, run_step: RunStep, facts: Facts) -> Tried:
    try:
        made = run_step(order, trial.step, facts, TWICE)
    except Exception as error:  # noqa: BLE001 - whatever a step raises is what was to be found
        return Tried(trial.step.title, Found.FAILED, (said(error),))
    if REFUSED in made:
        found = Found.WAITS if trial.waits else Found.FAILED
        return Tried(trial.step.title, found, tuple(made[REFUSED]))
    facts |= made
    return Tried(trial.step.title, Found.OK)
