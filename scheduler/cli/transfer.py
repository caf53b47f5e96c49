"""`aarshjul transfer`: who goes to the follow-up service (OT), by hand or only to see."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError, ProgrammingError
from sqlalchemy.orm import Session

from jobs import JOBS
from jobs.api import DataStep, Facts, JobContext, Limits, Order, Refusal
from jobs.codelists import counties
from jobs.imports.lines import FileFault
from jobs.ot.catalogue import Category
from jobs.ot.choice import choose
from jobs.ot.dry_run import DryRun, dry_run
from jobs.ot.job import JOBS_OF
from jobs.ot.report import sentences
from jobs.ot.status import Word, take_in
from jobs.ot.transfer import Transfer
from scheduler.calendar import SchoolYear
from scheduler.calendar.occurrence import OSLO
from scheduler.cli.choosing import SCHOOL_YEAR
from scheduler.cli.hand_file import nothing_changed
from scheduler.cli.operate import FORMAT, WHY, print_json
from scheduler.cli.paper import filled
from scheduler.engine.word import by_word
from scheduler.ledger.database import open_database
from scheduler.settings import settings

ROWS = {
    Category.APPLICANTS: "ot-overforing-sokere",
    Category.BROKEN_OFF: "ot-overforing-elevkurs",
    Category.YOUTH: "ot-overforing-elever",
}
TITLES = {
    Category.APPLICANTS: "Søkere uten plass",
    Category.BROKEN_OFF: "De som har sluttet",
    Category.YOUTH: "Ungdom med rett og uten plass (OSMO)",
}
COUNTY = click.option(
    "--county",
    required=True,
    type=click.Choice(sorted(counties(datetime.now(OSLO).date()))),
    help="Fylket som får ungdommene.",
)


@contextmanager
def _register() -> Iterator[Engine]:
    """The register's database; known faults become one readable line and exit code 1."""
    database = open_database(settings().ledger_url)
    try:
        yield database
    except Refusal as refusal:
        for reason in refusal.reasons:
            click.echo(filled(reason), err=True)
        raise click.ClickException("Ingen er overført.") from None
    except (OperationalError, ProgrammingError) as error:
        raise click.ClickException(
            "Databasen svarer ikke eller mangler tabeller. Kjør `aarshjul db upgrade`."
        ) from error
    finally:
        database.dispose()


@click.group()
def transfer() -> None:
    """Overføring til oppfølgingstjenesten (OT)."""


@transfer.command()
@COUNTY
@SCHOOL_YEAR
@click.option(
    "--dry-run", "dry", is_flag=True, help="Vis hvem som ville blitt overført, og hvorfor."
)
@click.option(
    "--as-of", type=click.DateTime(["%Y-%m-%d"]), help="Dagen det regnes fra; bare med --dry-run."
)
@click.option(
    "--category",
    "chosen",
    multiple=True,
    type=click.Choice([c.value for c in Category]),
    help="Bare disse; ellers alle.",
)
@click.option("--by", help="Hvem som bestemmer; kreves når noen skal overføres.")
@click.option("--why", help="Begrunnelse; kreves når noen skal overføres.")
@FORMAT
def ot(
    county: str,
    year: SchoolYear,
    dry: bool,
    as_of: datetime | None,
    chosen: tuple[str, ...],
    by: str | None,
    why: str | None,
    output: str,
) -> None:
    """Overfør fra VIGO til OT, eller prøv med --dry-run: hver kandidat forklares i én setning.

    Samme vei som den planlagte jobben. Personer vises med registerets eget nummer; de med gradert
    adresse bare telles.
    """
    categories = [Category(name) for name in chosen] or list(Category)
    if not dry and (as_of or not by or not why):
        raise click.UsageError("Bruk --dry-run for å prøve, eller oppgi --by og --why.")
    now = datetime.now(UTC)
    with _register() as database:
        if dry:
            per = as_of.date() if as_of else now.astimezone(OSLO).date()
            asked = Transfer(county, str(year).replace("-", ""), per)
            word = {
                category: _word(database, category, county, str(year)).get("by_word", {})
                for category in categories
            }
            _show(dry_run(database, asked, word, now), asked, output)
            return
        for category in categories:
            detail = _by_hand(
                database, category, county, str(year), now, {"av": by, "hvorfor": why}
            )
            if output == "json":
                print_json({"kategori": category.value, **detail})
            else:
                words = ", ".join(f"{name} {value}" for name, value in detail.items())
                click.echo(filled(f"{TITLES[category]}: {words}", hang=2))


def _word(database: Engine, category: Category, county: str, cycle: str) -> dict[str, Any]:
    """The inputs in which a run of the category finds what persons have said instead of a file."""
    with Session(database) as session:
        return by_word(session, _job(category), cycle, county)


def _job(category: Category) -> str:
    return next(job for job, of in JOBS_OF.items() if of is category)


def _by_hand(
    database: Engine, category: Category, county: str, cycle: str, now: datetime, inputs: Facts
) -> Any:
    """Run the category's job, step by step, as the engine does; returns the receipt's detail."""
    name, inputs = _job(category), inputs | _word(database, category, county, cycle)
    day, stage = now.astimezone(OSLO).date(), f"for-hand-{now:%Y%m%dT%H%M%S}"
    run_id = f"{ROWS[category]}/{cycle}/{stage}/{county}#1"
    order = Order(run_id, name, ROWS[category], cycle, stage, county, day, day, None, now, inputs)
    limits = Limits(real_people=settings().identity_numbers == "real")
    context, facts = JobContext(order, database, settings().data_dir, limits), Facts()
    for step in JOBS[name].steps:
        if isinstance(step, DataStep):
            with Session(database) as session, session.begin():
                facts |= step.body(context, session, facts)
        else:
            facts |= step.body(context, facts)
    return facts["receipt"]["detail"]


def _show(tried: DryRun, asked: Transfer, output: str) -> None:
    listed = tried.found.candidates.filter(~tried.found.candidates["skjermet"])
    told = tried.found.told
    if output == "json":
        names = ("person_id", "kategori", "regel", "regler", "tilmeldingskode", "undergrunn")
        print_json(
            {
                "fylke": asked.fylkesnummer,
                "skolear": asked.skolear,
                "per": asked.per.isoformat(),
                "nektet": tried.refused,
                "tall": told,
                "kandidater": listed.select(*names, "port", "otenhet", "setning").to_dicts(),
            }
        )
        return
    for category, reasons in tried.refused.items():
        click.echo(filled(f"{TITLES[category]} nektes: {' '.join(reasons)}", hang=2))
    for person, sentence in listed.select("person_id", "setning").iter_rows():
        click.echo(filled(f"Person {person}. {sentence}", hang=2))
    for line in sentences(told):
        click.echo(filled(line, hang=2))


@transfer.command()
@COUNTY
@SCHOOL_YEAR
@click.option("--by", required=True, help="Hvem som bestemmer.")
@WHY
def osmo(county: str, year: SchoolYear, by: str, why: str) -> None:
    """Velg at OSMO overføres i fylket dette skoleåret, etter å ha sett en prøvekjøring."""
    now = datetime.now(UTC)
    asked = Transfer(county, str(year).replace("-", ""), now.astimezone(OSLO).date())
    with _register() as database, Session(database) as session, session.begin():
        seen = choose(session, asked, by, why, now)
    click.echo(filled(f"OSMO overføres i fylke {county} i {year}, etter prøvekjøringen {seen}."))


@transfer.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@COUNTY
@SCHOOL_YEAR
@click.option("--by", required=True, help="Hvem som tar inn filen.")
@WHY
def status(file: Path, county: str, year: SchoolYear, by: str, why: str) -> None:
    """Ta inn statuser fra OT i FILE: fodselsnummer;statuskode;dato;kontakt;grunn. Alle linjer eller ingen.

    En status som alt er gitt, skrives aldri over; den nye gjelder fra sin egen dag.
    """
    now = datetime.now(UTC)
    asked = Transfer(county, str(year).replace("-", ""), now.astimezone(OSLO).date())
    with _register() as database:
        try:
            done = take_in(database, settings().data_dir, file, asked, Word(by, why), now)
        except FileFault as fault:
            raise nothing_changed(file, fault) from None
    click.echo(f"{done['given']} nye statuser, {done['unchanged']} uendret.")
