"""`aarshjul calendar poster`: the wheel poster that the site shows, written to a file."""

from datetime import UTC, datetime
from pathlib import Path

import click

from scheduler.calendar import SchoolYear
from scheduler.cli.choosing import SCHOOL_YEAR
from scheduler.cli.operate import ledger
from scheduler.ledger.read import current_calendar
from scheduler.settings import settings


@click.command()
@SCHOOL_YEAR
@click.option("--county", multiple=True, help="Bare dette fylket, med fylkesnummer. Kan gjentas.")
@click.option("--area", multiple=True, help="Bare dette fagområdet, for eksempel ot. Kan gjentas.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    help="Filen plakaten skrives til, for eksempel hjul.pdf.",
)
def poster(year: SchoolYear, county: tuple[str, ...], area: tuple[str, ...], out: Path) -> None:
    """Lag årshjulet som plakat i A3 (PDF), av kalenderen som er i bruk."""
    from web import create_app  # noqa: PLC0415 - the site is heavy
    from web.site import Ledger  # noqa: PLC0415
    from web.wheel.poster import NoPosterError, chosen, pdf_of, sheet_of  # noqa: PLC0415

    app = create_app(settings(), read_steps=lambda _: ())
    with ledger() as session, app.test_request_context():
        calendar = current_calendar(session)
        if calendar is None:
            raise click.ClickException("Kalenderen er ikke tatt i bruk ennå. Kjør «aarshjul plan».")
        at = Ledger(session, calendar, datetime.now(UTC))
        try:
            selection = chosen(at, {"skolear": [year], "fylke": county, "omrade": area})
        except NoPosterError as error:
            raise click.ClickException(str(error)) from error
        pdf = pdf_of(sheet_of(at, selection))
    out.write_bytes(pdf)
    click.echo(f"Plakaten er skrevet til {out}.")
