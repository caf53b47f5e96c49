"""`aarshjul plan`, `runs`, `show`: fill the ledger and look at it."""

import getpass
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime

import click
from rich.console import Console
from rich.table import Table
from sqlalchemy import select
from sqlalchemy.exc import OperationalError, ProgrammingError
from sqlalchemy.orm import Session

from scheduler.calendar import CalendarError, parse_calendar
from scheduler.calendar.loading import read_text
from scheduler.cli.paper import instant
from scheduler.cli.record import record_of, run_as_json
from scheduler.ledger import take_overs
from scheduler.ledger.database import open_database
from scheduler.ledger.read import version_in_use
from scheduler.ledger.runs import LedgerError
from scheduler.ledger.tables import RunRow
from scheduler.ledger.words import RUN_STATES
from scheduler.settings import settings


def _reason(_context: click.Context, _option: click.Parameter, value: str) -> str:
    if not value.strip():
        raise click.BadParameter("Begrunnelsen kan ikke være tom.")
    return value.strip()


ACTOR = click.option(
    "--actor", default=getpass.getuser, show_default="innlogget bruker", help="Hvem som bestemmer."
)
WHY = click.option(
    "--why",
    required=True,
    callback=_reason,
    help="Begrunnelse; lagres i beslutningsloggen.",
)
FORMAT = click.option("--format", "output", type=click.Choice(["table", "json"]), default="table")
# As large as the column that numbers rows; a larger number is no row.
ROW_NUMBER = click.IntRange(1, 2**31 - 1)
LIMIT = click.option(
    "--limit",
    type=click.IntRange(min=1),
    default=30,
    show_default=True,
    help="Høyst så mange, nyeste først.",
)


@contextmanager
def ledger() -> Iterator[Session]:
    """A transaction on the ledger; known faults become one readable line and exit code 1."""
    database = open_database(settings().ledger_url)
    try:
        with Session(database) as session, session.begin():
            yield session
    except (LedgerError, CalendarError) as error:
        raise click.ClickException(str(error)) from error
    except (OperationalError, ProgrammingError) as error:
        raise click.ClickException(
            "Databasen svarer ikke eller mangler tabeller. Kjør `aarshjul db upgrade`, "
            f"og se etter at {settings().ledger_url.split('@')[-1]} er riktig."
        ) from error
    finally:
        database.dispose()


@click.command()
@ACTOR
def plan(actor: str) -> None:
    """Skriv forekomstene i calendar.yaml inn i databasen (trygt å gjenta)."""
    from scheduler import schema  # noqa: PLC0415 - Alembic is heavy
    from scheduler.publishing.on_disk import refuse_old  # noqa: PLC0415
    from scheduler.publishing.publish import publish  # noqa: PLC0415

    schema.upgrade(open_database(settings().ledger_url))
    with ledger() as session:
        text = read_text(settings().calendar)
        if settings().publish == "by-command" and version_in_use(session) not in (None, text):
            raise LedgerError("calendar.yaml er endret. Kjør `aarshjul calendar publish`.")
        refuse_old(session, text)
        calendar = parse_calendar(text, settings().calendar.name)
        published = publish(session, calendar, text, actor, "", datetime.now(UTC))
        click.echo(str(published.plan))


@click.command()
@click.option(
    "--state",
    type=click.Choice(list(RUN_STATES)),
    metavar="TILSTAND",
    help=f"Bare i denne tilstanden: {', '.join(RUN_STATES)}.",
)
@LIMIT
@FORMAT
def runs(state: str | None, limit: int, output: str) -> None:
    """List kjøringer, nyeste først."""
    query = select(RunRow).order_by(RunRow.requested_at.desc(), RunRow.id).limit(limit)
    if state:
        query = query.where(RunRow.state == state)
    with ledger() as session:
        found = list(session.scalars(query))
        died = take_overs.counts(session, [run.id for run in found])
        if output == "json":
            print_json([run_as_json(run, died.get(run.id, 0)) for run in found])
        else:
            _print_runs(found, died)


def print_json(found: object) -> None:
    click.echo(json.dumps(found, ensure_ascii=False, indent=2))


def _print_runs(found: list[RunRow], died: Mapping[str, int]) -> None:
    if not found:
        click.echo("Ingen kjøringer ennå.")
        return
    table = Table(box=None, pad_edge=False)
    for heading in ("Kjøring", "Tilstand", "Ferdig", *(["Overtatt"] if died else [])):
        table.add_column(heading, overflow="fold")
    for run in found:
        finished = instant(run.finished_at) if run.finished_at else "–"
        over = [f"{died.get(run.id, 0)} ×"] if died else []
        table.add_row(run.id, RUN_STATES[run.state].lower(), finished, *over)
    Console().print(table)


@click.command()
@click.argument("key")
@FORMAT
def show(key: str, output: str) -> None:
    """Vis én forekomst: datoer med forklaring, kjøringer, kvitteringer, beslutninger."""
    with ledger() as session:
        record = record_of(session, key)
        if output == "json":
            print_json(record.as_json())
        else:
            click.echo("\n".join(record.lines()))
