"""Rehearsals of the yearly deliveries, with what they found"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "rehearsal",
        sa.Column("id", sa.String(length=190), nullable=False),
        sa.Column("occurrence_key", sa.String(length=160), nullable=False),
        sa.Column("mark", sa.Integer(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("order", sa.JSON(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tried", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["occurrence_key"],
            ["occurrence.key"],
            name=op.f("fk_rehearsal_occurrence_key_occurrence"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rehearsal")),
        sa.UniqueConstraint(
            "occurrence_key",
            "mark",
            "attempt",
            name=op.f("uq_rehearsal_occurrence_key_mark_attempt"),
        ),
    )
    with op.batch_alter_table("rehearsal", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_rehearsal_occurrence_key"), ["occurrence_key"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_rehearsal_state"), ["state"], unique=False)


def downgrade() -> None:
    op.drop_table("rehearsal")
