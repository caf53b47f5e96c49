"""Who read about whom, only ever added to; and who a dry run would transfer"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

KEEPS = "person_read is only added to"
SQLITE = [
    f"CREATE TRIGGER person_read_{deed} BEFORE {deed} ON person_read "
    f"BEGIN SELECT RAISE(ABORT, '{KEEPS}'); END"
    for deed in ("UPDATE", "DELETE")
]
FUNCTION = f"""
    CREATE FUNCTION person_read_stays() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION '{KEEPS}'; END $$
"""
TRIGGER = """
    CREATE TRIGGER person_read_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON person_read
    FOR EACH STATEMENT EXECUTE FUNCTION person_read_stays()
"""


def upgrade() -> None:
    row_id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "person_read",
        sa.Column("id", row_id, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("county", sa.String(length=8), nullable=False),
        sa.Column("page", sa.String(length=20), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_person_read_account_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_read")),
    )
    op.create_index(op.f("ix_person_read_person_id"), "person_read", ["person_id"])
    op.create_index(op.f("ix_person_read_at"), "person_read", ["at"])
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in SQLITE if on_sqlite else (FUNCTION, TRIGGER):
        op.execute(statement)
    op.create_table(
        "ot_pa_vei",
        sa.Column("id", row_id, nullable=False),
        sa.Column("person_id", row_id, nullable=False),
        sa.Column("skolear", sa.String(length=8), nullable=False),
        sa.Column("fylkesnummer", sa.String(length=2), nullable=False),
        sa.Column("kategori", sa.String(length=10), nullable=False),
        sa.Column("regel", sa.String(length=4), nullable=False),
        sa.Column("port", sa.String(length=4), nullable=True),
        sa.Column("setning", sa.Text(), nullable=False),
        sa.Column("skjermet", sa.Boolean(), nullable=False),
        sa.Column("run_id", sa.String(length=170), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_ot_pa_vei_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ot_pa_vei")),
        sa.UniqueConstraint(
            "person_id",
            "skolear",
            "fylkesnummer",
            "kategori",
            name=op.f("uq_ot_pa_vei_person_id_skolear_fylkesnummer_kategori"),
        ),
    )
    op.create_index("ix_ot_pa_vei_scope", "ot_pa_vei", ["fylkesnummer", "skolear", "kategori"])


def downgrade() -> None:
    op.drop_table("ot_pa_vei")
    op.drop_table("person_read")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION person_read_stays()")
