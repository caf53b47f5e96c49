"""`aarshjul deliver`: write a statistics file by hand, through the same steps as the scheduled job."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import click

from jobs.api import JobContext, Limits, Order, Refusal
from jobs.statistics.deliveries import deliveries
from jobs.statistics.job import prepare_by_hand
from jobs.statistics.layout import layouts
from jobs.statistics.prepare import Prepared
from scheduler.calendar import Calendar, CalendarError, SchoolYear, expand, load_calendar
from scheduler.calendar.occurrence import OSLO, Occurrence
from scheduler.cli.data import cycle_of
from scheduler.ledger.database import open_database
from scheduler.settings import settings

KINDS = click.Choice(list(layouts()), case_sensitive=False)


@click.command()
@click.argument("kind", metavar="FILSLAG", type=KINDS)
@click.option("--county", required=True, metavar="NN", help="Fylket filen er fra.")
@click.option(
    "--stage",
    required=True,
    metavar="TRINN",
    help="first, final, only, eller nummeret i en rad som gjentas.",
)
@click.option("--school-year", callback=cycle_of, help="Skoleåret fristen ligger i; ellers årets.")
@click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Slik registeret var ved slutten av dagen; ellers slik det er nå.",
)
@click.option("--deliverable", metavar="ID", help="Raden, når flere har filslaget på trinnet.")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(),
    show_default="denne mappen",
    help="Mappen filene skrives i.",
)
def deliver(
    kind: str,
    county: str,
    stage: str,
    school_year: str | None,
    as_of: datetime | None,
    deliverable: str | None,
    out: Path,
) -> None:
    """Skriv FILSLAG med manifest i en mappe. Ingenting sendes.

    Filene er de samme som leveringen sender: samme kontroll, samme byte.
    """
    chosen = settings()
    try:
        calendar = load_calendar(chosen.calendar)
    except CalendarError as error:
        raise click.ClickException(str(error)) from error
    known_at = _end_of(as_of.date()) if as_of else datetime.now(UTC)
    cycle = school_year or str(SchoolYear.of(known_at.astimezone(OSLO).date()))
    found = [
        occurrence
        for occurrence in _occurrences(calendar, cycle, kind, county)
        if occurrence.stage == stage and deliverable in (None, occurrence.deliverable)
    ]
    order = _order(calendar, _the_only(found, calendar, cycle, kind, county), known_at)
    database = open_database(chosen.ledger_url)
    limits = Limits(real_people=chosen.identity_numbers == "real")
    try:
        prepared = prepare_by_hand(JobContext(order, database, chosen.data_dir, limits), out)
    except Refusal as refusal:
        raise click.ClickException("\n".join(refusal.reasons)) from None
    finally:
        database.dispose()
    _tell(prepared, out)


def _end_of(day: date) -> datetime:
    following = datetime.combine(day + timedelta(days=1), time(), OSLO)
    return (following - timedelta(microseconds=1)).astimezone(UTC)


def _occurrences(calendar: Calendar, cycle: str, kind: str, county: str) -> Iterator[Occurrence]:
    """The occurrences of a county that deliver a kind of file."""
    jobs = {job for job, delivery in deliveries().items() if kind in delivery.files}
    for occurrence in expand(calendar, cycle):
        row = calendar.deliverables[occurrence.deliverable]
        if row.job in jobs and occurrence.scope == county:
            yield occurrence


def _the_only(
    found: list[Occurrence], calendar: Calendar, cycle: str, kind: str, county: str
) -> Occurrence:
    if len(found) == 1:
        return found[0]
    if found:
        rows = ", ".join(sorted({occurrence.deliverable for occurrence in found}))
        raise click.UsageError(f"Flere rader leverer {kind} på dette trinnet: {rows}.")
    known = [f"{o.deliverable} ({o.stage})" for o in _occurrences(calendar, cycle, kind, county)]
    there = ", ".join(known) or "ingen i fylket"
    raise click.UsageError(f"{kind} leveres ikke på dette trinnet i {cycle}. Trinnene er: {there}.")


def _order(calendar: Calendar, occurrence: Occurrence, known_at: datetime) -> Order:
    return Order(
        run_id=occurrence.key,
        job=calendar.deliverables[occurrence.deliverable].job or "",
        deliverable=occurrence.deliverable,
        cycle=occurrence.cycle,
        stage=occurrence.stage,
        scope=occurrence.scope,
        nominal=occurrence.nominal,
        due=occurrence.due,
        reference_date=occurrence.reference_date,
        now=known_at,
    )


def _tell(prepared: Prepared, out: Path) -> None:
    for file in prepared.files:
        click.echo(f"{out / file.name}: {file.rows} rader, SHA-256 {file.sha256}")
    click.echo(f"{prepared.manifest}")
    for finding in prepared.found:
        click.echo(f"{finding.alvor:5} {finding}")
    if prepared.blocking:
        raise click.ClickException("En feil står åpen. Leveringen ville blitt stanset.")
    if prepared.to_be_signed:
        click.echo("Advarslene må begrunnes og godkjennes før leveringen sendes.")
