"""OccurrenceShown: an occurrence as the API writes it, in the words of `aarshjul calendar show`."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from pydantic import Field

from scheduler.calendar import explain
from scheduler.calendar.occurrence import DateStatus, TraceKind, TraceStep
from scheduler.engine.decide import Why
from scheduler.ledger.state import State
from scheduler.ledger.views import Item, OccurrenceView, Run
from web.access.actors import named
from web.api.blueprint import ACTOR, Shown


class TraceShown(Shown):
    """One link in a date's derivation."""

    kind: TraceKind
    date: date
    sentence: str
    source: str
    facts: Mapping[str, Any] = Field(description="Det steget er regnet ut fra, for maskiner.")


class RiskShown(Shown):
    """How likely a delivery is to be late: inferred from earlier years, never known."""

    probability: float = Field(description="Anslått sannsynlighet for forsinkelse, 0 til 1.")
    days_left: int = Field(description="Arbeidsdager til fristen.")
    reason: str


class OccurrenceShown(Shown):
    """One deadline in one school year, for one county or for the country."""

    key: str = Field(description="deliverable/cycle/stage/scope; endres aldri.")
    deliverable: str
    cycle: str
    stage: str
    scope: str = Field(description="national, eller fylkesnummer.")
    name: str
    areas: tuple[str, ...]
    audience: tuple[str, ...]
    activity: str | None
    evidence: str | None = Field(description="Merket for hvordan raden er kjent.")
    undecided: str = Field(description="Det åpne spørsmålet om raden, eller tomt.")
    due: date = Field(description="Datoen som gjelder.")
    nominal: date = Field(description="Datoen i kalenderen, før flytting.")
    reference_date: date | None = Field(description="Telledatoen, som aldri flyttes.")
    opens: date | None
    time: str = Field(description="Klokkeslett i Norge, eller tomt når bare dagen gjelder.")
    date_status: DateStatus = Field(description="proposed er vårt forslag, confirmed er bekreftet.")
    explanation: str = Field(description="Hvorfor datoen er som den er.")
    trace: tuple[TraceShown, ...]
    status: State
    status_text: str
    late: bool
    risk: RiskShown | None = Field(
        description="Anslag fra tidligere år; null når ingenting kan sies."
    )
    outcome: str | None
    outcome_at: datetime | None


class OccurrenceList(Shown):
    items: tuple[OccurrenceShown, ...]
    total: int = Field(description="Antall i hele utvalget.")
    next: str | None = Field(
        description="Sendes som «cursor» for neste del; null når det er slutt."
    )


class RunShown(Shown):
    id: str
    number: int
    job: str
    state: str
    started_by: str = Field(description=f"Hvorfor den startet, eller hvem. {ACTOR}")
    requested_at: datetime
    finished_at: datetime | None
    reasons: tuple[str, ...]
    taken_over: int = Field(description="Hvor mange ganger prosessen døde underveis.")


class ReceiptShown(Shown):
    run: str
    kind: str
    receiver: str
    reference: str
    received_at: datetime
    detail: Mapping[str, Any]


class DecisionShown(Shown):
    at: datetime
    actor: str = Field(description=ACTOR)
    action: str
    why: str


class TriedShown(Shown):
    title: str
    found: str = Field(description="ok, waits eller failed.")
    reasons: tuple[str, ...]


class RehearsalShown(Shown):
    """One try of a yearly delivery ahead of its day, with nothing sent."""

    id: str
    mark: int = Field(description="Arbeidsdager før fristen.")
    attempt: int
    state: str
    requested_at: datetime
    finished_at: datetime | None
    tried: tuple[TriedShown, ...]


class OccurrenceDetail(Shown):
    """Everything the ledger holds about one occurrence."""

    occurrence: OccurrenceShown
    predecessors: tuple[str, ...] = Field(description="Nøklene til det som må være ferdig først.")
    runs: tuple[RunShown, ...]
    rehearsals: tuple[RehearsalShown, ...]
    receipts: tuple[ReceiptShown, ...]
    decisions: tuple[DecisionShown, ...]


def shown(item: Item) -> OccurrenceShown:
    """The item, whose occurrence must have its trace."""
    found, row = item.occurrence, item.deliverable
    return OccurrenceShown(
        key=item.key,
        deliverable=found.deliverable,
        cycle=found.cycle,
        stage=found.stage,
        scope=found.scope,
        name=item.row_name,
        areas=item.areas,
        audience=row.audience if row else (),
        activity=row.activity if row else None,
        evidence=row.evidence.label if row else None,
        undecided=row.undecided.question if row and row.undecided else "",
        due=found.due,
        nominal=found.nominal,
        reference_date=found.reference_date,
        opens=found.opens,
        time=found.clock_time,
        date_status=found.date_status,
        explanation=explain(found),
        trace=tuple(map(_step, found.trace)),
        status=item.status.state,
        status_text=item.status.label,
        late=item.status.late,
        risk=_risk(item),
        outcome=item.outcome,
        outcome_at=item.outcome_at,
    )


def _risk(item: Item) -> RiskShown | None:
    found = item.status.risk
    return None if found is None else RiskShown.model_validate(found, from_attributes=True)


def _step(step: TraceStep) -> TraceShown:
    return TraceShown.model_validate(step.as_json())


def _run(run: Run, scope: str) -> RunShown:
    return RunShown(
        id=run.id,
        number=run.number,
        job=run.job,
        state=run.state,
        started_by=run.started_by if run.started_by in set(Why) else named(run.started_by, scope),
        requested_at=run.requested_at,
        finished_at=run.finished_at,
        reasons=run.reasons,
        taken_over=run.taken_over,
    )


def shown_whole(view: OccurrenceView) -> OccurrenceDetail:
    scope = view.item.scope
    return OccurrenceDetail(
        occurrence=shown(view.item),
        predecessors=tuple(item.key for item in view.predecessors),
        runs=tuple(_run(run, scope) for run in view.runs),
        rehearsals=tuple(
            RehearsalShown.model_validate(made, from_attributes=True) for made in view.rehearsals
        ),
        receipts=tuple(
            ReceiptShown(
                run=receipt.run_id,
                kind=receipt.kind,
                receiver=receipt.receiver,
                reference=receipt.reference,
                received_at=receipt.received_at,
                detail=receipt.detail,
            )
            for receipt in view.receipts
        ),
        decisions=tuple(
            DecisionShown(
                at=found.at,
                actor=named(found.actor, scope),
                action=found.action,
                why=found.reason,
            )
            for found in view.decisions
        ),
    )
