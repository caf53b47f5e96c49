"""The migrations make exactly the tables that the code declares, on both databases."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.ledger.database import open_database
from scheduler.ledger.runs import decide, request_run, settle_done
from scheduler.ledger.tables import OccurrenceRow, ReceiptRow, RunRow
from scheduler.schema import MIGRATIONS, TABLES, upgrade
from tests.planned import NOW

FOREIGN = ("dbos", "alembic")


def ours(name, kind, _parent_names):
    return not (kind == "table" and name and name.startswith(FOREIGN))


def test_the_migrated_schema_is_the_declared_one(empty_database_url):
    database = open_database(empty_database_url)
    upgrade(database)
    upgrade(database)
    with database.connect() as connection:
        options = {"include_name": ours, "compare_type": True}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, list(TABLES)) == []
    database.dispose()


def migrate(database, revision):
    """What one migration does, to a database that is already past it."""
    module = ScriptDirectory(str(MIGRATIONS)).get_revision(revision).module
    with database.begin() as connection:
        context = MigrationContext.configure(connection)
        with Operations.context(context):
            module.upgrade()


def test_names_written_into_reasons_and_receipts_are_taken_out(planned_database):
    """Of runs cancelled, and deliveries spoken for, while the reasons still said by whom."""
    with Session(planned_database) as session, session.begin():
        rows = session.scalars(select(OccurrenceRow).order_by(OccurrenceRow.key).limit(2)).all()
        stopped, spoken_for = (
            request_run(session, row, 1, "deliver", {}, "kari", NOW) for row in rows
        )
        stopped.reasons = ["Avbrutt av Kari: leder: feil fil: igjen"]
        decide(session, "Kari: leder", "cancel", rows[0].key, "", NOW, {"run": stopped.id})
        said = {"sha256": "1", "oppgitt_av": "Ola"}
        receipt = {"kind": "delivery", "receiver": "ssb", "reference": "7", "detail": said}
        settle_done(session, spoken_for.id, receipt, NOW)
        decide(session, "Ola", "received", rows[1].key, "", NOW, {"run": spoken_for.id})
        ids = stopped.id, spoken_for.id
    migrate(planned_database, "0018")
    with Session(planned_database) as session:
        assert session.get_one(RunRow, ids[0]).reasons == ["feil fil: igjen"]
        assert session.get_one(ReceiptRow, ids[1]).detail == {"sha256": "1"}
