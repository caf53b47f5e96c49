"""`aarshjul messages`: see what was sent and what waits, decide what is unknown, try a contact."""

import json
from datetime import UTC, datetime

import click
from rich.console import Console
from rich.table import Table
from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.cli.operate import FORMAT, LIMIT, ROW_NUMBER, ledger
from scheduler.cli.paper import filled, instant
from scheduler.ledger.database import open_database
from scheduler.ledger.runs import LedgerError
from scheduler.notify import outbox, trial
from scheduler.notify.channels import NO_MAIL, open_channels
from scheduler.notify.tables import MessageRow
from scheduler.notify.words import CHANNELS
from scheduler.notify.words import MESSAGE_STATES as STATES
from scheduler.settings import settings

# Not a node's name: the scheduler must not take our claims for those of its earlier life.
SENDER = "kommandolinjen"
TITLE = 14
BY = click.option("--by", required=True, help="Hvem som avgjør.")


@click.group()
def messages() -> None:
    """Meldinger: se dem, avgjør de ukjente, prøv en kontakt."""


@messages.command("list")
@click.option("--state", type=click.Choice(list(STATES)), help="Bare i denne tilstanden.")
@click.option("--scope", help="Bare dette fylket, eller national.")
@LIMIT
@FORMAT
def list_(state: str | None, scope: str | None, limit: int, output: str) -> None:
    """List meldinger, nyeste først."""
    query = select(MessageRow).order_by(MessageRow.created_at.desc(), MessageRow.id).limit(limit)
    if state:
        query = query.where(MessageRow.state == state)
    if scope:
        query = query.where(MessageRow.scope == scope)
    with ledger() as session:
        found = list(session.scalars(query))
        if output == "json":
            click.echo(json.dumps([_as_json(row) for row in found], ensure_ascii=False, indent=2))
        else:
            _print(found)
    if "email" not in open_channels(settings()):
        click.echo(NO_MAIL, err=True)


def _as_json(row: MessageRow) -> dict[str, object]:
    return {
        "id": row.id,
        "kind": row.kind,
        "channel": row.channel,
        "address": row.address,
        "subject": row.subject,
        "state": row.state,
        "attempts": row.attempts,
        "created_at": row.created_at.isoformat(),
        "sent_at": row.sent_at and row.sent_at.isoformat(),
        "fault": row.fault,
    }


def _print(found: list[MessageRow]) -> None:
    if not found:
        click.echo("Ingen meldinger.")
        return
    table = Table(box=None, pad_edge=False)
    for heading in ("Melding", "Til", "Tilstand"):
        table.add_column(heading, overflow="fold")
    for row in found:
        table.add_row(row.id, row.address, STATES[row.state])
    Console().print(table)


@messages.command()
@click.argument("message_id", metavar="ID")
def show(message_id: str) -> None:
    """Vis én melding: hvem, hva, og hvordan det gikk."""
    with ledger() as session:
        row = _row(session, message_id)
        for title, value in _facts(row):
            click.echo(filled(f"{title:{TITLE}}{value}", hang=TITLE))
        click.echo(f"\n{row.text}")


def _facts(row: MessageRow) -> list[tuple[str, str]]:
    facts = [
        ("Melding", row.id),
        ("Til", f"{row.address} ({CHANNELS[row.channel]})"),
        ("Emne", row.subject),
        ("Tilstand", STATES[row.state]),
        ("Forsøk", str(row.attempts)),
        ("Sendt", instant(row.sent_at) if row.sent_at else "–"),
    ]
    if row.state == "planned":
        facts.append(("Neste forsøk", instant(row.next_try_at)))
    return [*facts, ("Feil", row.fault)] if row.fault else facts


def _row(session: Session, message_id: str) -> MessageRow:
    row = session.get(MessageRow, message_id)
    if row is None:
        raise LedgerError(f"Fant ingen melding «{message_id}». Se `aarshjul messages list`.")
    return row


@messages.command()
@click.argument("message_id", metavar="ID")
@click.option("--sent", "how", flag_value="sent", help="Den kom fram.")
@click.option("--again", "how", flag_value="again", help="Send den en gang til.")
@BY
def resolve(message_id: str, how: str | None, by: str) -> None:
    """Avgjør en melding vi ikke vet om kom fram, eller send en som er gitt opp på nytt."""
    if how is None:
        raise click.UsageError("Velg --sent (den kom fram) eller --again (send den en gang til).")
    if not by.strip():
        raise click.BadParameter("Skriv hvem som avgjør.", param_hint="--by")
    with ledger() as session:
        row = outbox.resolve(session, message_id, how, by.strip(), datetime.now(UTC))
        click.echo(f"{row.id}: {STATES[row.state]}")


@messages.command()
@click.argument("contact", type=ROW_NUMBER, metavar="KONTAKT")
def test(contact: int) -> None:
    """Send en prøve til en kontakt; en person bekrefter at den kom fram."""
    with ledger() as session:
        message_id = trial.order(session, contact, settings().public_url, datetime.now(UTC))
    database = open_database(settings().ledger_url)
    try:
        outbox.send_waiting(database, settings(), lambda: datetime.now(UTC), SENDER, message_id)
    finally:
        database.dispose()
    with ledger() as session:
        row = _row(session, message_id)
        if row.state != "sent":
            why = row.fault or NO_MAIL
            raise click.ClickException(f"Prøven er ikke sendt ({STATES[row.state]}): {why}")
    click.echo(
        "Prøven er sendt, ikke bekreftet. Den som får den, bekrefter på lenken, eller du gjør det "
        f"med koden i meldingen:\naarshjul contacts confirm {contact} KODE"
    )
