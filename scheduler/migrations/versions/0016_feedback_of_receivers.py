"""What receivers have found wrong in a first delivery, line by line"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    row_id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "feedback",
        sa.Column("id", row_id, nullable=False),
        sa.Column("delivery_id", row_id, nullable=False),
        sa.Column("linje", sa.Integer(), nullable=False),
        sa.Column("outbound_id", row_id, nullable=False),
        sa.Column("speaks_for", sa.String(length=120), nullable=False),
        sa.Column("fil", sa.String(length=20), nullable=False),
        sa.Column("nokkel", sa.JSON(), nullable=False),
        sa.Column("rad_sha256", sa.String(length=64), nullable=False),
        sa.Column("felt", sa.String(length=40), nullable=False),
        sa.Column("kode", sa.String(length=20), nullable=False),
        sa.Column("melding", sa.Text(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("mended_by", sa.BigInteger(), nullable=True),
        sa.Column("mended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["delivery.id"], name=op.f("fk_feedback_delivery_id_delivery")
        ),
        sa.ForeignKeyConstraint(
            ["outbound_id"], ["outbound.id"], name=op.f("fk_feedback_outbound_id_outbound")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback")),
        sa.UniqueConstraint("delivery_id", "linje", name=op.f("uq_feedback_delivery_id_linje")),
    )
    op.create_index(op.f("ix_feedback_speaks_for"), "feedback", ["speaks_for"])


def downgrade() -> None:
    op.drop_table("feedback")
