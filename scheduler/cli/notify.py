"""`aarshjul notices`, `reminders`, `report`: who is told what, when and why."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.calendar import Calendar
from scheduler.calendar.occurrence import NATIONAL, OSLO
from scheduler.cli.choosing import known
from scheduler.cli.operate import WHY, ledger
from scheduler.cli.paper import filled, instant
from scheduler.ledger.read import current_calendar
from scheduler.ledger.runs import LedgerError
from scheduler.notify import notices as notice_book
from scheduler.notify import preview as forecast
from scheduler.notify import receipts, silences
from scheduler.notify.contacts import NATIONAL_WORD
from scheduler.notify.directory import LEVELS
from scheduler.notify.planned import Planned
from scheduler.notify.roles import role_name, scope_name
from scheduler.notify.tables import MessageRow, NoticeRow
from scheduler.notify.words import MESSAGE_STATES

SCOPE = click.option("--scope", help="Fylkesnummer, eller «nasjonal».")
ROLE = click.option("--role", required=True, help="Rollen, fra audiences i calendar.yaml.")
BY = click.option("--by", "actor", required=True, help="Hvem som sier det, helst en rolle.")
KEY = click.argument("key", metavar="NØKKEL")
MOST_LOGGED = 200


def calendar_in_use(session: Session) -> Calendar:
    """The calendar in use; raises LedgerError before the first plan."""
    calendar = current_calendar(session)
    if calendar is None:
        raise LedgerError("Ingen kalender er i bruk ennå. Kjør `aarshjul plan`.")
    return calendar


def scope_of(word: str | None) -> str | None:
    """A county number as it is, and the word for the whole country as the ledger writes it."""
    return NATIONAL if word == NATIONAL_WORD else word


def checked_scope(calendar: Calendar, word: str | None) -> str | None:
    """The scope somebody wrote; click's own fault, with advice, when there is none such."""
    scope = scope_of(word)
    known(scope, [*calendar.counties, NATIONAL], "et fylkesnummer i årshjulet")
    return scope


@click.group()
def notices() -> None:
    """Varsler om endrede frister."""


@notices.command("list")
@SCOPE
@click.option("--all", "everything", is_flag=True, help="Også de kvitterte.")
def list_notices(scope: str | None, everything: bool) -> None:
    """List varslene som venter på kvittering."""
    with ledger() as session:
        wanted = checked_scope(calendar_in_use(session), scope)
        query = select(NoticeRow).order_by(NoticeRow.version.desc(), NoticeRow.id)
        query = query.where(NoticeRow.scope == wanted) if wanted else query
        if not everything:
            query = query.where(NoticeRow.acknowledged_at.is_(None))
        rows = session.scalars(query).all()
        for row in rows:
            click.echo(filled(f"{row.id}: {_standing(row)}", hang=4))
    if not rows:
        click.echo("Ingen varsler." if everything else "Ingen varsler venter på kvittering.")


def _standing(row: NoticeRow) -> str:
    if row.acknowledged_at:
        return f"kvittert {instant(row.acknowledged_at)} av {row.acknowledged_by}"
    return f"sendt {instant(row.created_at)}, nå hos {LEVELS[row.level]}, ikke kvittert"


@notices.command("ack")
@click.argument("notice", metavar="VARSEL")
@BY
def acknowledge_notice(notice: str, actor: str) -> None:
    """Kvitter for et varsel på vegne av rollen, med id fra `notices list`."""
    with ledger() as session:
        row = session.get(NoticeRow, notice)
        if row is None:
            raise LedgerError(f"Fant ikke varselet «{notice}». `aarshjul notices list` viser dem.")
        row = notice_book.acknowledge(session, row.token, actor, datetime.now(UTC))
        click.echo(f"{row.id}: {_standing(row)}")


@click.group()
def reminders() -> None:
    """Påminnelsene: hva som kommer, hva som er sendt, og hvordan de stilles."""


@reminders.command()
@click.option(
    "--days", type=click.IntRange(1, 60), default=7, show_default=True, help="Dager fram."
)
@SCOPE
def preview(days: int, scope: str | None) -> None:
    """Vis hva som blir sendt, til hvem og hvorfor, og hva som ikke blir sendt."""
    with ledger() as session:
        calendar = calendar_in_use(session)
        wanted = checked_scope(calendar, scope)
        planned = forecast.coming(session, calendar, datetime.now(UTC), days)
        shown = [item for item in planned if wanted in (None, item.place[0])]
        for item in shown:
            for line in _lines(calendar, item):
                click.echo(line)
    click.echo(f"Sendes: {sum(item.sends for item in shown)}")


def _lines(calendar: Calendar, item: Planned) -> Iterator[str]:
    scope, role = item.place
    to = item.contact.address if item.contact else "ingen"
    head = f"{instant(item.at)}  {'sendes' if item.sends else 'sendes ikke'}: {item.why}"
    yield filled(head, hang=4)
    about = item.message.subject if item.message else f"{item.about} {item.step}".rstrip()
    yield filled(about, indent=4, hang=2)
    yield filled(f"til {role_name(calendar, role)}, {scope_name(calendar, scope)}: {to}", 4, 2)


@reminders.command()
@SCOPE
def log(scope: str | None) -> None:
    """Vis de siste meldingene: når, til hvem, og hva som ble av dem."""
    with ledger() as session:
        wanted = checked_scope(calendar_in_use(session), scope)
        query = select(MessageRow).order_by(MessageRow.created_at.desc(), MessageRow.id)
        query = query.where(MessageRow.scope == wanted) if wanted else query
        rows = session.scalars(query.limit(MOST_LOGGED)).all()
        for row in rows:
            click.echo(
                filled(
                    f"{instant(row.created_at)}  {MESSAGE_STATES[row.state]}  {row.address}", hang=4
                )
            )
            click.echo(filled(row.subject, indent=4, hang=2))
    if not rows:
        click.echo("Ingen meldinger ennå.")


@reminders.command()
@KEY
@ROLE
@BY
def ack(key: str, role: str, actor: str) -> None:
    """«Vi er i gang»: hopp over neste påminnelse før fristen."""
    with ledger() as session:
        silences.acknowledge(session, calendar_in_use(session), key, role, actor, datetime.now(UTC))
    click.echo("Notert. Neste påminnelse hoppes over; er fristen passert, kommer de likevel.")


@reminders.command()
@KEY
@ROLE
@BY
@click.option("--until", required=True, type=click.DateTime(["%Y-%m-%d", "%d.%m.%Y"]), help="Dag.")
def snooze(key: str, role: str, actor: str, until: datetime) -> None:
    """Utsett påminnelsene til en dag, senest fristen."""
    day: date = until.replace(tzinfo=OSLO).date()
    with ledger() as session:
        silences.snooze(session, calendar_in_use(session), key, role, day, actor, datetime.now(UTC))
    click.echo(f"Ingen påminnelser før {day:%d.%m.%Y}.")


@click.command()
@KEY
@click.option("--nothing", is_flag=True, required=True, help="Ingenting å rapportere.")
@BY
@WHY
def report(key: str, nothing: bool, actor: str, why: str) -> None:  # noqa: ARG001 - says itself
    """Meld at det ikke er noe å rapportere; påminnelsene stanser straks."""
    with ledger() as session:
        receipts.report_nothing(
            session, calendar_in_use(session), key, actor, why, datetime.now(UTC)
        )
    click.echo(f"Ingenting å rapportere: {key}")
