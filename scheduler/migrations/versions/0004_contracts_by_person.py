"""Contracts are told apart by person, county and number"""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("kontrakt", schema=None) as batch_op:
        batch_op.drop_constraint("uq_kontrakt_fylkesnummer_kontraktsnummer", type_="unique")
        batch_op.drop_index("ix_kontrakt_person")
        batch_op.create_unique_constraint(
            "uq_kontrakt_person_id_fylkesnummer_kontraktsnummer",
            ["person_id", "fylkesnummer", "kontraktsnummer"],
        )
        batch_op.create_index("ix_kontrakt_scope", ["fylkesnummer"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("kontrakt", schema=None) as batch_op:
        batch_op.drop_index("ix_kontrakt_scope")
        batch_op.drop_constraint(
            "uq_kontrakt_person_id_fylkesnummer_kontraktsnummer", type_="unique"
        )
        batch_op.create_index("ix_kontrakt_person", ["person_id"], unique=False)
        batch_op.create_unique_constraint(
            "uq_kontrakt_fylkesnummer_kontraktsnummer", ["fylkesnummer", "kontraktsnummer"]
        )
