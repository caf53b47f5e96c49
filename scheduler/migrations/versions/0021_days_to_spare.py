"""How many working days a delivery came before its deadline, beside it, to be counted over the years"""

import sqlalchemy as sa
from alembic import op

from scheduler.columns import UtcDateTime
from scheduler.ledger.deadline import days_to_spare

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

INDEX, TOLD = "ix_occurrence_arrivals", "ix_change_told"
COLUMNS = [
    "deliverable",
    "cycle",
    "scope",
    "outcome",
    "days_to_spare",
    "stage",
    "due",
    "clock_time",
]
occurrence = sa.table(
    "occurrence",
    sa.column("key"),
    sa.column("due", sa.Date),
    sa.column("clock_time"),
    sa.column("outcome"),
    sa.column("outcome_at", UtcDateTime),
    sa.column("due_when_settled", sa.Date),
    sa.column("clock_when_settled"),
    sa.column("days_to_spare"),
)


def upgrade() -> None:
    op.add_column("occurrence", sa.Column("days_to_spare", sa.Integer(), nullable=True))
    _count()
    op.create_index(INDEX, "occurrence", COLUMNS)
    op.create_index(TOLD, "change", ["announced", "version", "kind", "occurrence_key"])


def _count() -> None:
    ledger, c = op.get_bind(), occurrence.c
    done = sa.select(occurrence).where(c.outcome == "done", c.outcome_at.is_not(None))
    found = [
        {"of": row.key, "days": days_to_spare(row.outcome_at, row)} for row in ledger.execute(done)
    ]
    if found:
        put = sa.update(occurrence).where(c.key == sa.bindparam("of"))
        ledger.execute(put.values(days_to_spare=sa.bindparam("days")), found)


def downgrade() -> None:
    op.drop_index(TOLD, "change")
    op.drop_index(INDEX, "occurrence")
    op.drop_column("occurrence", "days_to_spare")
