"""Take-overs: which runs went on after their process died, and which are given up for it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from scheduler.ledger import rehearsals, runs
from scheduler.ledger.runs import LIVE
from scheduler.ledger.tables import LedgerBase, RehearsalRow, RunRow
from scheduler.ledger.views import TakeOver

# Deaths in the same step: from so many on, the run goes on with no other suspect beside it, so that
# what only died along with another is soon past it; and with more than so many it is given up.
SUSPECT_FROM = 2
MOST_IN_ONE_STEP = 3
DIED = "Prosessen døde mens generalprøven gikk. Finn ut hvorfor i loggen."


class TakeOverRow(LedgerBase):
    """Append-only: a run whose process died, and which went on from its last finished step.

    `step` is the one that it was in; `given_up` when it had died there too often and was ended.
    """

    __tablename__ = "take_over"

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[str] = mapped_column(ForeignKey("run.id"), index=True)
    at: Mapped[datetime]
    left_by: Mapped[str] = mapped_column(String(40))
    taken_by: Mapped[str] = mapped_column(String(40))
    step: Mapped[str] = mapped_column(String(40))
    given_up: Mapped[bool] = mapped_column(default=False)


class Fate(StrEnum):
    """What becomes of a run whose process has died."""

    GOES_ON = "goes on here"
    GOES_ON_ALONE = "goes on here, with no other suspect beside it"
    GIVEN_UP = "is given up"


@dataclass(frozen=True, slots=True)
class Died:
    """A run whose process has died in it: in which step, and what people call that."""

    run_id: str
    node: str
    step: str
    title: str


def note(session: Session, died: Died, taken_by: str, now: datetime) -> Fate:
    """Note the death, and what becomes of the run; one that is given up is failed.

    Deaths are counted by step: a run that gets on is not what kills nodes.
    """
    run = session.get(RunRow, died.run_id)
    if run is None:
        return _of_a_rehearsal(session, died, now)
    if run.state not in LIVE:  # settled already: the engine has only to end it
        stopped = run.state == "cancelled" or _was_given_up(session, run)
        return Fate.GIVEN_UP if stopped else Fate.GOES_ON
    fate = _fate(_in_this_step(session, died) + 1)
    row = TakeOverRow(run_id=run.id, at=now, left_by=died.node, taken_by=taken_by, step=died.step)
    row.given_up = fate is Fate.GIVEN_UP
    session.add(row)
    if row.given_up:
        runs.settle_undone(session, run.id, "failed", [_sentence(died)], now)
    return fate


def _of_a_rehearsal(session: Session, died: Died, now: datetime) -> Fate:
    """A rehearsal is given up at once: it is tried again tomorrow, and nothing hangs on it today."""
    row = session.get(RehearsalRow, died.run_id)
    if row is None:
        return Fate.GOES_ON
    if row.state in rehearsals.LIVE:
        rehearsals.settle(session, row.id, [rehearsals.broken_off(DIED)], now)
    return Fate.GIVEN_UP if row.state == "failed" else Fate.GOES_ON


def _fate(deaths: int) -> Fate:
    if deaths > MOST_IN_ONE_STEP:
        return Fate.GIVEN_UP
    return Fate.GOES_ON_ALONE if deaths >= SUSPECT_FROM else Fate.GOES_ON


def _was_given_up(session: Session, run: RunRow) -> bool:
    """By whoever noted it, and did not come to tell the engine."""
    newest = select(TakeOverRow.given_up).where(TakeOverRow.run_id == run.id)
    told = session.scalar(newest.order_by(TakeOverRow.id.desc()).limit(1))
    return run.state == "failed" and bool(told)


def _in_this_step(session: Session, died: Died) -> int:
    """How often its process has died in the step, since it was last given up."""
    mine = select(func.count()).where(
        TakeOverRow.run_id == died.run_id, TakeOverRow.step == died.step
    )
    since = select(func.coalesce(func.max(TakeOverRow.id), 0)).where(
        TakeOverRow.run_id == died.run_id, TakeOverRow.given_up
    )
    return session.scalar(mine.where(TakeOverRow.id > since.scalar_subquery())) or 0


def _sentence(died: Died) -> str:
    where = f"i steget «{died.title}»" if died.title else "mens kjøringen gikk"
    return (
        f"Prosessen døde {MOST_IN_ONE_STEP + 1} ganger {where}. Kjøringen er avbrutt, for den kan "
        "være årsaken. Finn ut hvorfor i loggen, og forsøk så på nytt."
    )


def take_over_of(row: TakeOverRow) -> TakeOver:
    return TakeOver(row.at, row.left_by, row.taken_by, row.step, row.given_up)


def counts(session: Session, run_ids: Iterable[str] | None = None) -> dict[str, int]:
    """Run -> how often its process has died, of these runs or all, where it ever has."""
    query = select(TakeOverRow.run_id, func.count()).group_by(TakeOverRow.run_id)
    if run_ids is not None:
        query = query.where(TakeOverRow.run_id.in_(run_ids))
    return dict(session.execute(query).all())
