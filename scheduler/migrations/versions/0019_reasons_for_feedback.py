"""A line of feedback that somebody has given a reason for, alone"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("feedback", sa.Column("explained_by", sa.BigInteger(), nullable=True))
    op.add_column("feedback", sa.Column("explained_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("feedback", "explained_at")
    op.drop_column("feedback", "explained_by")
