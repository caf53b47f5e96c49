"""`aarshjul calendar history` and `as-of`: what was published, and what people saw on a day."""

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta

import click
from sqlalchemy.orm import Session

from scheduler.calendar import Calendar, CalendarError, parse_calendar
from scheduler.calendar.occurrence import NATIONAL, ONLY, OSLO
from scheduler.calendar.words import count, short_date
from scheduler.cli.choosing import known
from scheduler.cli.operate import FORMAT, ROW_NUMBER, ledger
from scheduler.cli.paper import DATE_STATUS, STAGES, filled, instant
from scheduler.ledger import history as ledger_history
from scheduler.ledger.read import current_calendar
from scheduler.ledger.runs import LedgerError
from scheduler.ledger.tables import CalendarVersion, ChangeRow, OccurrenceRow

INDENT = 34


@click.command()
@click.option("--deliverable", help="Bare endringer av denne raden.")
@click.option("--version", "number", type=ROW_NUMBER, help="Det denne versjonen endret.")
def history(deliverable: str | None, number: int | None) -> None:
    """List publiserte versjoner, eller det som er endret av én rad eller i én versjon."""
    if deliverable and number:
        raise click.UsageError("Velg enten --deliverable eller --version.")
    with ledger() as session:
        if number:
            found = list(_in_version(session, number))
        else:
            found = list(_of_row(session, deliverable) if deliverable else _versions(session))
        calendar = current_calendar(session)
        if not found and calendar:
            known(deliverable, calendar.deliverables, "en rad i årshjulet")
    click.echo("\n".join(found) or "Ingenting er publisert eller endret ennå.")


def _versions(session: Session) -> Iterator[str]:
    for version in ledger_history.versions(session):
        changes = count(version.changes, "endring", "endringer")
        yield f"{version.number:>4}  {instant(version.at)}  {version.by or '–'}, {changes}"
        if version.why:
            yield filled(version.why, indent=6)


def _of_row(session: Session, deliverable: str) -> Iterator[str]:
    changes = ledger_history.changes_to(session, deliverable)
    for (version, at, _, turn, told), where in _alike(changes):
        yield filled(f"{version:>4}  {at}  {turn}, {where}: {told}", hang=6)


def _in_version(session: Session, number: int) -> Iterator[str]:
    if all(version.number != number for version in ledger_history.versions(session)):
        raise LedgerError(f"Det finnes ingen versjon {number}. `calendar history` viser dem.")
    for (_, _, row, turn, told), where in _alike(ledger_history.changes_of(session, number)):
        yield filled(f"{row}, {turn}, {where}: {told}", hang=6)


Same = tuple[str, str, str, str, str]
"""Version, instant, row, turn and change."""


def _alike(changes: Iterable[ChangeRow]) -> Iterator[tuple[Same, str]]:
    """What changed, once for the places where it changed alike, and where that is."""
    alike: dict[Same, list[str]] = {}
    for change in changes:
        row, cycle, stage, scope = change.occurrence_key.split("/")
        turn = f"{cycle}{_stage(stage)}"
        same = (str(change.version), instant(change.at), row, turn, _told(change))
        alike.setdefault(same, []).append(scope)
    for same, scopes in alike.items():
        yield same, "nasjonalt" if scopes == [NATIONAL] else _counties(len(scopes))


def _stage(stage: str) -> str:
    return "" if stage == ONLY else f", {STAGES.get(stage, f'nr. {stage}')}"


def _told(change: ChangeRow) -> str:
    before, after = change.before or {}, change.after or {}
    if change.kind == "moved":
        return f"frist {_day(before['due'])} → {_day(after['due'])}"
    words = {
        "added": "ny frist",
        "withdrawn": "trukket tilbake",
        "reinstated": "gjeninnført",
        "reworded": "ny tekst, frist",
    }
    return f"{words[change.kind]} {_day(after['due'])}"


def _counties(number: int) -> str:
    return count(number, "fylke", "fylker", neuter=True)


def _day(text: str) -> str:
    return short_date(date.fromisoformat(text))


@click.command("as-of")
@click.argument("day", type=click.DateTime(formats=["%Y-%m-%d", "%d.%m.%Y"]), metavar="DATO")
@click.option("--county", help="Det dette fylket så, med fylkesnummer.")
@FORMAT
def as_of(day: datetime, county: str | None, output: str) -> None:
    """Vis fristene slik de så ut ved utgangen av en dag."""
    if day.date() > datetime.now(OSLO).date():
        raise click.BadParameter(
            f"{short_date(day.date())} er ikke kommet ennå. Velg en dag til og med i dag."
        )
    end = datetime.combine(day.date() + timedelta(days=1), time(), OSLO) - timedelta.resolution
    with ledger() as session:
        version = ledger_history.version_at(session, end.astimezone(UTC))
        if version is None:
            raise LedgerError(f"Ingenting var publisert {short_date(day.date())}.")
        calendar = _read(version)
        known(county, calendar.counties, "et fylkesnummer i årshjulet den gang")
        rows = ledger_history.as_of(session, end.astimezone(UTC), county)
        heading = f"Versjon {version.number}, publisert {instant(version.in_use_since)}"
    ordered = sorted(rows, key=lambda row: (row.due, row.key))
    if output == "json":
        click.echo(json.dumps([_record(row) for row in ordered], ensure_ascii=False, indent=2))
    else:
        click.echo("\n".join([heading, *_lines(ordered, calendar)]))


def _read(version: CalendarVersion) -> Calendar:
    try:
        return parse_calendar(version.text, f"versjon {version.number}")
    except CalendarError as error:
        raise LedgerError(f"Versjon {version.number} kan ikke leses av denne utgaven.") from error


def _lines(rows: Iterable[OccurrenceRow], calendar: Calendar) -> Iterator[str]:
    """Places that agree stand on one line."""
    alike: dict[tuple[object, ...], list[OccurrenceRow]] = {}
    for row in rows:
        same = (row.deliverable, row.cycle, row.stage, row.due, row.nominal, row.outcome)
        alike.setdefault((*same, row.date_status), []).append(row)
    for group in alike.values():
        row = group[0]
        deliverable = calendar.deliverables.get(row.deliverable)
        name = deliverable.name if deliverable else row.deliverable
        where = "nasjonalt" if row.scope == NATIONAL else _counties(len(group))
        gone = " (trukket tilbake)" if row.outcome else ""
        yield filled(
            f"{short_date(row.due)}  {short_date(row.nominal)}  {DATE_STATUS[row.date_status]:10}"
            f"{name}{_stage(row.stage)} · {where}{gone}",
            hang=INDENT,
        )


def _record(row: OccurrenceRow) -> dict[str, object]:
    return {
        "key": row.key,
        "due": row.due.isoformat(),
        "nominal": row.nominal.isoformat(),
        "date_status": row.date_status,
        "withdrawn": bool(row.outcome),
        "explanation": [step["sentence"] for step in row.trace],
    }
