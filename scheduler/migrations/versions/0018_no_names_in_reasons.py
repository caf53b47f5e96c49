"""Who cancelled a run, or spoke for a receiver, stands in the log alone, which shows names to few"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

decision = sa.table(
    "decision", sa.column("actor"), sa.column("action"), sa.column("detail", sa.JSON)
)
run = sa.table("run", sa.column("id"), sa.column("reasons", sa.JSON))
receipt = sa.table("receipt", sa.column("run_id"), sa.column("detail", sa.JSON))
GIVEN_BY = "oppgitt_av"


def upgrade() -> None:
    ledger = op.get_bind()
    log = sa.select(decision.c.actor, decision.c.action, decision.c.detail)
    told = log.where(decision.c.action.in_(("cancel", "received")))
    for actor, action, detail in ledger.execute(told).all():
        if action == "cancel":
            _unnamed(ledger, detail["run"], f"Avbrutt av {actor}: ")
        else:
            _given_by_nobody(ledger, detail["run"])


def _unnamed(ledger: sa.Connection, run_id: str, named: str) -> None:
    reasons = ledger.scalar(sa.select(run.c.reasons).where(run.c.id == run_id)) or []
    bare = [reason.removeprefix(named) for reason in reasons]
    if bare != reasons:
        ledger.execute(sa.update(run).where(run.c.id == run_id).values(reasons=bare))


def _given_by_nobody(ledger: sa.Connection, run_id: str) -> None:
    detail = ledger.scalar(sa.select(receipt.c.detail).where(receipt.c.run_id == run_id)) or {}
    if detail.pop(GIVEN_BY, None) is not None:
        ledger.execute(sa.update(receipt).where(receipt.c.run_id == run_id).values(detail=detail))


def downgrade() -> None:
    """The names stand in the log still; nothing reads them from here."""
