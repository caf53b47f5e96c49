"""`aarshjul calendar rollover`, `approve`, `unapprove`: what a school year holds, and a yes to it."""

from datetime import UTC, datetime

import click

from scheduler.calendar import SchoolYear
from scheduler.calendar.words import count, short_date
from scheduler.cli.operate import WHY, ledger
from scheduler.cli.paper import filled
from scheduler.ledger.read import published_calendar
from scheduler.publishing import rollover as rollovers
from scheduler.publishing.rollover import Standing


def _school_year(_context: click.Context, _option: click.Parameter, value: str) -> str:
    try:
        return str(SchoolYear(value))
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


CYCLE = click.argument("cycle", callback=_school_year, metavar="SKOLEÅR")
BY = click.option(
    "--by", required=True, help="Hvem som godkjenner; to ulike personer må gjøre det."
)


@click.command()
@CYCLE
def rollover(cycle: str) -> None:
    """Vis et skoleårs flyttede datoer, åpne spørsmål og godkjenning."""
    with ledger() as session:
        standing = rollovers.standing(
            session, published_calendar(session), cycle, datetime.now(UTC)
        )
        _print(standing)


@click.command()
@CYCLE
@BY
@click.option("--note", default="", help="En merknad som følger godkjenningen.")
def approve(cycle: str, by: str, note: str) -> None:
    """Godkjenn datoene i et skoleår; den andre personen gjør det i kraft."""
    with ledger() as session:
        now = datetime.now(UTC)
        standing = rollovers.approve(session, published_calendar(session), cycle, by, now, note)
        click.echo(standing.sentence())


@click.command()
@CYCLE
@BY
@WHY
def unapprove(cycle: str, by: str, why: str) -> None:
    """Ta alle godkjenninger av et skoleår tilbake; ingenting starter da av seg selv."""
    with ledger() as session:
        now = datetime.now(UTC)
        standing = rollovers.unapprove(session, published_calendar(session), cycle, by, why, now)
        click.echo(standing.sentence())


def _print(standing: Standing) -> None:
    click.echo(filled(standing.sentence()))
    click.echo(f"\nFlyttet til arbeidsdag ({count(len(standing.shifted), 'linje', 'linjer')})")
    for line in standing.shifted:
        moved = f"{short_date(line.occurrence.nominal)} → {short_date(line.occurrence.due)}"
        click.echo(filled(f"{moved}  {line.deliverable.name} · {line.where}", indent=2, hang=25))
    click.echo("\nIkke avklart")
    for row in standing.undecided:
        words = row.undecided.in_words if row.undecided else ""
        click.echo(filled(f"{row.name}: {words}", indent=2, hang=2))
    if not standing.undecided:
        click.echo("  ingenting")
