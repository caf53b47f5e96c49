"""`aarshjul persons`: changes of identity number, and what they made one."""

from datetime import UTC, datetime
from pathlib import Path

import click
from sqlalchemy import select

from jobs.identity import PRODUCTION, SYNTHETIC_ONLY
from jobs.imports.lines import FileFault
from jobs.imports.number_changes import take_in
from jobs.register.people import PersonMerge
from scheduler.cli.hand_file import nothing_changed
from scheduler.cli.operate import ledger
from scheduler.ledger.database import open_database
from scheduler.settings import settings

WORDS = {"renumbered": "fikk nytt nummer", "merged": "slått sammen", "unchanged": "uendret"}


@click.group()
def persons() -> None:
    """Personer: endrede fødselsnumre og sammenslåinger. Numre vises aldri."""


@persons.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--by", required=True, help="Hvem som har bestemt det.")
@click.option("--why", required=True, help="Hvorfor, for eksempel «vask mot folkeregisteret».")
def renumber(file: Path, by: str, why: str) -> None:
    """Ta inn endrede fødselsnumre fra FILE: gammelt;nytt;dato. Alle linjer eller ingen."""
    chosen = settings()
    accept = PRODUCTION if chosen.identity_numbers == "real" else SYNTHETIC_ONLY
    database = open_database(chosen.ledger_url)
    try:
        done = take_in(database, chosen.data_dir, file, by, why, datetime.now(UTC), accept)
    except FileFault as fault:
        raise nothing_changed(file, fault) from None
    finally:
        database.dispose()
    click.echo(
        ", ".join(f"{count} {WORDS[word]}" for word, count in done.items()) or "Ingen linjer."
    )


@persons.command()
def merges() -> None:
    """Vis sammenslåingene: registerets egne personnumre, hvem som bestemte det, og hvorfor."""
    with ledger() as session:
        rows = session.scalars(select(PersonMerge).order_by(PersonMerge.id)).all()
        for row in rows:
            click.echo(f"{row.at:%d.%m.%Y} {row.gone_id} → {row.kept_id}  {row.actor}: {row.why}")
        if not rows:
            click.echo("Ingen personer er slått sammen.")
