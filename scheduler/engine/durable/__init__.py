"""The durable engine: runs an order's steps exactly once each, across crashes.

The only package that knows the durable-execution library (DBOS). One workflow serves every job:
its id is the run's id, its argument the order as JSON, its steps the job's steps. A data step
commits its rows and its checkpoint in one transaction.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, TypeVar

from dbos import DBOS, DBOSPortableJSONSerializer, SetWorkflowID, SetWorkflowTimeout
from dbos import SQLAlchemyDatasource as Datasource
from dbos import error as dbos_error
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from jobs.api import AWAITS_RECEIPT, REHEARSAL, DataStep, Facts, JobContext, Order, Step
from jobs.fencing import fenced
from scheduler.calendar.policy import Policy
from scheduler.engine import draining
from scheduler.engine.answers import REFUSED, answer
from scheduler.engine.durable import steering
from scheduler.engine.durable.configuring import configuration
from scheduler.engine.durable.owning import fence
from scheduler.engine.durable.queueing import Queues
from scheduler.engine.durable.reads import listed, read_steps, read_work
from scheduler.engine.durable.rehearsing import rehearsed, said
from scheduler.engine.durable.trying import in_transactions, step_options
from scheduler.engine.run_lines import told
from scheduler.engine.runtime import RuntimeParts, write_ahead_log
from scheduler.engine.terms import REHEARSALS, SUSPECTS, Queue, Terms
from scheduler.ledger import runs

__all__ = ["APPLICATION_VERSION", "DurableEngine", "read_steps", "read_work"]

# Raise by hand when a job's list of steps changes its shape; a test notices. Work begun under one
# version is resumed only by the same version, so a patch release that keeps the shape picks it up.
APPLICATION_VERSION = "1"
SETTLE = "settle"

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Runtime:
    """What steps need from the process they run in."""

    parts: RuntimeParts
    datasource: Datasource


_runtime: Runtime | None = None
# A run stands here once for each execution of it: one that was followed may still be at its last step.
_executing: list[str] = []


def _current() -> Runtime:
    """What a step begins with; a run goes no further than here while the process stops."""
    draining.halt_if_draining()
    if _runtime is None:
        raise RuntimeError("the engine is not started")
    return _runtime


class DurableEngine:
    """Runs orders in this process; begun work of this node is resumed by `start`."""

    def __init__(self, url: str, node: str, concurrency: int, runtime_parts: RuntimeParts) -> None:
        self._config = configuration(url, node, APPLICATION_VERSION, runtime_parts)
        self._concurrency = concurrency
        self._parts = runtime_parts

    def start(self) -> None:
        """Open the engine's tables, resume what was begun, take new work; all of it or nothing."""
        draining.end()
        try:
            self._start()
        except BaseException:
            self.stop()
            raise

    def _start(self) -> None:
        global _runtime  # noqa: PLW0603 - the library's own instance is one per process as well
        parts = self._parts
        self._datasource = Datasource.create(
            parts.database.url.render_as_string(hide_password=False),
            engine=parts.database,
            serializer=DBOSPortableJSONSerializer(),
        )
        _runtime = Runtime(parts, self._datasource)
        self._workflow = DBOS.workflow(name="run_order")(run_order)
        write_ahead_log(str(self._config["system_database_url"]))
        DBOS(config=self._config)
        DBOS.launch()
        self._queues = Queues(self._concurrency, in_turn=parts.in_turn)
        for queue in (Queue(), SUSPECTS, REHEARSALS):
            self._queues.named(queue)

    def _terms(self, order: Mapping[str, Any]) -> Terms:
        terms = self._parts.terms(str(order["deliverable"]))
        rehearses = str(order["job"]).endswith(REHEARSAL)
        return replace(terms, queue=REHEARSALS) if rehearses else terms

    def submit(self, order: Mapping[str, Any]) -> None:
        """Enqueue an order, or begin it when its turn has come; the same run id is the same workflow."""
        terms = self._terms(order)
        with SetWorkflowID(str(order["run_id"])), SetWorkflowTimeout(terms.seconds):
            self._queues.hand_over(terms.queue, self._workflow, dict(order))

    def pace(self) -> None:
        """Look as often into each queue as what waits in it asks for; to be called now and then."""
        self._queues.pace()

    def work(self, run_ids: Sequence[str]) -> dict[str, str | None]:
        """The state of these runs and of all unfinished work, as `read_work` tells it."""
        return listed(DBOS.list_workflows, run_ids)

    def cancel(self, run_id: str) -> None:
        """Stop a run before its next step; the one that it is in is finished."""
        steering.cancel(run_id)

    def over_time(self, run_id: str) -> float | None:
        """The limit, in minutes, of a run that the engine stopped because it went on for too long."""
        return steering.over_time(run_id)

    @property
    def executing(self) -> Sequence[str]:
        """The runs that this process is inside."""
        return _executing

    def retry(self, order: Mapping[str, Any], from_step: str) -> bool:
        """Let a run go again, from a step or ("") the first unfinished; False while it still goes."""
        job, run_id = self._parts.jobs.get(str(order["job"])), str(order["run_id"])
        if not steering.is_known(run_id):
            self.submit(order)
            return True
        steps = [step.name for step in job.steps] if job else []
        queue = self._queues.named(self._terms(order).queue)
        return steering.rewind(run_id, steps, from_step, queue, self._datasource)

    def stop(self, drain_seconds: int = 0) -> None:
        """Take no work, let begun steps finish; unfinished runs resume at the next start."""
        global _runtime  # noqa: PLW0603
        draining.begin()
        DBOS.destroy(destroy_registry=True, workflow_completion_timeout_sec=drain_seconds)
        _runtime = None


def run_order(order_json: dict[str, Any]) -> str:
    """Run the steps of one order and settle it in the ledger; returns the run's state."""
    order = Order.from_json(order_json)
    _executing.append(order.run_id)
    try:
        return told(_current().parts.database, order, _run)
    except (dbos_error.DBOSWorkflowCancelledError, dbos_error.DBOSWorkflowConflictIDError) as end:
        # This execution goes no further, and the engine records nothing more of it. Nor does it
        # wait in a thread for what becomes of the one that has followed it, as the library would.
        with suppress(DBAPIError), Session(_current().parts.database) as session, session.begin():
            runs.settle_cancelled(session, order.run_id, _current().parts.clock())
        raise draining.Halted from end
    finally:
        _executing.remove(order.run_id)


def _run(order: Order) -> str:
    job = _current().parts.jobs.get(order.calendar_job)
    if order.rehearses:
        return rehearsed(order, job, _run_step, _transaction, _current)
    if job is None:
        return _settle(order, "failed", [f"Jobben «{order.job}» er ukjent i denne versjonen."])
    facts: Facts = {}
    policy = _current().parts.terms(order.deliverable).policy
    for step in job.steps:
        try:
            facts |= _run_step(order, step, facts, policy)
        except Exception as error:  # noqa: BLE001 - whatever a step raises ends the run, visibly
            return _settle(order, "failed", [f"Steget «{step.title}» feilet: {said(error)}"])
        if REFUSED in facts:
            return _settle(order, "refused", facts[REFUSED], None, facts.get("manifest_sha256", ""))
    waits = AWAITS_RECEIPT in facts
    return _settle(order, "sent" if waits else "done", [], None if waits else facts["receipt"])


def _run_step(order: Order, step: Step | DataStep, facts: Facts, policy: Policy) -> Facts:
    if isinstance(step, DataStep):
        body = partial(_data_step_body, order, step, facts)
        return _transaction(step.name, in_transactions(policy, _session, body))
    return DBOS.run_step(step_options(step.name, policy), _step_body, order, step, facts)


def _session() -> Session:
    """The session of the data step that this thread is in."""
    return _current().datasource.sql_session()


def _transaction(name: str, body: Callable[[], T]) -> T:
    """Run `body` and record its result in one transaction.

    PostgreSQL's default isolation, not the library's SERIALIZABLE: under that, large loads abort
    each other on rows they only passed by. What must not run side by side takes a lock.
    """
    datasource = _current().datasource
    postgres = datasource.engine.dialect.name == "postgresql"
    return datasource.run_tx_step(
        {"name": name, "isolation_level": "READ COMMITTED" if postgres else "SERIALIZABLE"}, body
    )


def _context(order: Order) -> JobContext:
    parts = _current().parts
    return JobContext(order, parts.database, parts.data_dir, parts.limits, parts.channels)


def _step_body(order: Order, step: Step, facts: Facts) -> Facts:
    with fenced(fence(order.run_id)):
        return answer(partial(step.body, _context(order), facts), order, step.name)


def _data_step_body(order: Order, step: DataStep, facts: Facts) -> Facts:
    session = _session()

    def in_savepoint() -> Facts:
        # A refusal undoes the step's rows but is itself a result to record.
        with session.begin_nested():
            return step.body(_context(order), session, facts)

    with fenced(fence(order.run_id)):
        return answer(in_savepoint, order, step.name)


def _settle(
    order: Order,
    state: str,
    reasons: list[str],
    receipt: Mapping[str, Any] | None = None,
    content: str = "",
) -> str:
    def body() -> str:
        now, session = _current().parts.clock(), _session()
        if receipt is not None:
            runs.settle_done(session, order.run_id, receipt, now)
        else:
            runs.settle_undone(session, order.run_id, state, reasons, now, content)
        return state

    return _transaction(SETTLE, body)
