"""Commands about files: synthetic extracts, and the control report of a file not imported."""

import json
import re
import sys
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import click
import polars as pl

from jobs.imports.control import Controlled, FileFault, control
from jobs.imports.intakes import intakes
from jobs.imports.layout import DEFAULT, layout_names, load_layout
from jobs.imports.preview import as_declared, layout_of
from jobs.quality.rules import Rule, Severity, load_rules
from jobs.register.datasets import DATASETS, SCHOOL
from jobs.synth import (
    DEFECTS,
    Scale,
    counties,
    file_name,
    write_extract,
    write_kind,
    write_private,
    write_sown,
)
from scheduler.cli.paper import filled

FOLDER, OCTOBER = "skole-off-telling-okt", "telling-okt"
PRIVATE_FOLDER, PRIVATE = "skole-priv-telling-okt", "privat"


@dataclass(frozen=True, slots=True)
class Sample:
    """A kind of file: the row it is for, its job, and its day (month, day, years after autumn)."""

    deliverable: str
    job: str
    day: tuple[int, int, int]

    def written(self, cycle: str) -> date:
        month, day, later = self.day
        return date(int(cycle[:4]) + later, month, day)


SAMPLES = {
    "voksen": Sample("vok-inschool-feb", "import-adults", (1, 25, 1)),
    "soker": Sample("inn-sokere-vigo-host", "import-applicants-autumn", (9, 1, 0)),
    "fagopplaring": Sample("fag-kontrakter-vigo", "import-contracts", (9, 25, 0)),
}
CYCLE = re.compile(r"(\d{4})-(\d{4})")
PLACE = ("linje", "alvor", "regel", "skolenummer", "felt")
COLUMNS = "{!s:8}{:7}{:14}{:13}{}"
INDENT = 8
LAYOUTS = click.Choice(layout_names())
SCHOOL_LAYOUTS = [name for name in layout_names() if load_layout(name).dataset == SCHOOL.name]


def cycle_of(_context: click.Context, _parameter: click.Parameter, value: str | None) -> str | None:
    """The school year of an option, as in the calendar; None where the option was left out."""
    if value is None:
        return None
    years = CYCLE.fullmatch(value)
    if years is None or int(years[2]) != int(years[1]) + 1:
        raise click.BadParameter("Skriv skoleåret som 2026-2027.")
    return value


@click.command()
@click.option("--school-year", required=True, callback=cycle_of, help="Skoleår, f.eks. 2026-2027.")
@click.option(
    "--scale",
    type=click.Choice([scale.value for scale in Scale]),
    default=Scale.SMALL.value,
    show_default=True,
    help="small: om lag én av hundre elever; county og national: alle; large: 1,4 ganger så mange.",
)
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True)
@click.option("--seed", type=int, default=1, show_default=True)
@click.option("--defects", is_flag=True, help="Så kjente feil, og skriv en fasit ved siden av.")
@click.option("--county", "chosen", multiple=True, type=click.Choice(counties()))
@click.option(
    "--layout",
    "layout_name",
    type=click.Choice(SCHOOL_LAYOUTS),
    default=DEFAULT,
    show_default=True,
    help="Oppsettet elever pr. 1. oktober skrives i.",
)
@click.option(
    "--kind",
    type=click.Choice([OCTOBER, PRIVATE, *SAMPLES]),
    default=OCTOBER,
    show_default=True,
    help="Elever pr. 1. oktober, voksne, søkere eller kontrakter; privat: én fil fra alle private skoler.",
)
def synth(
    school_year: str,
    scale: str,
    out: Path,
    seed: int,
    defects: bool,
    chosen: tuple[str, ...],
    layout_name: str,
    kind: str,
) -> None:
    """Skriv syntetiske uttrekk, ett per fylke; samme valg gir alltid de samme filene.

    De private skolene i hele landet har én avsender, og derfor én fil.
    """
    if scale == Scale.COUNTY and not chosen:
        raise click.UsageError("Velg fylke med --county når skalaen er county.")
    if kind != OCTOBER:
        if defects or layout_name != DEFAULT:
            raise click.UsageError("--defects og --layout gjelder bare elever pr. 1. oktober.")
        if kind == PRIVATE:
            if chosen:
                raise click.UsageError("--kind privat er én fil fra hele landet, uten --county.")
            _write_private(out, school_year, seed, scale)
            return
        _write_samples(kind, out, school_year, chosen or counties(), seed, scale)
        return
    folder = out / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    rules = tuple(DEFECTS) if defects else ()
    for county in _progress(chosen or counties()):
        path = folder / file_name(county, school_year)
        layout = load_layout(layout_name)
        sown = write_extract(path, county, school_year, seed, scale, rules, layout)
        if defects:
            write_sown(path.with_suffix(".defects.json"), sown)
    click.echo(f"Skrev {len(chosen or counties())} uttrekk i {folder}")


def _write_private(out: Path, cycle: str, seed: int, scale: str) -> None:
    folder = out / PRIVATE_FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    lines = write_private(folder / file_name(PRIVATE, cycle), cycle, seed, scale)
    click.echo(f"Skrev ett uttrekk på {lines} linjer i {folder}")


def _write_samples(
    kind: str, out: Path, cycle: str, chosen: Collection[str], seed: int, scale: str
) -> None:
    sample = SAMPLES[kind]
    folder = out / sample.deliverable
    folder.mkdir(parents=True, exist_ok=True)
    for county in _progress(chosen):
        written, path = sample.written(cycle), folder / f"{kind}_{county}_{cycle}.txt"
        write_kind(path, kind, county, intakes()[sample.job].period.of(cycle), written, seed, scale)
    click.echo(f"Skrev {len(chosen)} uttrekk i {folder}")


def _progress(numbers: Iterable[str]) -> Iterable[str]:
    if not sys.stderr.isatty():
        yield from numbers
        return
    with click.progressbar(list(numbers), label="Fylker", file=sys.stderr) as bar:
        yield from bar


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--county", help="Fylket som leverer; ellers det filen selv sier.")
@click.option(
    "--layout", "layout_name", type=LAYOUTS, help="Oppsettet; ellers det linjene passer med."
)
@click.option(
    "--format", "style", type=click.Choice(["table", "json"]), default="table", show_default=True
)
def quality(file: Path, county: str | None, layout_name: str | None, style: str) -> None:
    """Kontroller et uttrekk uten å laste det; avslutter med 1 når noe må rettes."""
    layout = load_layout(layout_name) if layout_name else layout_of(file)
    expected = as_declared(file, layout)
    if county:
        expected = replace(expected, fylkesnummer=county)
    try:
        controlled = control(file, expected, layout)
    except FileFault as fault:
        _refuse(file, fault, style)
    show = _show_json if style == "json" else _show_table
    show(file, controlled)
    sys.exit(1 if _count(controlled, Severity.ERROR) else 0)


def _refuse(file: Path, fault: FileFault, style: str) -> None:
    if style == "json":
        faults = [{"linje": line, "forklaring": sentence} for line, sentence in fault.faults]
        click.echo(json.dumps({"fil": file.name, "avvist": faults}, ensure_ascii=False, indent=1))
    for line, sentence in fault.faults:
        where = f"{file.name}, linje {line}" if line else file.name
        click.echo(f"{where}: {sentence}", err=True)
    sys.exit(1)


def _count(controlled: Controlled, severity: Severity) -> int:
    return int((controlled.violations["alvor"] == severity.value).sum())


def _summary(file: Path, controlled: Controlled) -> dict[str, Any]:
    return {
        "fil": file.name,
        "datalinjer": controlled.rows,
        **{
            target.many: controlled.frames[target.frame].height
            for target in DATASETS[load_layout(controlled.header.layout).dataset].targets
        },
        "linjer_til_side": controlled.quarantined.height,
        "feil": _count(controlled, Severity.ERROR),
        "advarsler": _count(controlled, Severity.WARN),
        "merknader": _count(controlled, Severity.INFO),
    }


def _show_json(file: Path, controlled: Controlled) -> None:
    remedies = {rule.id: rule.tiltak for rule in _broken_rules(controlled)}
    rows = controlled.violations.to_dicts()
    report = _summary(file, controlled) | {"brudd": rows, "tiltak": remedies}
    click.echo(json.dumps(report, ensure_ascii=False, indent=1))


def _show_table(file: Path, controlled: Controlled) -> None:
    if not controlled.violations.is_empty():
        for line in _violation_lines(controlled.violations):
            click.echo(line)
        for rule in _broken_rules(controlled):
            click.echo("\n" + filled(f"{rule.id} {rule.tittel}. {rule.tiltak}", hang=2))
        click.echo()
    words = (
        f"{name.replace('_', ' ')} {value}" for name, value in _summary(file, controlled).items()
    )
    click.echo(filled(", ".join(words)))


def _broken_rules(controlled: Controlled) -> list[Rule]:
    broken = set(controlled.violations["regel"])
    return [rule for rule in load_rules() if rule.id in broken]


def _violation_lines(violations: pl.DataFrame) -> Iterator[str]:
    """Two lines or more for each, so that the explanation has room in 80 columns."""
    yield COLUMNS.format(*PLACE)
    for *place, explanation in violations.select(*PLACE, "forklaring").iter_rows():
        yield COLUMNS.format(*("" if part is None else part for part in place)).rstrip()
        yield filled(explanation, indent=INDENT)
