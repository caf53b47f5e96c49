"""Old reads may go, once a line says so: which lines there are, and what the database lets go"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

KEEPS, TOLD = "person_read is only added to", "person_read_purge is only added to"
AGE = "NOT EXISTS (SELECT 1 FROM person_read_purge WHERE older_than > OLD.at)"
SQLITE = [
    "DROP TRIGGER person_read_DELETE",
    (
        f"CREATE TRIGGER person_read_DELETE BEFORE DELETE ON person_read WHEN {AGE} "
        f"BEGIN SELECT RAISE(ABORT, '{KEEPS}'); END"
    ),
    *(
        f"CREATE TRIGGER person_read_purge_{deed} BEFORE {deed} ON person_read_purge "
        f"BEGIN SELECT RAISE(ABORT, '{TOLD}'); END"
        for deed in ("UPDATE", "DELETE")
    ),
]
POSTGRESQL = [
    "DROP TRIGGER person_read_stays ON person_read",
    (
        "CREATE TRIGGER person_read_stays BEFORE UPDATE OR TRUNCATE ON person_read "
        "FOR EACH STATEMENT EXECUTE FUNCTION person_read_stays()"
    ),
    f"""CREATE FUNCTION person_read_is_old() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN IF {AGE} THEN RAISE EXCEPTION '{KEEPS}'; END IF; RETURN OLD; END $$""",
    (
        "CREATE TRIGGER person_read_is_old BEFORE DELETE ON person_read "
        "FOR EACH ROW EXECUTE FUNCTION person_read_is_old()"
    ),
    f"""CREATE FUNCTION person_read_purge_stays() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION '{TOLD}'; END $$""",
    (
        "CREATE TRIGGER person_read_purge_stays BEFORE UPDATE OR DELETE OR TRUNCATE "
        "ON person_read_purge FOR EACH STATEMENT EXECUTE FUNCTION person_read_purge_stays()"
    ),
]
BACK_ON_SQLITE = [
    "DROP TRIGGER person_read_DELETE",
    (
        f"CREATE TRIGGER person_read_DELETE BEFORE DELETE ON person_read "
        f"BEGIN SELECT RAISE(ABORT, '{KEEPS}'); END"
    ),
]
BACK_ON_POSTGRESQL = [
    "DROP TRIGGER person_read_is_old ON person_read",
    "DROP FUNCTION person_read_is_old()",
    "DROP TRIGGER person_read_stays ON person_read",
    (
        "CREATE TRIGGER person_read_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON person_read "
        "FOR EACH STATEMENT EXECUTE FUNCTION person_read_stays()"
    ),
]


def upgrade() -> None:
    op.create_table(
        "person_read_purge",
        sa.Column("older_than", sa.DateTime(timezone=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("older_than", name=op.f("pk_person_read_purge")),
    )
    for statement in SQLITE if _on_sqlite() else POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    for statement in BACK_ON_SQLITE if _on_sqlite() else BACK_ON_POSTGRESQL:
        op.execute(statement)
    op.drop_table("person_read_purge")
    if not _on_sqlite():
        op.execute("DROP FUNCTION person_read_purge_stays()")


def _on_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"
