"""When each node last beat or stopped, and which runs went on elsewhere"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("node", schema=None) as batch_op:
        for name in ("beat_at", "stopped_at"):
            batch_op.add_column(sa.Column(name, sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("dead_after_seconds", sa.Double(), nullable=True))
    op.create_table(
        "take_over",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.String(length=170), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("left_by", sa.String(length=40), nullable=False),
        sa.Column("taken_by", sa.String(length=40), nullable=False),
        sa.Column("step", sa.String(length=40), nullable=False),
        sa.Column("given_up", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_take_over_run_id_run")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_take_over")),
    )
    with op.batch_alter_table("take_over", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_take_over_run_id"), ["run_id"], unique=False)


def downgrade() -> None:
    op.drop_table("take_over")
    with op.batch_alter_table("node", schema=None) as batch_op:
        batch_op.drop_column("dead_after_seconds")
        batch_op.drop_column("stopped_at")
        batch_op.drop_column("beat_at")
