"""`aarshjul import`: put files in the inbox by command, and follow what becomes of them."""

import time
from pathlib import Path

import click

from jobs.api import Refusal
from jobs.channels.files import chunks_of
from jobs.imports.dropping import Dropped, drop, must_be_open, usable_name
from jobs.imports.inbox import STATE_WORDS
from jobs.imports.layout import load_layout
from jobs.imports.preview import as_declared
from jobs.register.deliveries import DeliverySummary, delivery_with
from jobs.register.tables import DeliveryState
from scheduler.calendar import CalendarError, load_calendar
from scheduler.calendar.occurrence import NATIONAL
from scheduler.cli.operate import ledger
from scheduler.engine.snapshot import import_routes
from scheduler.settings import settings

POLL_SECONDS = 1.0
NOT_LOADED = (DeliveryState.REFUSED, DeliveryState.HELD)


@click.command("import")
@click.argument(
    "files",
    metavar="FIL…",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
)
@click.option("--county", metavar="NN", help="Fylkesnummeret filene kommer fra.")
@click.option("--national", is_flag=True, help="Filene kommer fra en nasjonal avsender.")
@click.option("--deliverable", required=True, metavar="ID", help="Leveransen filene hører til.")
@click.option("--wait", is_flag=True, help="Følg filene til de er avgjort.")
def import_(
    files: tuple[Path, ...], county: str | None, national: bool, deliverable: str, wait: bool
) -> None:
    """Legg filer i innboksen. Planleggeren tar dem derfra."""
    scope = _scope(county, national)
    try:
        _look(files, scope, deliverable)
        dropped = [_drop(path, scope, deliverable) for path in files]
    except (Refusal, CalendarError) as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"Svarene kommer i {settings().data_dir / 'returns' / scope}")
    followed = [_follow(file, scope, deliverable) for file in dropped] if wait else []
    if not all(followed):
        raise click.exceptions.Exit(1)


def _scope(county: str | None, national: bool) -> str:
    if national == (county is not None):
        raise click.UsageError("Oppgi enten --county NN eller --national.")
    return county or NATIONAL


def _look(files: tuple[Path, ...], scope: str, deliverable: str) -> None:
    """Raise Refusal before anything is copied when the sender or a file's county does not fit."""
    must_be_open(import_routes(load_calendar(settings().calendar)), scope, deliverable)
    for path in files:
        usable_name(path.name)
        declared = as_declared(path, load_layout()).fylkesnummer
        if scope != NATIONAL and declared not in {"", scope}:
            raise Refusal(
                f"{path.name}: filhodet er fra et annet fylke enn {scope}. "
                "Oppgi fylket som står i filen, eller velg en annen fil."
            )


def _drop(path: Path, scope: str, deliverable: str) -> Dropped:
    chosen = settings()
    folder = chosen.data_dir / "inbox" / scope / deliverable
    dropped = drop(folder, path.name, chunks_of(path), chosen.max_file_mb)
    click.echo(f"{dropped.name} ligger i innboksen ({dropped.bytes} byte).")
    return dropped


def _follow(file: Dropped, scope: str, deliverable: str) -> bool:
    """Wait until the file is settled and say how; whether it was loaded."""
    while (found := _settled(file, scope, deliverable)) is None:
        time.sleep(POLL_SECONDS)
    click.echo(
        f"{file.name}: leveranse nr. {found.id} er {STATE_WORDS[DeliveryState(found.state)]}; "
        f"linjer: {found.rows or 0}, feil: {found.errors}, advarsler: {found.warnings}."
    )
    return found.state not in NOT_LOADED


def _settled(file: Dropped, scope: str, deliverable: str) -> DeliverySummary | None:
    with ledger() as session:
        found = delivery_with(session, file.sha256, scope, deliverable)
    return found if found and found.state != DeliveryState.WAITING else None
