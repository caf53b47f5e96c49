"""`aarshjul accounts`: the people who sign in, and their roles."""

from datetime import UTC, datetime

import click

from scheduler.access import accounts as people
from scheduler.access.passwords import SHORTEST, PasswordError
from scheduler.access.roles import Grant, GrantError, Role
from scheduler.cli.keys import known_scope
from scheduler.cli.operate import ACTOR, ledger
from scheduler.cli.paper import instant

NAME = click.argument("name", metavar="NAVN")
PASSWORD = click.option(
    "--password",
    prompt="Passord",
    hide_input=True,
    confirmation_prompt="Passordet en gang til",
    help=f"Minst {SHORTEST} tegn. Uten valget spør kommandoen, så passordet ikke blir stående i historikken.",
)
ROLES = click.Choice([role.value for role in Role])


def _known_county(context: click.Context, option: click.Parameter, value: str) -> str:
    return known_scope(context, option, value) if value else ""


COUNTY = click.option(
    "--county",
    default="",
    callback=_known_county,
    help="Fylkesnummeret rollene county og ot gjelder, eller national for den nasjonale avsenderen.",
)


@click.group()
def accounts() -> None:
    """Kontoer: hvem som kan logge inn på nettstedet, og hva de kan gjøre."""


@accounts.command()
@NAME
@click.option("--role", required=True, type=ROLES, help="Hva kontoen kan gjøre.")
@COUNTY
@PASSWORD
@ACTOR
def add(name: str, role: str, county: str, password: str, actor: str) -> None:
    """Lag en konto med passord. Den første bør være administrator."""
    grant, now = _grant(role, county), datetime.now(UTC)
    try:
        with ledger() as session:
            row = people.add(session, name, password, actor, now)
            people.give(session, row, grant, actor, now)
            made = row.name
    except PasswordError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"Laget: {made} ({grant})")


@accounts.command("list")
def list_() -> None:
    """List kontoene med rollene de har."""
    with ledger() as session:
        lines = [
            f"{row.name:30} {row.provider:10} "
            f"{', '.join(map(str, sorted(people.grants_of(session, row)))) or 'ingen roller'}"
            + (f" ({row.shown})" if row.shown else "")
            + (f", sperret {instant(row.disabled_at)}" if row.disabled_at else "")
            for row in people.listed(session)
        ]
    click.echo("\n".join(lines) or "Ingen kontoer ennå.")


@accounts.command()
@NAME
@click.option("--give", type=ROLES, help="Rollen som gis.")
@click.option("--take", type=ROLES, help="Rollen som tas tilbake.")
@COUNTY
@ACTOR
def role(name: str, give: str | None, take: str | None, county: str, actor: str) -> None:
    """Gi en rolle eller ta en tilbake. Det gjelder straks, og kontoen må logge inn på nytt."""
    if (give is None) == (take is None):
        raise click.UsageError("Bruk enten --give eller --take.")
    grant, change = _grant(give or take or "", county), people.give if give else people.take
    with ledger() as session:
        row = people.must_be_named(session, name)
        change(session, row, grant, actor, datetime.now(UTC))
        held = ", ".join(map(str, sorted(people.grants_of(session, row)))) or "ingen roller"
    click.echo(f"{name}: {held}")


@accounts.command()
@NAME
@PASSWORD
def password(name: str, password: str) -> None:
    """Sett et nytt passord; alle som er logget inn med kontoen, logges ut."""
    try:
        with ledger() as session:
            row = people.must_be_named(session, name)
            people.set_password(session, row, password, datetime.now(UTC))
    except PasswordError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"Nytt passord: {name}")


@accounts.command()
@NAME
@ACTOR
def disable(name: str, actor: str) -> None:
    """Sperr en konto; den som er logget inn, er ute fra nå av."""
    with ledger() as session:
        people.disable(session, people.must_be_named(session, name), actor, datetime.now(UTC))
    click.echo(f"Sperret: {name}")


@accounts.command()
@NAME
def enable(name: str) -> None:
    """Slipp en sperret konto inn igjen, med rollene den har."""
    with ledger() as session:
        people.enable(people.must_be_named(session, name))
    click.echo(f"Åpnet: {name}")


def _grant(role: str, county: str) -> Grant:
    try:
        return Grant(Role(role), county)
    except GrantError as error:
        raise click.UsageError(str(error)) from error
