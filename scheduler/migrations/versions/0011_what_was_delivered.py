"""What a delivery spoke for and held, so that a later one of the same is held against it"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("outbound", schema=None) as batch_op:
        batch_op.add_column(sa.Column("manifest", sa.JSON(), server_default="{}", nullable=False))
        batch_op.add_column(
            sa.Column("speaks_for", sa.String(length=120), server_default="", nullable=False)
        )
        batch_op.create_index(batch_op.f("ix_outbound_speaks_for"), ["speaks_for"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("outbound", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_outbound_speaks_for"))
        batch_op.drop_column("speaks_for")
        batch_op.drop_column("manifest")
