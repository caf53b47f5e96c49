"""`aarshjul feeds`: what a feed holds, and addresses of one's own that can be taken back."""

import getpass
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeVar

import click
from rich.console import Console
from rich.table import Table
from sqlalchemy.orm import Session

from scheduler.access import feed_tokens
from scheduler.access.feed_tokens import FeedTokenError
from scheduler.cli.operate import ledger
from scheduler.cli.paper import instant
from scheduler.feeds.library import Form, Library, UnknownChoiceError, Wanted
from scheduler.feeds.selection import NOUNS, Selection, names_of
from scheduler.ledger.read import current_calendar, cycles
from scheduler.settings import settings

Command = TypeVar("Command", bound=Callable[..., None])
HELP = {
    "fylke": "Bare dette fylket, med nummer; kan gjentas.",
    "omrade": "Bare dette området; kan gjentas.",
    "rolle": "Bare denne målgruppen; kan gjentas.",
    "frist": "Bare denne fristen; kan gjentas.",
    "skolear": "Bare dette skoleåret; kan gjentas.",
}
ACTOR = click.option(
    "--by", default=getpass.getuser, show_default="innlogget bruker", help="Hvem som bestemmer."
)


def selected(command: Command) -> Command:
    """The options of a selection, one for each word, as the addresses have them."""
    for word in reversed(NOUNS):
        command = click.option(f"--{word}", multiple=True, help=HELP[word])(command)
    return command


@click.group()
def feeds() -> None:
    """Kalenderne fylkene abonnerer på."""


@feeds.command()
@selected
@click.option(
    "--form",
    type=click.Choice([form.name.lower() for form in Form]),
    default=Form.CSV.name.lower(),
    show_default=True,
    help="Hva som skrives ut; events og tasks er kalenderfiler.",
)
def show(form: str, **chosen: tuple[str, ...]) -> None:
    """Vis det et utvalg inneholder nå, slik abonnentene får det."""
    library = Library(settings().feed_dir)
    try:
        found = library.document(Wanted(Form[form.upper()], Selection.of(chosen)))
    except UnknownChoiceError as error:
        raise click.ClickException(str(error)) from error
    if found is None:
        raise click.ClickException(
            f"Det er ikke publisert noen kalender i {settings().feed_dir}. "
            "Planleggeren skriver dem når den kjører."
        )
    click.echo(found.plain.decode("utf-8-sig"), nl=False)


@feeds.group()
def token() -> None:
    """Egne adresser som kan trekkes tilbake."""


@token.command()
@click.argument("name", metavar="NAVN")
@selected
@ACTOR
def create(name: str, by: str, **chosen: tuple[str, ...]) -> None:
    """Lag en egen adresse for et utvalg. Adressen vises bare nå."""
    selection = Selection.of(chosen)
    with ledger() as session:
        unknown = _unknown(session, selection)
        if unknown:
            raise click.ClickException(unknown)
        values = {word: selection.values(word) for word in NOUNS}
        made = _known(lambda: feed_tokens.create(session, name, values, by, datetime.now(UTC)))
    click.echo(f"{settings().public_url}/feed/{made}/arshjul.ics")
    click.echo(
        "Adressen virker fra neste runde i planleggeren, og vises ikke igjen. Oppgavene ligger på "
        "samme adresse med oppgaver.ics til slutt.",
        err=True,
    )


@token.command("list")
def list_tokens() -> None:
    """Vis adressene: navn, utvalg, hvem som laget dem, og om de gjelder."""
    table = Table(box=None, pad_edge=False)
    for heading in ("Navn", "Utvalg", "Laget", "Av", "Trukket tilbake"):
        table.add_column(heading, overflow="fold")
    with ledger() as session:
        found = feed_tokens.tokens(session)
        for row in found:
            revoked = f"{instant(row.revoked_at)} {row.revoked_by}" if row.revoked_at else "–"
            chosen = " ".join(f"{w}={','.join(v)}" for w, v in row.selection.items()) or "alt"
            table.add_row(row.name, chosen, instant(row.created_at), row.created_by, revoked)
    if found:
        Console().print(table)
    else:
        click.echo("Ingen egne adresser ennå.")


@token.command()
@click.argument("name", metavar="NAVN")
@ACTOR
def revoke(name: str, by: str) -> None:
    """Trekk en adresse tilbake; den som bruker den, får beskjed om at den er borte."""
    with ledger() as session:
        row = _known(lambda: feed_tokens.revoke(session, name, by, datetime.now(UTC)))
        click.echo(f"Trukket tilbake: {row.name}")


Made = TypeVar("Made")


def _known(deed: Callable[[], Made]) -> Made:
    try:
        return deed()
    except FeedTokenError as error:
        raise click.ClickException(str(error)) from error


def _unknown(session: Session, selection: Selection) -> str:
    """What is wrong with a selection by the calendar in use."""
    calendar = current_calendar(session)
    if calendar is None:
        return "Kalenderen er ikke tatt i bruk ennå. Kjør `aarshjul plan` først."
    return selection.unknown(names_of(calendar, calendar.deliverables, cycles(session)))
