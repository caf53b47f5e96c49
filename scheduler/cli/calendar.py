"""`aarshjul calendar`: check the calendar, show a school year, explain a date."""

import csv
import json
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import click

from scheduler.calendar import (
    Calendar,
    Deliverable,
    SchoolYear,
    expand,
    explain,
)
from scheduler.calendar.listing import CSV_FIELDS, Line, as_record, lines_of, summary
from scheduler.calendar.occurrence import ONLY
from scheduler.calendar.words import day_and_date, short_date
from scheduler.cli import LazyGroup
from scheduler.cli.choosing import COUNTY, FILE, SCHOOL_YEAR, known, load
from scheduler.cli.paper import DATE_STATUS, STAGES, filled

# More stages than this stand on one line of the table.
MOST_STAGES = 12
INDENT = 12

# Commands of the group that live in modules of their own.
MODULES = {
    "approve": ("scheduler.cli.rollover", "approve"),
    "as-of": ("scheduler.cli.history", "as_of"),
    "days": ("scheduler.cli.planning", "days"),
    "diff": ("scheduler.cli.publishing", "diff"),
    "fetch": ("scheduler.cli.fetching", "fetch"),
    "history": ("scheduler.cli.history", "history"),
    "poster": ("scheduler.cli.poster", "poster"),
    "publish": ("scheduler.cli.publishing", "publish"),
    "rollover": ("scheduler.cli.rollover", "rollover"),
    "slack": ("scheduler.cli.planning", "slack"),
    "unapprove": ("scheduler.cli.rollover", "unapprove"),
}


@click.group(cls=LazyGroup, modules=MODULES)
def calendar() -> None:
    """Årshjulet: kontroller filen, vis et skoleår, forklar en dato."""


@calendar.command()
@click.argument("path", required=False, type=click.Path(path_type=Path), metavar="[FIL]")
def check(path: Path | None) -> None:
    """Kontroller årshjulet og vis alle feil med linje og kolonne."""
    click.echo(summary(load(path)))


@calendar.command()
@SCHOOL_YEAR
@COUNTY
@click.option("--area", help="Bare dette fagområdet, for eksempel ot.")
@click.option(
    "--format",
    "output",
    type=click.Choice(["table", "json", "csv"]),
    default="table",
    show_default=True,
    help="Hvordan listen skrives.",
)
@FILE
def show(
    year: SchoolYear, county: str | None, area: str | None, output: str, path: Path | None
) -> None:
    """Vis fristene i et skoleår, for ett fylke eller for alle."""
    loaded = load(path)
    known(county, loaded.counties, "et fylkesnummer i årshjulet")
    known(area, loaded.areas, "et område i årshjulet")
    lines = [
        line
        for line in lines_of(loaded, expand(loaded, year), county)
        if area is None or area in line.deliverable.areas
    ]
    WRITERS[output](lines, year)


def _write_json(lines: list[Line], _year: SchoolYear) -> None:
    click.echo(
        json.dumps([as_record(line, traced=True) for line in lines], ensure_ascii=False, indent=2)
    )


def _write_csv(lines: list[Line], _year: SchoolYear) -> None:
    writer = csv.DictWriter(sys.stdout, CSV_FIELDS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(as_record(line) for line in lines)


def _write_table(lines: list[Line], year: SchoolYear) -> None:
    """Two lines a row, so that dates and id never wrap and the name has room in 80 columns."""
    times = Counter(line.deliverable.id for line in lines)
    click.echo(f"Årshjulet {year}\n")
    click.echo(f"{'Frist':12}{'I kalenderen':14}{'Telledato':12}{'Datoen er':11}Rad")
    shown: set[str] = set()
    for line in lines:
        row = line.deliverable
        often = times[row.id] > MOST_STAGES
        if not (often and row.id in shown):
            click.echo(_two_lines(line, f" · den første av {times[row.id]}" if often else ""))
        shown.add(row.id)


def _two_lines(line: Line, note: str) -> str:
    occurrence, row = line.occurrence, line.deliverable
    dates = (
        f"{short_date(occurrence.due):12}{short_date(occurrence.nominal):14}"
        f"{short_date(occurrence.reference_date):12}{DATE_STATUS[occurrence.date_status]:11}{row.id}"
    )
    name = f"{row.name} · {line.where}{note}"
    texts = [name, f"Ikke avklart: {row.undecided.question}"] if row.undecided else [name]
    return "\n".join([dates, *(filled(text, indent=INDENT) for text in texts)])


WRITERS: dict[str, Callable[[list[Line], SchoolYear], None]] = {
    "table": _write_table,
    "json": _write_json,
    "csv": _write_csv,
}


@calendar.command("explain")
@click.argument("deliverable")
@SCHOOL_YEAR
@COUNTY
@click.option("--stage", help="Bare dette trinnet, for eksempel first eller 3.")
@click.option(
    "--format",
    "output",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="Som setninger, eller med hvert trinns tall og datoer.",
)
@FILE
def explain_date(
    deliverable: str,
    year: SchoolYear,
    county: str | None,
    stage: str | None,
    output: str,
    path: Path | None,
) -> None:
    """Forklar hvordan en frist er regnet ut."""
    loaded = load(path)
    known(deliverable, loaded.deliverables, "en rad i årshjulet")
    known(county, loaded.counties, "et fylkesnummer i årshjulet")
    row = loaded.deliverables[deliverable]
    lines = [
        line for line in lines_of(loaded, expand(loaded, year), county) if line.deliverable is row
    ]
    known(stage, {line.occurrence.stage for line in lines}, "et trinn i denne raden")
    wanted = [line for line in lines if stage in {None, line.occurrence.stage}]
    if output == "json":
        _write_json(wanted, year)
    else:
        _tell(loaded, row, wanted, year)


def _tell(loaded: Calendar, row: Deliverable, lines: list[Line], year: SchoolYear) -> None:
    click.echo(f"{row.name} ({row.id})\n{row.description}\n")
    for line in lines:
        click.echo(_explained(line) + "\n")
    if not lines:
        click.echo(_no_dates(row, year) + "\n")
    if row.undecided:
        click.echo(row.undecided.in_words + "\n")
    click.echo(f"{row.evidence.in_words} {row.evidence.note}".rstrip())
    for source in row.evidence.sources:
        click.echo(
            f"  {source}: {loaded.sources[source].title} {loaded.sources[source].url}".rstrip()
        )


def _explained(line: Line) -> str:
    occurrence = line.occurrence
    stage = STAGES.get(occurrence.stage, f"nr. {occurrence.stage}")
    where = line.where if occurrence.stage == ONLY else f"{stage}, {line.where}"
    return (
        f"Frist {day_and_date(occurrence.due)} ({occurrence.cycle}, {where})\n{explain(occurrence)}"
    )


def _no_dates(row: Deliverable, year: SchoolYear) -> str:
    if not row.is_active:
        return "Raden er ikke i bruk, så den har ingen frist."
    if row.when:
        return f"Raden har ingen utregnet frist: {row.when}."
    return f"Raden har ingen frist her i {year}."


def _write(text: str, out: Path | None) -> None:
    if out:
        out.write_text(text, encoding="utf-8")
    else:
        click.echo(text, nl=False)


OUT = click.option("--out", type=click.Path(path_type=Path), help="Skriv til denne filen.")


@calendar.command()
@OUT
def schema(out: Path | None) -> None:
    """Skriv filformatet som JSON Schema, for redigeringsprogrammer."""
    from scheduler.calendar.schema import schema_text  # noqa: PLC0415 - only here

    _write(schema_text(), out)


@calendar.command()
@OUT
@FILE
def docs(out: Path | None, path: Path | None) -> None:
    """Skriv oppslagssiden om årshjulet, laget av modellen og filen."""
    from scheduler.calendar.reference import reference_page  # noqa: PLC0415 - only here

    _write(reference_page(load(path)), out)
