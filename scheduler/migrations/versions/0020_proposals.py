"""Proposed changes of the calendar wait for a second person"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "proposal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("base", sa.Integer(), nullable=False),
        sa.Column("deliverable", sa.String(length=80), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("made_by", sa.String(length=80), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=True),
        sa.Column("settled_by", sa.String(length=80), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_why", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["base"], ["calendar_version.number"], name=op.f("fk_proposal_base_calendar_version")
        ),
        sa.ForeignKeyConstraint(
            ["version"],
            ["calendar_version.number"],
            name=op.f("fk_proposal_version_calendar_version"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal")),
    )


def downgrade() -> None:
    op.drop_table("proposal")
