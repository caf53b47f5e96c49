"""`aarshjul inbox`: what waits for a person now."""

from dataclasses import asdict
from datetime import UTC, datetime

import click

from scheduler.cli.operate import FORMAT, ledger, print_json
from scheduler.cli.paper import filled, instant
from scheduler.ledger.read import published_calendar


@click.command()
@FORMAT
def inbox(output: str) -> None:
    """List det som venter på et menneske nå, og hvem som kan handle."""
    from scheduler.inbox import inbox as read_inbox  # noqa: PLC0415 - loads every job

    with ledger() as session:
        found = read_inbox(session, published_calendar(session), datetime.now(UTC))
    if output == "json":
        print_json([asdict(m) | {"since": m.since and m.since.isoformat()} for m in found])
        return
    for matter in found:
        since = f"Siden {instant(matter.since)}. " if matter.since else ""
        click.echo(filled(matter.sentence))
        click.echo(filled(f"{since}Kan handle: {matter.who}. {matter.url}", indent=2))
    if not found:
        click.echo("Ingenting venter på et menneske.")
