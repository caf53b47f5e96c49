"""The ledger's tables: what is due, what ran, who decided, which receipt came back."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint, false
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from scheduler.columns import UtcDateTime, named_metadata

ARRIVALS = [
    "deliverable",
    "cycle",
    "scope",
    "outcome",
    "days_to_spare",
    "stage",
    "due",
    "clock_time",
]


class LedgerBase(DeclarativeBase):
    metadata = named_metadata()
    type_annotation_map = {datetime: UtcDateTime, dict[str, Any]: JSON, list[Any]: JSON}  # noqa: RUF012


class CalendarVersion(LedgerBase):
    """A published calendar.yaml; the one with the highest number is in use.

    Append-only: a text that comes back is a new version. `why` is "" where nobody gave a reason.
    """

    __tablename__ = "calendar_version"

    number: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64))
    text: Mapped[str] = mapped_column(Text)
    in_use_since: Mapped[datetime]
    published_by: Mapped[str] = mapped_column(String(80))
    why: Mapped[str] = mapped_column(Text, default="")


class ChangeRow(LedgerBase):
    """Append-only: what a version changed of one occurrence, as readers see it.

    `kind`: added, moved, withdrawn, reinstated, reworded. `before` and `after` are snapshots of the
    occurrence's row (`scheduler.ledger.history`), None where there is none. The newest change at or
    before an instant is what a reader saw then. `announced` is False for a year planned for the
    first time: nobody had been told other dates. `words` names what else than the dates changed.
    """

    __tablename__ = "change"
    __table_args__ = (Index("ix_change_told", "announced", "version", "kind", "occurrence_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(ForeignKey("calendar_version.number"), index=True)
    at: Mapped[datetime] = mapped_column(index=True)
    occurrence_key: Mapped[str] = mapped_column(ForeignKey("occurrence.key"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    announced: Mapped[bool]
    words: Mapped[list[Any]] = mapped_column(default=list)
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    after: Mapped[dict[str, Any] | None] = mapped_column(JSON)


class ApprovalRow(LedgerBase):
    """One person's approval of a school year's dates, bound to what was approved.

    Two different persons must approve the same `dates_sha256`; the installation approves the first.
    """

    __tablename__ = "approval"
    __table_args__ = (UniqueConstraint("cycle", "dates_sha256", "actor"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    cycle: Mapped[str] = mapped_column(String(9), index=True)
    dates_sha256: Mapped[str] = mapped_column(String(64))
    actor: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime]
    note: Mapped[str] = mapped_column(Text, default="")


class OccurrenceRow(LedgerBase):
    """One occurrence; `outcome` is None while open, else "done", "waived", "nothing" or "withdrawn".

    "nothing" is a county's word that there is nothing to report. `due_when_settled` and
    `clock_when_settled` are the deadline that held when the outcome came: a deadline moved later
    never makes a delivery late. `days_to_spare` of what is done are the working days from the one
    to the other; None where a node of the release before settled it.

    `sequence` and `changed_at` grow exactly when something a reader sees changes
    (`fingerprint`), and feed SEQUENCE and LAST-MODIFIED. The scopes of a deadline share one
    count: a row that changes goes one past the highest of them.
    """

    __tablename__ = "occurrence"
    __table_args__ = (
        UniqueConstraint("deliverable", "cycle", "stage", "scope"),
        # What earlier years foretell is counted from this alone, in its order.
        Index("ix_occurrence_arrivals", *ARRIVALS),
    )

    key: Mapped[str] = mapped_column(String(160), primary_key=True)
    deliverable: Mapped[str] = mapped_column(String(80))
    cycle: Mapped[str] = mapped_column(String(9), index=True)
    stage: Mapped[str] = mapped_column(String(40))
    scope: Mapped[str] = mapped_column(String(8))
    nominal: Mapped[date]
    due: Mapped[date]
    reference_date: Mapped[date | None]
    opens: Mapped[date | None]
    clock_time: Mapped[str] = mapped_column(String(5), default="")
    date_status: Mapped[str] = mapped_column(String(10))
    trace: Mapped[list[Any]]
    fingerprint: Mapped[str] = mapped_column(String(64))
    sequence: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[datetime]
    outcome: Mapped[str | None] = mapped_column(String(10))
    outcome_at: Mapped[datetime | None]
    due_when_settled: Mapped[date | None]
    clock_when_settled: Mapped[str] = mapped_column(String(5), default="")
    days_to_spare: Mapped[int | None]


class RunRow(LedgerBase):
    """One execution of an occurrence's job; the id is also the engine's workflow id.

    `state`: requested, running, done, refused (a person can mend it), failed, cancelled; retrying
    and cancelling are orders that the next tick carries out. `reasons` are Norwegian sentences for
    refused, failed and cancelled. `retry_from` is the step to go again from, "" the first
    unfinished. `content_sha256` is the manifest of what a refused run would have sent.
    """

    __tablename__ = "run"
    __table_args__ = (UniqueConstraint("occurrence_key", "number"),)

    id: Mapped[str] = mapped_column(String(170), primary_key=True)
    occurrence_key: Mapped[str] = mapped_column(ForeignKey("occurrence.key"), index=True)
    number: Mapped[int]
    job: Mapped[str] = mapped_column(String(40))
    state: Mapped[str] = mapped_column(String(10), index=True)
    started_by: Mapped[str] = mapped_column(String(80))
    order: Mapped[dict[str, Any]]
    requested_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    reasons: Mapped[list[Any]] = mapped_column(default=list)
    retry_from: Mapped[str] = mapped_column(String(40), default="")
    content_sha256: Mapped[str] = mapped_column(String(64), default="")


class ReceiptRow(LedgerBase):
    """The receiver's acknowledgement of a run; an occurrence is done when it is in."""

    __tablename__ = "receipt"

    run_id: Mapped[str] = mapped_column(ForeignKey("run.id"), primary_key=True)
    occurrence_key: Mapped[str] = mapped_column(ForeignKey("occurrence.key"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    receiver: Mapped[str] = mapped_column(String(80))
    reference: Mapped[str] = mapped_column(String(200))
    received_at: Mapped[datetime]
    detail: Mapped[dict[str, Any]]


class DecisionRow(LedgerBase):
    """Append-only: who decided what, when and why."""

    __tablename__ = "decision"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(80))
    action: Mapped[str] = mapped_column(String(20))
    occurrence_key: Mapped[str | None] = mapped_column(String(160), index=True)
    reason: Mapped[str] = mapped_column(Text)
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)


class PauseRow(LedgerBase):
    """What is on hold; see `scheduler.ledger.pause`. Ended, never deleted."""

    __tablename__ = "pause"

    id: Mapped[int] = mapped_column(primary_key=True)
    deliverable: Mapped[str | None] = mapped_column(String(80))
    county: Mapped[str | None] = mapped_column(String(8))
    sends_only: Mapped[bool] = mapped_column(default=False, server_default=false())
    until: Mapped[date | None]
    actor: Mapped[str] = mapped_column(String(80))
    reason: Mapped[str] = mapped_column(Text)
    begun_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str] = mapped_column(String(80), default="")
    end_reason: Mapped[str] = mapped_column(Text, default="")


class RehearsalRow(LedgerBase):
    """One try of a yearly delivery ahead of its day, with nothing sent: see `ledger.rehearsals`.

    `id` is also the engine's workflow id. `mark` is how many working days ahead, `attempt` which try
    of it; `state` requested, running, passed or failed. `tried` is what each step showed.
    """

    __tablename__ = "rehearsal"
    __table_args__ = (UniqueConstraint("occurrence_key", "mark", "attempt"),)

    id: Mapped[str] = mapped_column(String(190), primary_key=True)
    occurrence_key: Mapped[str] = mapped_column(ForeignKey("occurrence.key"), index=True)
    mark: Mapped[int]
    attempt: Mapped[int]
    state: Mapped[str] = mapped_column(String(10), index=True)
    order: Mapped[dict[str, Any]]
    requested_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    tried: Mapped[list[Any]] = mapped_column(default=list)


class NodeRow(LedgerBase):
    """A scheduler process: when it last ticked, and what is wrong with calendar.yaml or the feeds.

    `tick_seconds` is 0 until the first tick, and from when the thread that ticks is gone.
    `beat_at` and `stopped_at` are by the database's clock: the last sign of life where several
    nodes can be (else None), and when the process ended in order (None while it goes or has died).
    A node that has not beaten for its `dead_after_seconds` is taken for dead.

    `calendar_waiting` sums up an edit that nobody has published yet; `cycle_waiting` says why
    nothing starts. `notify_fault` is why messages do not go out as they should, `notified_at` when
    reminders were last decided and messages sent. `proof_fault` is what did not match when the
    ledger was last held against the calendar, and `proof_counts` how many of each sort.
    """

    __tablename__ = "node"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    process_id: Mapped[int]
    started_at: Mapped[datetime]
    ticked_at: Mapped[datetime]
    tick_seconds: Mapped[float]
    calendar_fault: Mapped[str] = mapped_column(Text, default="")
    feed_fault: Mapped[str] = mapped_column(Text, default="")
    calendar_waiting: Mapped[str] = mapped_column(Text, default="")
    cycle_waiting: Mapped[str] = mapped_column(Text, default="")
    notify_fault: Mapped[str] = mapped_column(Text, default="")
    notified_at: Mapped[datetime | None]
    proof_fault: Mapped[str] = mapped_column(Text, default="", server_default="")
    proof_counts: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    beat_at: Mapped[datetime | None]
    dead_after_seconds: Mapped[float | None]
    stopped_at: Mapped[datetime | None]
