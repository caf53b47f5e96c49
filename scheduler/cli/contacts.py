"""`aarshjul contacts`: the role addresses that are told, added, listed and checked."""

from datetime import UTC, datetime
from pathlib import Path

import click

from scheduler.calendar.words import count
from scheduler.cli.notify import SCOPE, calendar_in_use, checked_scope, scope_of
from scheduler.cli.operate import ROW_NUMBER, ledger
from scheduler.cli.paper import filled
from scheduler.ledger.runs import LedgerError
from scheduler.notify import contacts as book
from scheduler.notify import trial
from scheduler.notify.directory import LEVELS
from scheduler.notify.faults import PermanentFault, TransientFault
from scheduler.notify.roles import role_name, scope_name
from scheduler.notify.target import target_of
from scheduler.settings import settings


@click.group()
def contacts() -> None:
    """Rolleadressene som får varsler og påminnelser."""


@contacts.command("add")
@click.option("--scope", required=True, help="Fylkesnummer, eller «nasjonal».")
@click.option("--role", required=True, help="Rollen, eller «koordinator».")
@click.option("--level", type=int, default=1, show_default=True, help="1, 2, 3 eller 4.")
@click.option("--channel", default="email", show_default=True, help="email, teams eller webhook.")
@click.argument("address", metavar="ADRESSE")
def add_contact(scope: str, role: str, level: int, channel: str, address: str) -> None:
    """Legg til en kontakt. Bruk rolleadresser: folk slutter, roller består.

    Nivåene er 1 ansvarlig, 2 stedfortreder, 3 leder og 4 nasjonal koordinator.
    """
    entry = book.Entry(scope_of(scope) or "", role, level, channel, address)
    with ledger() as session:
        _may_be_called(channel, address)
        row = book.add(session, calendar_in_use(session), entry, datetime.now(UTC))
        click.echo(f"Kontakt {row.id}: {row.address}")
        if row.secret:
            click.echo(f"Nøkkelen som signerer, vises bare nå: {row.secret}")


def _may_be_called(channel: str, address: str) -> None:
    """Refuse an address inside our own walls now, and not when the first message is to go."""
    if channel == "email":
        return
    try:
        target_of(address, settings().own_networks)
    except PermanentFault as fault:
        raise LedgerError(str(fault)) from fault
    except TransientFault as fault:
        click.echo(f"{fault} Kontakten lagres likevel; prøv den med `messages test`.", err=True)


@contacts.command("list")
@SCOPE
def list_contacts(scope: str | None) -> None:
    """List kontaktene."""
    with ledger() as session:
        rows = book.listed(session, checked_scope(calendar_in_use(session), scope))
        for row in rows:
            told = (
                f"{row.id}  {row.scope}  {row.role}, {LEVELS[row.level]}: "
                f"{row.address} ({row.channel}, {trial.standing(row)})"
            )
            click.echo(filled(told, hang=4))
        if not rows:
            click.echo("Ingen kontakter ennå. Se `aarshjul contacts add --help`.")


@contacts.command("remove")
@click.argument("number", metavar="NUMMER", type=ROW_NUMBER)
def remove_contact(number: int) -> None:
    """Slå av en kontakt; det som er sendt, står igjen."""
    with ledger() as session:
        row = book.remove(session, number)
        click.echo(f"Slått av: {row.address}")


@contacts.command("confirm")
@click.argument("number", metavar="NUMMER", type=ROW_NUMBER)
@click.argument("code", metavar="KODE")
def confirm_contact(number: int, code: str) -> None:
    """Bekreft at en prøve kom fram, med koden i den (se `aarshjul messages test`)."""
    with ledger() as session:
        row = trial.confirm(session, number, code, datetime.now(UTC))
        click.echo(f"Bekreftet: {row.address}")


@contacts.command("import")
@click.argument("file", metavar="FIL", type=click.Path(exists=True, path_type=Path))
def import_contacts(file: Path) -> None:
    """Legg til kontaktene i en CSV-fil, alle eller ingen.

    Kolonnene er fylke, rolle, nivå, kanal og adresse.
    """
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise click.ClickException(f"{file}: filen er ikke UTF-8. Lagre den som UTF-8.") from error
    with ledger() as session:
        number = book.import_csv(session, calendar_in_use(session), text, datetime.now(UTC))
    click.echo(f"Lest inn: {number}")


@contacts.command("check")
def check_contacts() -> None:
    """Vis rollene som skal levere noe og ikke har noen ansvarlig."""
    with ledger() as session:
        calendar = calendar_in_use(session)
        gaps = book.gaps(session, calendar)
        for scope, role in gaps:
            told = (
                f"Ingen kontakt for «{role_name(calendar, role)}» ({scope_name(calendar, scope)})."
            )
            above = book.recipients(session, scope, role, 2)
            instead = f" I stedet varsles {LEVELS[above[0].level]}." if above else " Ingen varsles."
            click.echo(filled(told + instead, hang=4))
    missing = count(len(gaps), "rolle mangler", "roller mangler").capitalize()
    click.echo(f"{missing} ansvarlig." if gaps else "Alle roller har en ansvarlig.")
