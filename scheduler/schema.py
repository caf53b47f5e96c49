"""The database schema, brought up to date by Alembic; the engine's own tables are its own."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, MetaData, func, select

from jobs.register import adults, applicants, apprentices, feedback, followup, pupils
from jobs.register.tables import RegisterBase
from scheduler.access import tables as access
from scheduler.ledger import slips, take_overs
from scheduler.ledger.tables import LedgerBase
from scheduler.notify import tables as notify
from scheduler.publishing import tables as publishing

# Rooms whose tables belong to one of the two, imported so that they are declared.
DECLARED = (
    access,
    adults,
    applicants,
    apprentices,
    feedback,
    followup,
    notify,
    publishing,
    pupils,
    slips,
    take_overs,
)

TABLES: tuple[MetaData, ...] = (LedgerBase.metadata, RegisterBase.metadata)
"""Every table of ours; the engine's are its own."""
# Any number that no other advisory lock in this database uses.
_LOCK = 20270801
MIGRATIONS = Path(__file__).parent / "migrations"


def upgrade(database: Engine, revision: str = "head") -> None:
    """Bring the ledger's and the register's tables to the newest revision, or to an older one."""
    with database.begin() as connection:
        config = _config()
        config.attributes["connection"] = connection
        if connection.dialect.name == "postgresql":  # nodes that start at once take turns
            connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))
        command.upgrade(config, revision)


def revisions() -> list[str]:
    """The revisions this code knows, oldest first."""
    scripts = ScriptDirectory.from_config(_config()).walk_revisions()
    return [script.revision for script in scripts][::-1]


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config
