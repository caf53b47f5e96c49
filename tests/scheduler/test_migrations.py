"""The migrations make exactly the tables that the code declares, on both databases."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.ledger.database import open_database
from scheduler.ledger.runs import decide, request_run, settle, settle_done
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


def migrate(database, revision, *steps):
    """What one migration does, or these steps of it, to a database that is already past it."""
    module = ScriptDirectory(str(MIGRATIONS)).get_revision(revision).module
    with database.begin() as connection:
        context = MigrationContext.configure(connection)
        with Operations.context(context):
            for step in steps or ("upgrade",):
                getattr(module, step)()


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


def test_the_days_to_spare_of_what_was_done_before_are_counted(planned_database):
    with Session(planned_database) as session, session.begin():
        done, moved, waived, still = session.scalars(
            select(OccurrenceRow).order_by(OccurrenceRow.due, OccurrenceRow.key).limit(4)
        ).all()
        settle(done, "done", NOW)
        settle(moved, "done", NOW)
        settle(waived, "waived", NOW)
        moved.due_when_settled = NOW.date()
        days = {row.key: row.days_to_spare for row in (done, waived, still)} | {moved.key: 0}
        done.days_to_spare = moved.days_to_spare = None
    migrate(planned_database, "0021", "downgrade", "upgrade")
    with Session(planned_database) as session:
        found = {key: session.get_one(OccurrenceRow, key).days_to_spare for key in days}
    assert found == days
    assert None in days.values()
