"""`aarshjul calendar diff` and `publish`: see what an edit changes and whom, then let it hold."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import click

from scheduler.calendar import Calendar, SchoolYear, parse_calendar
from scheduler.calendar.diff import compare
from scheduler.calendar.loading import read_text
from scheduler.calendar.occurrence import OSLO
from scheduler.calendar.slack import Slack
from scheduler.calendar.words import count, short_date
from scheduler.cli.choosing import load
from scheduler.cli.differences import as_json, groups_of, lines, places
from scheduler.cli.operate import FORMAT, ledger
from scheduler.cli.paper import filled
from scheduler.ledger.runs import LedgerError
from scheduler.publishing import publish as publishing
from scheduler.publishing.impact import Impact, blast_radius
from scheduler.settings import settings

FILE = click.Path(path_type=Path)
TITLE = 15
CHANGED_MEANWHILE = "Filen ble endret mens du leste; se på forskjellen på nytt."


def _years(
    _context: click.Context, _option: click.Parameter, value: str | None
) -> tuple[SchoolYear, ...]:
    current = SchoolYear.of(datetime.now(OSLO).date())
    try:
        return (SchoolYear(value),) if value else (current, current.next)
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


@click.command()
@click.argument("old", type=FILE, metavar="GAMMEL")
@click.argument("new", type=FILE, metavar="NY")
@click.option(
    "--school-year",
    "years",
    callback=_years,
    show_default="inneværende og neste",
    help="Bare dette skoleåret, for eksempel 2026-2027.",
)
@FORMAT
def diff(old: Path, new: Path, years: tuple[SchoolYear, ...], output: str) -> None:
    """Vis forskjellen mellom to årshjul, frist for frist (uten database)."""
    after = load(new)
    changes = compare(load(old), after, years)
    if output == "json":
        records = [as_json(group) for group in groups_of(changes)]
        click.echo(json.dumps(records, ensure_ascii=False, indent=2))
    else:
        click.echo("\n".join(lines(changes, after)))


@click.command()
@click.option("--by", default="", help="Hvem som bestemmer; fylkene ser navnet.")
@click.option("--why", default="", help="Begrunnelsen; fylkene ser den.")
@click.option("--dry-run", is_flag=True, help="Bare vis hva som ville skje.")
@click.option("--yes", is_flag=True, help="Ikke spør.")
def publish(by: str, why: str, dry_run: bool, yes: bool) -> None:
    """Vis hvem en endring i calendar.yaml berører, og publiser den."""
    with ledger() as session:
        text = _text()
        calendar = parse_calendar(text, settings().calendar.name)
        impact = blast_radius(session, calendar, datetime.now(UTC))
        click.echo("\n".join(lines(impact.told, calendar)))
        click.echo("\n".join(_consequences(impact, calendar)))
    if dry_run:
        return
    if not by.strip():
        raise click.UsageError("Skriv hvem som bestemmer (--by): de som berøres, ser navnet.")
    if not why.strip():
        raise click.UsageError("Skriv hvorfor (--why): de som berøres, ser begrunnelsen.")
    if not (yes or _answered_yes()):
        raise click.ClickException("Ingenting er publisert.")
    with ledger() as session:
        if _text() != text:
            raise LedgerError(CHANGED_MEANWHILE)
        now = datetime.now(UTC)
        done = publishing.publish(session, calendar, text, by, why, now, over=impact.over)
        click.echo(_receipt(done))


def _answered_yes() -> bool:
    answer = str(click.prompt("Publisere? [j/N]", default="n", show_default=False))
    return answer.strip().casefold() in {"j", "ja"}


def _text() -> str:
    return read_text(settings().calendar)


def _consequences(impact: Impact, calendar: Calendar) -> Iterator[str]:
    """Whom and what it touches, a fact a line."""
    counties = places(impact.counties, calendar) if impact.counties else "ingen"
    roles = sorted({calendar.audiences[role].name for _, role in impact.notices})
    yield ""
    yield f"Oppsummert: {impact.headline}."
    yield _fact("Fylker", counties)
    yield _fact("Roller", ", ".join(roles) or "ingen")
    yield _fact("Varsler", str(len(impact.notices)))
    yield _fact("Forekomster", str(len(impact.changes)))
    yield _fact("Påminnelser", f"{len(impact.reminders)} frister får andre dager")
    yield _fact("Kjøringer", f"{len(impact.runs)} starter på et annet tidspunkt")
    yield _fact("Kalenderfiler", f"{len(impact.feed_items)} hendelser endres")
    yield _fact("Minste slakk", f"{_slack(impact.slack_before)} → {_slack(impact.slack_after)}")


def _fact(name: str, value: str) -> str:
    return filled(f"{name:{TITLE}}{value}", hang=TITLE)


def _slack(link: Slack | None) -> str:
    if link is None:
        return "ingen rekkefølge"
    return f"{link.days} arbeidsdager før {link.after.deliverable} {short_date(link.after.due)}"


def _receipt(done: publishing.Publication) -> str:
    if not done.is_new:
        return f"Ingenting å publisere: versjon {done.number} er alt i bruk."
    notices = count(len(done.notices), "varsel", "varsler", neuter=True)
    return f"Versjon {done.number} er publisert, med {notices}."
