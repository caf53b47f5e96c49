"""What operators set on hold, cancel, retry and approve"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "pause",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("deliverable", sa.String(length=80), nullable=True),
        sa.Column("county", sa.String(length=8), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.String(length=80), nullable=False),
        sa.Column("end_reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pause")),
    )
    with op.batch_alter_table("run", schema=None) as batch_op:
        for name, length in (("retry_from", 40), ("content_sha256", 64)):
            column = sa.Column(
                name, sa.String(length=length), nullable=False, server_default=sa.text("''")
            )
            batch_op.add_column(column)


def downgrade() -> None:
    with op.batch_alter_table("run", schema=None) as batch_op:
        batch_op.drop_column("content_sha256")
        batch_op.drop_column("retry_from")
    op.drop_table("pause")
