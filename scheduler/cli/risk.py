"""`aarshjul risk`: what is likely to be late, from what earlier years show."""

from datetime import UTC, datetime

import click

from scheduler.calendar.occurrence import NATIONAL
from scheduler.calendar.words import long_date
from scheduler.cli.operate import FORMAT, ledger, print_json
from scheduler.cli.paper import filled
from scheduler.ledger.planner import planned_cycles
from scheduler.ledger.read import items, published_calendar
from scheduler.ledger.risk import Risk
from scheduler.ledger.runs import LedgerError
from scheduler.ledger.views import Item


@click.command()
@click.option("--county", help="Bare dette fylket (nummer).")
@FORMAT
def risk(county: str | None, output: str) -> None:
    """List frister de neste 20 arbeidsdagene etter hvor utsatt de er.

    Tallene er anslag fra tidligere skoleår, ikke noe vi vet; uten tidligere år er listen tom.
    """
    with ledger() as session:
        calendar, now = published_calendar(session), datetime.now(UTC)
        if county is not None and county not in calendar.counties:
            raise LedgerError(f"«{county}» er ikke et fylke. Velg: {', '.join(calendar.counties)}.")
        wanted = (county, NATIONAL) if county else (*calendar.counties, NATIONAL)
        found = [
            (item, item.status.risk)
            for cycle in planned_cycles(now)
            for item in items(session, calendar, cycle, now)
            if item.scope in wanted and item.status.risk is not None
        ]
    found.sort(key=lambda pair: (-pair[1].probability, pair[0].due, pair[0].key))
    if output == "json":
        print_json([_as_json(item, told) for item, told in found])
        return
    for item, told in found:
        where = calendar.counties[item.scope].name if item.scope != NATIONAL else "hele landet"
        click.echo(
            filled(f"{item.name}, {where}: frist {long_date(item.due)}. {item.status.label}.")
        )
        click.echo(filled(told.sentence, indent=2))
    if not found:
        click.echo("Ingen anslag: ingen frist er nær, eller ingen tidligere skoleår er i basen.")


def _as_json(item: Item, told: Risk) -> dict[str, object]:
    return {
        "key": item.key,
        "due": item.due.isoformat(),
        "status": item.status.state.value,
        "probability": round(told.probability, 3),
        "days_left": told.days_left,
        "reason": told.reason,
    }
