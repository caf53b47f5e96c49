"""`aarshjul verify`: is every target of the calendar in the ledger once, and does every run lead somewhere?"""

import json
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from functools import partial

import click

from scheduler.calendar import SchoolYear
from scheduler.cli.operate import FORMAT, ledger
from scheduler.cli.paper import filled
from scheduler.ledger.proof import Proof
from scheduler.ledger.read import current_calendar
from scheduler.settings import settings

INDENT = 4


def _one_year(_context: click.Context, _option: click.Parameter, value: str | None) -> str | None:
    try:
        return str(SchoolYear(value)) if value else None
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


@click.command()
@click.option(
    "--school-year", "year", callback=_one_year, help="Bare det som er av dette skoleåret."
)
@FORMAT
@click.option("--json", "output", flag_value="json", help="Det samme som --format json.")
def verify(year: str | None, output: str) -> None:
    """Hold årshjulet mot basen, begge veier; avslutter med 1 når noe ikke stemmer."""
    from scheduler.engine.durable import read_work  # noqa: PLC0415 - heavy
    from scheduler.engine.proving import Prover  # noqa: PLC0415

    with ledger() as session:
        calendar = current_calendar(session)
        if calendar is None:
            raise click.ClickException("Basen har ingen kalender ennå. Start tjenesten først.")
        database = session.connection().engine
        prover = Prover(database, partial(read_work, settings().engine_url))
        found = prover.whole(calendar, datetime.now(UTC), year)
    if output == "json":
        click.echo(json.dumps(asdict(found), ensure_ascii=False, indent=1))
    else:
        _show(found)
    sys.exit(1 if found.findings else 0)


def _show(found: Proof) -> None:
    for finding in found.findings:
        click.echo(finding.key)
        click.echo(filled(finding.sentence, INDENT))
    counted = f"{found.targets} frister, {found.runs} kjøringer og {found.receipts} kvitteringer"
    count = len(found.findings)
    wrong = f"{count} ting stemmer ikke." if count else "Alt stemmer."
    click.echo(filled(f"Holdt {counted} mot hverandre. {wrong}"))
