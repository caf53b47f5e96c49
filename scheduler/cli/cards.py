"""`aarshjul cards`: a delivery's card as a PDF, or a school year's in one archive."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from jobs.channels.files import write_whole
from scheduler.cli.choosing import known
from scheduler.cli.operate import ledger
from scheduler.ledger import read
from scheduler.settings import settings

if TYPE_CHECKING:
    from web.site import Ledger


@click.command()
@click.argument("key", required=False)
@click.option("--school-year", metavar="ÅÅÅÅ-ÅÅÅÅ", help="Alle kortene i skoleåret, i én ZIP-fil.")
@click.option("--county", metavar="NN", help="Bare dette fylkets, sammen med --school-year.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    help="Filen som skrives: .pdf eller .json for en levering, .zip for et skoleår.",
)
def cards(key: str | None, school_year: str | None, county: str | None, out: Path) -> None:
    """Skriv leveringskortet til leveringen KEY, eller alle i et skoleår."""
    if (key is None) == (school_year is None) or (county and not school_year):
        raise click.UsageError("Oppgi enten en nøkkel eller --school-year (og eventuelt --county).")
    with _looking() as at:
        if school_year:
            _year(at, school_year, county, out)
        else:
            _one(at, key or "", out)


@contextmanager
def _looking() -> Iterator["Ledger"]:
    from web import create_app  # noqa: PLC0415 - the site is heavy
    from web.site import Ledger  # noqa: PLC0415

    app = create_app(settings(), read_steps=lambda _: ())
    with ledger() as session, app.test_request_context():
        calendar = read.published_calendar(session)
        yield Ledger(session, calendar, datetime.now(UTC))


def _one(at: "Ledger", key: str, out: Path) -> None:
    from scheduler.cards.collect import Collector  # noqa: PLC0415 - loads every job
    from scheduler.cards.year import as_bytes  # noqa: PLC0415
    from web.deliveries.cards import NothingYetError, pdf_of  # noqa: PLC0415

    card = Collector(at.session, at.calendar).card(key)
    if card is None:
        raise click.ClickException(f"«{key}» er ikke en levering med kort.")
    try:
        content = as_bytes(card) if out.suffix == ".json" else pdf_of(at, card)
    except NothingYetError:
        raise click.ClickException(
            f"Ingenting er sendt eller bestemt om «{key}» ennå, så det er ikke noe å arkivere."
        ) from None
    write_whole(out, [content])
    click.echo(f"Leveringskortet er skrevet til {out}.")


def _year(at: "Ledger", cycle: str, county: str | None, out: Path) -> None:
    from scheduler.cards.collect import begun_in_year  # noqa: PLC0415 - loads every job
    from web.deliveries.cards import archive_of  # noqa: PLC0415

    known(cycle, read.cycles(at.session), "et skoleår i databasen")
    known(county, at.counties, "et fylkesnummer i årshjulet")
    sha256 = write_whole(out, archive_of(at, cycle, county))
    begun = begun_in_year(at.session, at.calendar, cycle, county)
    if not begun:
        click.echo(f"Ingen levering er begynt i skoleåret {cycle}.")
    click.echo(f"{out}: {begun} leveringskort, SHA-256 {sha256}")
