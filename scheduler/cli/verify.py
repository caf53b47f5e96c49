"""`aarshjul verify`: is every target of the calendar in the ledger once, and does every run lead somewhere?"""

import json
import sys
from dataclasses import asdict
from datetime import UTC, datetime

import click

from scheduler.cli.operate import FORMAT, ledger
from scheduler.cli.paper import filled
from scheduler.engine.durable import read_work
from scheduler.ledger.proof import Proof, Targets, live_runs, prove
from scheduler.ledger.read import current_calendar
from scheduler.settings import settings

INDENT = 4


@click.command()
@FORMAT
def verify(output: str) -> None:
    """Hold årshjulet mot basen, begge veier; avslutter med 1 når noe ikke stemmer."""
    with ledger() as session:
        calendar = current_calendar(session)
        if calendar is None:
            raise click.ClickException("Basen har ingen kalender ennå. Start tjenesten først.")
        work, now = read_work(settings().engine_url, live_runs(session)), datetime.now(UTC)
        found = prove(session, Targets.of(calendar, now), work, now)
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
