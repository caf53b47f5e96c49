"""`aarshjul pause`, `resume`, `pauses`: set work on hold, let it go, see what is held."""

from datetime import UTC, date, datetime

import click

from scheduler.cli.operate import ACTOR, FORMAT, ROW_NUMBER, WHY, ledger, print_json
from scheduler.cli.paper import filled, instant
from scheduler.ledger import pausing
from scheduler.ledger.pause import Pause
from scheduler.ledger.read import published_calendar


def _day(_context: click.Context, _option: click.Parameter, value: str | None) -> date | None:
    try:
        return date.fromisoformat(value) if value else None
    except ValueError as error:
        raise click.BadParameter(
            f"«{value}» er ikke en dato. Skriv for eksempel 2026-12-03."
        ) from error


@click.command()
@click.option("--deliverable", help="Bare denne raden i calendar.yaml.")
@click.option("--county", help="Bare dette fylket; nasjonale frister går som før.")
@click.option("--until", callback=_day, help="Første dag det går igjen, ÅÅÅÅ-MM-DD.")
@WHY
@ACTOR
def pause(
    deliverable: str | None, county: str | None, until: date | None, why: str, actor: str
) -> None:
    """Sett alt, en rad eller et fylke på pause.

    Ingenting starter av seg selv så lenge, og ingenting går tapt. Fristene løper.
    """
    with ledger() as session:
        calendar = published_calendar(session)
        now = datetime.now(UTC)
        begun = pausing.begin(session, calendar, deliverable, county, until, actor, why, now)
        click.echo(filled(f"Pause {begun.number}: {pausing.sentence(begun, calendar)}"))


@click.command()
@click.argument("number", type=ROW_NUMBER, metavar="NUMMER")
@WHY
@ACTOR
def resume(number: int, why: str, actor: str) -> None:
    """Avslutt en pause; neste tikk starter det som skulle ha startet."""
    with ledger() as session:
        pausing.end(session, number, actor, why, datetime.now(UTC))
    click.echo(f"Pause {number} er avsluttet.")


@click.command()
@click.option("--all", "all_of_them", is_flag=True, help="Også de som er avsluttet.")
@FORMAT
def pauses(all_of_them: bool, output: str) -> None:
    """List det som er på pause."""
    now = datetime.now(UTC)
    with ledger() as session:
        calendar = published_calendar(session)
        found = pausing.every(session) if all_of_them else pausing.not_ended(session)
        if output == "json":
            print_json([_as_json(one, now) for one in found])
            return
        for one in found:
            click.echo(filled(f"{one.number}. {pausing.sentence(one, calendar)}", hang=3))
            if one.ended_at:
                ended = f"Avsluttet {instant(one.ended_at)} av {one.ended_by}: {one.end_reason}"
                click.echo(filled(ended, indent=3))
            elif one.has_run_out(now):
                click.echo(filled("Dagen er kommet; den holder ingenting igjen lenger.", indent=3))
        if not found:
            click.echo("Ingenting er på pause.")


def _as_json(one: Pause, now: datetime) -> dict[str, object]:
    return {
        "number": one.number,
        "deliverable": one.deliverable,
        "county": one.county,
        "sends_only": one.sends_only,
        "until": one.until and one.until.isoformat(),
        "holds": one.holds(now),
        "actor": one.actor,
        "why": one.reason,
        "begun_at": one.begun_at.isoformat(),
        "ended_at": one.ended_at and one.ended_at.isoformat(),
        "ended_by": one.ended_by,
        "ended_why": one.end_reason,
    }
