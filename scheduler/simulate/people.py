"""People: what operators and counties do about what waits for them, the day after they see it.

Everything goes the same way as from the site: with actor, reason and instant, in the log.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from jobs import JOBS
from jobs.register.tables import Delivery, DeliveryState
from scheduler.calendar import Calendar
from scheduler.calendar.kinds import Scope
from scheduler.calendar.occurrence import OSLO
from scheduler.engine.deeds import Deed, Wish, carry_out
from scheduler.ledger import runs
from scheduler.ledger.run_ids import key_of
from scheduler.ledger.runs import LedgerError
from scheduler.ledger.tables import OccurrenceRow, RunRow
from scheduler.notify import outbox
from scheduler.notify.contacts import Entry, add
from scheduler.notify.ladder import RESPONSIBLE
from scheduler.notify.notices import acknowledge
from scheduler.notify.tables import MessageRow, NoticeRow
from scheduler.simulate.passing_on import pass_on

OPERATOR = "Drift (simulert)"
COUNTY = "Fylket (simulert)"
PATIENCE = timedelta(days=21)
ANSWERS_WITHIN = 9
SHARE_APPROVED, SHARE_WAIVED, SHARE_ANSWERED = 0.85, 0.7, 0.9


def tell_schools(session: Session, calendar: Calendar, now: datetime) -> None:
    """Give the first county role of the calendar an address in each county.

    Reminders are most of what a year costs: one role shows what all would get.
    """
    roles = (
        role for role, audience in calendar.audiences.items() if audience.scope is Scope.COUNTY
    )
    role = next(roles, None)
    for county in calendar.counties if role else ():
        entry = Entry(county, role or "", RESPONSIBLE, "email", f"{role}@fylke{county}.example")
        add(session, calendar, entry, now)


@dataclass(frozen=True, slots=True)
class People:
    """Those who read the inbox in the morning, with a mind of their own drawn from the seed.

    Those who are `willing` approve all that waits for them.
    """

    calendar: Calendar
    seed: int
    willing: bool = False

    def act(self, session: Session, now: datetime) -> bool:
        """Everything that they do about what has waited since yesterday; whether it was anything."""
        midnight = now.astimezone(OSLO).replace(hour=0, minute=0, second=0)
        done = (
            self._held(session, now, midnight),
            self._unsigned(session, now, midnight),
            self._failed(session, now),
            self._late(session, now),
            pass_on(session, self.calendar, OPERATOR, "Sendt videre slik avtalen sier.", now),
            self._notices(session, now),
            self._messages(session, now),
        )
        return any(done)

    def _mind(self, about: str) -> float:
        return Random(f"{self.seed}/{about}").random()  # noqa: S311 - a drawn world, no secret

    def _held(self, session: Session, now: datetime, before: datetime) -> bool:
        query = select(Delivery.run_id, Delivery.sha256).where(
            Delivery.state == DeliveryState.HELD, Delivery.settled_at < before
        )
        why = "Fylket bekrefter at uttrekket er riktig."
        return self._each(
            session,
            [
                (key_of(run_id), Wish(Deed.APPROVE, sha256))
                for run_id, sha256 in session.execute(query.order_by(Delivery.id)).all()
                if run_id and self._approves(f"{run_id}/held")
            ],
            why,
            now,
        )

    def _approves(self, about: str) -> bool:
        return self.willing or self._mind(about) < SHARE_APPROVED

    def _unsigned(self, session: Session, now: datetime, before: datetime) -> bool:
        """What a delivery declined to send without a reason for its warnings."""
        query = select(RunRow).where(
            RunRow.state == "refused", RunRow.content_sha256 != "", RunRow.finished_at < before
        )
        refused = {
            run.occurrence_key: run for run in session.scalars(query.order_by(RunRow.number))
        }
        wishes = [
            (key, Wish(Deed.APPROVE, run.content_sha256))
            for key, run in sorted(refused.items())
            if self._approves(f"{run.id}/unsigned") and runs.latest_run(session, key) is run
        ]
        return self._each(session, wishes, "Avviket er kjent og riktig.", now)

    def _failed(self, session: Session, now: datetime) -> bool:
        query = select(RunRow.occurrence_key).where(RunRow.state == "failed").order_by(RunRow.id)
        wishes = [(key, Wish(Deed.RETRY)) for key in session.scalars(query).all()]
        return self._each(session, wishes, "Feilen er rettet.", now)

    def _late(self, session: Session, now: datetime) -> bool:
        """What nobody has delivered for weeks is given up, by most."""
        with_job = [d.id for d in self.calendar.deliverables.values() if d.job in JOBS]
        query = select(OccurrenceRow.key).where(
            OccurrenceRow.outcome.is_(None),
            OccurrenceRow.due < (now - PATIENCE).date(),
            OccurrenceRow.deliverable.in_(with_job),
        )
        wishes = [
            (key, Wish(Deed.WAIVE))
            for key in session.scalars(query.order_by(OccurrenceRow.key)).all()
            if self._mind(f"{key}/late") < SHARE_WAIVED
        ]
        return self._each(session, wishes, "Kommer ikke i år.", now)

    def _each(
        self, session: Session, wishes: Sequence[tuple[str, Wish]], why: str, now: datetime
    ) -> bool:
        for key, wish in wishes:
            with suppress(LedgerError):  # somebody, or a newer file, was first
                carry_out(session, self.calendar, key, wish, OPERATOR, why, now)
        return bool(wishes)

    def _notices(self, session: Session, now: datetime) -> bool:
        query = select(NoticeRow).where(NoticeRow.acknowledged_at.is_(None))
        minds = [
            (notice, self._mind(notice.id) / SHARE_ANSWERED)
            for notice in session.scalars(query.order_by(NoticeRow.id)).all()
        ]
        ready = [
            notice
            for notice, mind in minds
            if mind < 1 and notice.created_at + timedelta(days=mind * ANSWERS_WITHIN) < now
        ]
        for notice in ready:
            acknowledge(session, notice.token, COUNTY, now)
        return bool(ready)

    def _messages(self, session: Session, now: datetime) -> bool:
        query = select(MessageRow.id).where(MessageRow.state == "unknown").order_by(MessageRow.id)
        unknown = session.scalars(query).all()
        for message in unknown:
            outbox.resolve(session, message, "sent", OPERATOR, now)
        return bool(unknown)
