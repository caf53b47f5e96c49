"""The follow-up service: its lines, what happened to them, who was left out"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "ot_kjoring",
        sa.Column("run_id", sa.String(length=170), nullable=False),
        sa.Column("fylkesnummer", sa.String(length=2), nullable=False),
        sa.Column("skolear", sa.String(length=8), nullable=False),
        sa.Column("kategorier", sa.JSON(), nullable=False),
        sa.Column("per", sa.Date(), nullable=False),
        sa.Column("torr", sa.Boolean(), nullable=False),
        sa.Column("tall", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("run_id", name=op.f("pk_ot_kjoring")),
    )
    with op.batch_alter_table("ot_kjoring", schema=None) as batch_op:
        batch_op.create_index("ix_ot_kjoring_scope", ["fylkesnummer", "skolear"], unique=False)

    op.create_table(
        "ot_linje",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("skolear", sa.String(length=8), nullable=False),
        sa.Column("fylkesnummer", sa.String(length=2), nullable=False),
        sa.Column("otenhet", sa.String(length=5), nullable=False),
        sa.Column("tilmeldingskode", sa.String(length=5), nullable=False),
        sa.Column("undergrunn", sa.String(length=20), nullable=True),
        sa.Column("otstatus", sa.String(length=7), nullable=False),
        sa.Column("regel", sa.String(length=4), nullable=False),
        sa.Column("regler", sa.JSON(), nullable=False),
        sa.Column("bevis", sa.JSON(), nullable=False),
        sa.Column("skjermet", sa.Boolean(), nullable=False),
        sa.Column("opprettet_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opprettet_av", sa.String(length=170), nullable=False),
        sa.Column("avsluttet_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("avsluttet_grunn", sa.String(length=80), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_ot_linje_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ot_linje")),
        sa.UniqueConstraint(
            "person_id",
            "skolear",
            "fylkesnummer",
            name=op.f("uq_ot_linje_person_id_skolear_fylkesnummer"),
        ),
    )
    with op.batch_alter_table("ot_linje", schema=None) as batch_op:
        batch_op.create_index("ix_ot_linje_scope", ["fylkesnummer", "skolear"], unique=False)

    op.create_table(
        "ot_utelatt",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("skolear", sa.String(length=8), nullable=False),
        sa.Column("fylkesnummer", sa.String(length=2), nullable=False),
        sa.Column("kategori", sa.String(length=10), nullable=False),
        sa.Column("regel", sa.String(length=4), nullable=False),
        sa.Column("regler", sa.JSON(), nullable=False),
        sa.Column("port", sa.String(length=4), nullable=False),
        sa.Column("setning", sa.Text(), nullable=False),
        sa.Column("skjermet", sa.Boolean(), nullable=False),
        sa.Column("run_id", sa.String(length=170), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_ot_utelatt_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ot_utelatt")),
        sa.UniqueConstraint(
            "person_id",
            "skolear",
            "fylkesnummer",
            "kategori",
            name=op.f("uq_ot_utelatt_person_id_skolear_fylkesnummer_kategori"),
        ),
    )
    with op.batch_alter_table("ot_utelatt", schema=None) as batch_op:
        batch_op.create_index(
            "ix_ot_utelatt_scope", ["fylkesnummer", "skolear", "kategori"], unique=False
        )

    op.create_table(
        "ot_valg",
        sa.Column("fylkesnummer", sa.String(length=2), nullable=False),
        sa.Column("skolear", sa.String(length=8), nullable=False),
        sa.Column("kategori", sa.String(length=10), nullable=False),
        sa.Column("kjoring", sa.String(length=170), nullable=False),
        sa.Column("aktor", sa.String(length=80), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["kjoring"], ["ot_kjoring.run_id"], name=op.f("fk_ot_valg_kjoring_ot_kjoring")
        ),
        sa.PrimaryKeyConstraint("fylkesnummer", "skolear", "kategori", name=op.f("pk_ot_valg")),
    )
    op.create_table(
        "personmerke",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("personmerke", sa.String(length=3), nullable=False),
        sa.Column("fra", sa.Date(), nullable=True),
        sa.Column("til", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_personmerke_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_personmerke")),
        sa.UniqueConstraint(
            "person_id", "personmerke", "fra", name=op.f("uq_personmerke_person_id_personmerke_fra")
        ),
    )
    with op.batch_alter_table("personmerke", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_personmerke_person_id"), ["person_id"], unique=False)

    op.create_table(
        "ot_hendelse",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("linje_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("slag", sa.String(length=1), nullable=False),
        sa.Column("gjelder", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kilde", sa.String(length=8), nullable=False),
        sa.Column("aktor", sa.String(length=170), nullable=False),
        sa.Column("otstatus", sa.String(length=7), nullable=True),
        sa.Column("tilmeldingskode", sa.String(length=5), nullable=True),
        sa.Column("otenhet", sa.String(length=5), nullable=True),
        sa.Column("grunn", sa.Text(), nullable=True),
        sa.Column("bevis", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["linje_id"], ["ot_linje.id"], name=op.f("fk_ot_hendelse_linje_id_ot_linje")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ot_hendelse")),
    )
    with op.batch_alter_table("ot_hendelse", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ot_hendelse_linje_id"), ["linje_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("ot_hendelse", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ot_hendelse_linje_id"))

    op.drop_table("ot_hendelse")
    with op.batch_alter_table("personmerke", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_personmerke_person_id"))

    op.drop_table("personmerke")
    op.drop_table("ot_valg")
    with op.batch_alter_table("ot_utelatt", schema=None) as batch_op:
        batch_op.drop_index("ix_ot_utelatt_scope")

    op.drop_table("ot_utelatt")
    with op.batch_alter_table("ot_linje", schema=None) as batch_op:
        batch_op.drop_index("ix_ot_linje_scope")

    op.drop_table("ot_linje")
    with op.batch_alter_table("ot_kjoring", schema=None) as batch_op:
        batch_op.drop_index("ix_ot_kjoring_scope")

    op.drop_table("ot_kjoring")
