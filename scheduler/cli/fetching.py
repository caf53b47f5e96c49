"""`aarshjul calendar fetch`: write the version in use into this node's calendar.yaml."""

import click

from scheduler.calendar_file import ChangedMeanwhileError, rewriting
from scheduler.cli.operate import ledger
from scheduler.ledger.history import newest_version
from scheduler.ledger.runs import LedgerError
from scheduler.publishing.on_disk import OnDisk, on_disk
from scheduler.settings import settings

EDITED = (
    "Filen har endringer som aldri er publisert. Flytt den unna, kjør kommandoen på nytt, "
    "og skriv endringene inn igjen."
)


@click.command()
def fetch() -> None:
    """Skriv kalenderen som er i bruk, inn i calendar.yaml her."""
    path = settings().calendar
    with ledger() as session:
        newest = newest_version(session)
        if newest is None:
            raise LedgerError("Ingen kalender er publisert ennå. Kjør `aarshjul plan`.")
        found = on_disk(session, path)
        if found is OnDisk.IN_USE:
            click.echo(f"Ingenting å hente: filen er versjon {newest.number}, som er i bruk.")
            return
        if path.exists() and found is not OnDisk.OLDER:
            raise LedgerError(EDITED)
        number, text = newest.number, newest.text
    try:
        with rewriting(path, text):
            pass
    except (OSError, ChangedMeanwhileError) as error:
        raise click.ClickException(f"Filen kunne ikke skrives ({error}). Den er urørt.") from error
    click.echo(f"{path.name} er nå versjon {number}.")
