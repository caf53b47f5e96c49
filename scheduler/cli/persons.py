"""`aarshjul persons`: changes of identity number, marks, and who has read about whom."""

from datetime import UTC, datetime
from pathlib import Path

import click
from sqlalchemy import select

from jobs.identity import PRODUCTION, SYNTHETIC_ONLY
from jobs.imports.lines import FileFault
from jobs.imports.number_changes import take_in
from jobs.ot.marks import take_in as take_in_marks
from jobs.ot.status import Word
from jobs.register.people import PersonMerge
from scheduler import reads, reads_kept
from scheduler.cli.hand_file import nothing_changed
from scheduler.cli.operate import LIMIT, ROW_NUMBER, ledger
from scheduler.cli.paper import instant
from scheduler.ledger.database import open_database
from scheduler.settings import settings

WORDS = {"renumbered": "fikk nytt nummer", "merged": "slått sammen", "unchanged": "uendret"}


@click.group()
def persons() -> None:
    """Personer: endrede fødselsnumre, sammenslåinger, merker og lesinger. Fødselsnumre vises aldri."""


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
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--by", required=True, help="Hvem som tar inn filen.")
@click.option(
    "--why", required=True, help="Hvorfor, for eksempel «ukens merker fra folkeregisteret»."
)
def marks(file: Path, by: str, why: str) -> None:
    """Ta inn merker fra FILE: fodselsnummer;personmerke;fra;til. Alle linjer eller ingen.

    Gradert adresse (K6, K7) tar personen ut av de vanlige listene med en gang.
    """
    chosen = settings()
    database = open_database(chosen.ledger_url)
    try:
        done = take_in_marks(database, chosen.data_dir, file, Word(by, why), datetime.now(UTC))
    except FileFault as fault:
        raise nothing_changed(file, fault) from None
    finally:
        database.dispose()
    click.echo(
        f"{done['new']} nye merker, {done['changed']} endret, {done['unchanged']} uendret. "
        f"{done['moved']} OT-linjer har fått en annen enhet."
    )


@persons.command("reads")
@click.option("--person", type=ROW_NUMBER, help="Registerets eget nummer på personen.")
@click.option("--account", default="", help="Navnet på kontoen.")
@LIMIT
def reads_(person: int | None, account: str, limit: int) -> None:
    """Vis hvem som har sett hvem på sidene, når, hvor og til hva, og hva som er slettet som for gammelt."""
    with ledger() as session:
        rows = reads.found(session, person=person, actor=account, limit=limit)
        lines = [
            f"{instant(row.at)}  {row.actor}  person {row.person_id}  {row.page}, "
            f"fylke {row.county}  {row.purpose}"
            for row in rows
        ]
        lines += [
            f"{instant(gone.at)}  {gone.removed} oppslag til og med {gone.last_day:%d.%m.%Y} slettet"
            for gone in reads_kept.purges(session)
            if person is None and not account
        ]
    click.echo("\n".join(lines) or "Ingen lesinger.")


@persons.command()
def merges() -> None:
    """Vis sammenslåingene: registerets egne personnumre, hvem som bestemte det, og hvorfor."""
    with ledger() as session:
        rows = session.scalars(select(PersonMerge).order_by(PersonMerge.id)).all()
        for row in rows:
            click.echo(f"{row.at:%d.%m.%Y} {row.gone_id} → {row.kept_id}  {row.actor}: {row.why}")
        if not rows:
            click.echo("Ingen personer er slått sammen.")
