"""Collect the facts of a card from the ledger, the register and the decision log; nothing is computed twice."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from jobs.channels.channel import KIND
from jobs.ot.delivery import DELIVER_OT_DATA
from jobs.quality.rules import Severity
from jobs.register import deliveries as register
from jobs.register import feedback
from jobs.register.feedback import FeedbackState
from jobs.register.tables import Delivery, Outbound
from jobs.statistics.deliveries import deliveries
from scheduler.calendar import Calendar
from scheduler.calendar.kinds import Kind
from scheduler.cards.card import Card
from scheduler.cards.decided import decisions_of
from scheduler.cards.facts import (
    Answer,
    Decided,
    Forwarding,
    Run,
    Sending,
    Source,
    Version,
)
from scheduler.cards.manifests import controls_of, files_of
from scheduler.cards.passed import passed_on
from scheduler.cards.received import envelope_of, is_rejected, receipts_of
from scheduler.ledger.pairs import other_half
from scheduler.ledger.placing import occurrence_of
from scheduler.ledger.tables import CalendarVersion, DecisionRow, OccurrenceRow, RunRow
from scheduler.ledger.views import called


def has_card(calendar: Calendar, deliverable: str) -> bool:
    """Whether the row is a delivery with a manifest and a receipt, which a card is made of."""
    row = calendar.deliverables.get(deliverable)
    return row is not None and row.job in {*deliveries(), DELIVER_OT_DATA.name}


def deliveries_of_year(
    session: Session, calendar: Calendar, cycle: str, county: str | None = None
) -> list[str]:
    """The keys of the school year's deliveries that have cards, a county's alone if given; in order."""
    return list(session.scalars(_of_year(calendar, cycle, county).order_by(OccurrenceRow.key)))


def begun_in_year(
    session: Session, calendar: Calendar, cycle: str, county: str | None = None
) -> int:
    """How many of them have come so far that there is something on their cards."""
    of = OccurrenceRow.key
    begun = or_(
        OccurrenceRow.outcome.is_not(None),
        select(RunRow.id).where(RunRow.occurrence_key == of).exists(),
        select(DecisionRow.id).where(DecisionRow.occurrence_key == of).exists(),
    )
    keys = _of_year(calendar, cycle, county).where(begun).subquery()
    return session.scalar(select(func.count()).select_from(keys)) or 0


def _of_year(calendar: Calendar, cycle: str, county: str | None) -> Select[str]:
    rows = [row for row in calendar.deliverables if has_card(calendar, row)]
    query = select(OccurrenceRow.key).where(
        OccurrenceRow.cycle == cycle,
        OccurrenceRow.deliverable.in_(rows),
        OccurrenceRow.outcome.is_distinct_from("withdrawn"),
    )
    return query if county is None else query.where(OccurrenceRow.scope == county)


@dataclass(frozen=True)
class Collector:
    """Collects cards within one look at the database."""

    session: Session
    calendar: Calendar

    def card(self, key: str) -> Card | None:
        """The card of a delivery; None for an unknown key, and for what has none."""
        row = self.session.get(OccurrenceRow, key)
        if row is None or not has_card(self.calendar, row.deliverable):
            return None
        occurrence = occurrence_of(row)
        query = select(RunRow).where(RunRow.occurrence_key == key).order_by(RunRow.number)
        runs = {run.id: run for run in self.session.scalars(query)}
        decisions = decisions_of(self.session, key)
        sent = register.sent(self.session, key)
        delivered = self.calendar.deliverables[row.deliverable]
        statistics = deliveries().get(delivered.job or "")
        final = statistics is not None and not statistics.is_preliminary(row.stage)
        return Card(
            occurrence,
            called(delivered.name, occurrence),
            row.outcome,
            row.outcome_at,
            row.due_when_settled or row.due,
            tuple(self._sending(each, runs[each.run_id], decisions, final=final) for each in sent),
            tuple(self._run(run) for run in runs.values()),
            decisions,
            self._forwardings(row),
            other_half(self.calendar, occurrence),
            _answer(self.session, sent[-1].speaks_for) if sent else None,
        )

    def _sending(
        self, sent: Outbound, run: RunRow, decisions: Sequence[Decided], *, final: bool
    ) -> Sending:
        controls = controls_of(sent.manifest)
        warned = any(found.severity == Severity.WARN.value for found in controls)
        return Sending(
            run=run.number,
            version=self._version(run.requested_at),
            ordered_at=run.requested_at,
            sent_at=sent.intended_at,
            confirmed_at=sent.received_at,
            receiver=sent.receiver,
            channel=str(sent.receipt.get(KIND, "")),
            manifest_sha256=sent.manifest_sha256,
            envelope_sha256=envelope_of(sent),
            files=files_of(sent.manifest),
            controls=controls,
            sources=self._sources(sent.manifest.get("importleveranser", [])),
            must_be_signed=warned and final,
            approval=_bound_to(sent.manifest_sha256, decisions),
            receipts=receipts_of(self.session, sent),
            rejected=is_rejected(sent),
        )

    def _run(self, run: RunRow) -> Run:
        version = self._version(run.requested_at)
        number = version.number if version else None
        return Run(run.number, run.state, number, run.requested_at, run.finished_at)

    @cached_property
    def _versions(self) -> list[Version]:
        """Every version of the calendar, newest first, without its text."""
        columns = (CalendarVersion.number, CalendarVersion.sha256, CalendarVersion.in_use_since)
        rows = self.session.execute(select(*columns).order_by(CalendarVersion.number.desc()))
        return [Version(*row) for row in rows]

    def _version(self, instant: datetime) -> Version | None:
        return next((v for v in self._versions if v.in_use_since <= instant), None)

    def _sources(self, numbers: Sequence[int]) -> tuple[Source, ...]:
        query = select(Delivery).where(Delivery.id.in_(numbers)).order_by(Delivery.id)
        return tuple(
            Source(found.deliverable, found.received_at, found.rows, found.sha256)
            for found in self.session.scalars(query)
        )

    def _forwardings(self, row: OccurrenceRow) -> tuple[Forwarding, ...]:
        """The first turn of each row that passes this delivery's files on, on or after its deadline."""
        return tuple(
            Forwarding(
                found.key,
                passing.receiver or "",
                found.due,
                passed_on(self.session, found.key, row.key),
            )
            for passing in self.calendar.deliverables.values()
            if passing.kind is Kind.FORWARDING
            and row.deliverable in {edge.deliverable for edge in passing.depends_on}
            for found in self.session.scalars(
                select(OccurrenceRow)
                .where(
                    OccurrenceRow.deliverable == passing.id,
                    OccurrenceRow.cycle == row.cycle,
                    OccurrenceRow.due >= row.due,
                    OccurrenceRow.outcome.is_distinct_from("withdrawn"),
                )
                .order_by(OccurrenceRow.due)
                .limit(1)
            )
        )


def _bound_to(sha256: str, decisions: Sequence[Decided]) -> Decided | None:
    """The newest approval of just this content."""
    approvals = [d for d in decisions if d.action == "approve" and d.sha256 == sha256]
    return approvals[-1] if approvals else None


def _answer(session: Session, speaks_for: str) -> Answer | None:
    """The feedback on the deliveries of a count."""
    found = feedback.states(session, speaks_for)
    if not found:
        return None
    return Answer(
        found[FeedbackState.OPEN],
        found[FeedbackState.MENDED],
        found[FeedbackState.EXPLAINED],
        feedback.mendings(session, speaks_for),
    )
