"""`aarshjul keys`: make, list and take back keys to the parts of the API that change something."""

from datetime import UTC, datetime

import click

from scheduler.access import api_keys
from scheduler.calendar import CalendarError, load_calendar
from scheduler.calendar.words import nearest
from scheduler.cli.operate import ACTOR, ledger
from scheduler.cli.paper import instant
from scheduler.settings import settings


def known_scope(_context: click.Context, _option: click.Parameter, value: str) -> str:
    """A county of the calendar, or national; anything else is wrong usage."""
    try:
        counties = load_calendar(settings().calendar).counties
    except CalendarError as error:
        raise click.ClickException(str(error)) from error
    if value not in {api_keys.NATIONAL, *counties}:
        advice = nearest(value, [api_keys.NATIONAL, *counties])
        raise click.BadParameter(f"«{value}» er ikke et fylkesnummer i årshjulet.{advice}")
    return value


@click.group()
def keys() -> None:
    """Nøkler til API-et: lag, vis og trekk tilbake."""


@keys.command()
@click.argument("name", metavar="NAVN")
@click.option(
    "--scope",
    required=True,
    callback=known_scope,
    help="Fylkesnummeret nøkkelen gjelder, eller national for alle fylker.",
)
@ACTOR
def create(name: str, scope: str, actor: str) -> None:
    """Lag en nøkkel. Den vises bare denne ene gangen."""
    with ledger() as session:
        key = api_keys.create(session, name, scope, actor, datetime.now(UTC))
    click.echo(key)
    click.echo("Ta vare på nøkkelen nå; den lagres ikke og kan ikke vises igjen.", err=True)


@keys.command("list")
def list_() -> None:
    """List nøklene, uten hemmelighetene."""
    with ledger() as session:
        lines = [
            f"{row.name:30} {row.scope:9} laget {instant(row.created_at)} av {row.created_by}"
            + (f", trukket {instant(row.revoked_at)}" if row.revoked_at else "")
            for row in api_keys.listed(session)
        ]
    click.echo("\n".join(lines) or "Ingen nøkler ennå.")


@keys.command()
@click.argument("name", metavar="NAVN")
@ACTOR
def revoke(name: str, actor: str) -> None:
    """Trekk en nøkkel tilbake; den virker ikke fra nå av."""
    with ledger() as session:
        api_keys.revoke(session, name, actor, datetime.now(UTC))
    click.echo(f"Trukket tilbake: {name}")
