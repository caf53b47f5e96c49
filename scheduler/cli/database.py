"""`aarshjul db`: the database schema."""

import click

from scheduler.ledger.database import open_database
from scheduler.settings import settings


@click.group()
def db() -> None:
    """Databasen: skjema."""


@db.command()
def upgrade() -> None:
    """Bring databasen til nyeste skjema (trygt å gjenta)."""
    from scheduler import schema  # noqa: PLC0415 - Alembic is heavy

    schema.upgrade(open_database(settings().ledger_url))
    click.echo(f"Databasen er oppdatert: {_shown(settings().ledger_url)}")


def _shown(url: str) -> str:
    from sqlalchemy.engine import make_url  # noqa: PLC0415

    return make_url(url).render_as_string(hide_password=True)
