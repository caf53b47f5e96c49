"""The control report to the sender: pages for people and the same as spreadsheet files.

One for the whole file and one for each school that has something to mend. Rows are named by line
number; a report holds no identity number and no received text.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sqlalchemy.orm import Session

from jobs.channels.files import csv_lines, spreadsheet_safe, write_whole
from jobs.quality.rules import load_rules
from jobs.register.datasets import DATASETS
from jobs.register.tables import Delivery, Violation
from jobs.register.trend import (
    NO_COUNT,
    SchoolTrend,
    Series,
    by_rule,
    by_school,
    schools_with_violations,
    series_of,
)
from jobs.register.violations import violations
from scheduler.calendar.occurrence import OSLO

SHOWN_ON_PAGE = 1_000
SEVERITY = {"ERROR": "Feil", "WARN": "Advarsel", "INFO": "Til orientering"}
COUNT_NAMES = {
    **{
        target.many: f"{target.many.capitalize()} lastet"
        for dataset in DATASETS.values()
        for target in dataset.targets
    },
    "karantene": "Linjer satt til side",
    "satt_til_side": "Elever, personer eller bedrifter satt til side",
    "feil": "Feil",
    "advarsler": "Advarsler",
    "nye": "Nye rader i registeret",
    "endret": "Endrede rader i registeret",
    "avsluttet": "Avsluttede rader i registeret",
}
HEADING = ("linje", "linjetype", "regel", "alvor", "skolenummer", "felt", "forklaring")

_environment = Environment(
    loader=FileSystemLoader(Path(__file__).parent),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
)


def answer_stem(delivery: Delivery) -> str:
    """What the answers to a delivery are called, whatever other files bear the same name."""
    return f"{delivery.sha256[:12]}_{delivery.file_name}"


def local(instant: datetime) -> str:
    return f"{instant.astimezone(OSLO):%d.%m.%Y kl. %H.%M}"


def write_report(session: Session, delivery: Delivery, folder: Path) -> list[Path]:
    """Write the pages and the spreadsheet files into the folder; safe to do again.

    Returns the page and the sheet of the whole file, and the sheet of its schools; the schools' own
    lie in a folder beside them.
    """
    series = series_of(session, delivery)
    schools = by_school(session, series)
    rows = violations(session, delivery.id)
    page = folder / f"{answer_stem(delivery)}.kontrollrapport.html"
    sheet, overview = page.with_suffix(".csv"), page.with_suffix(".skoler.csv")
    write_whole(page, [_page(session, delivery, series, rows, schools).encode()])
    write_whole(sheet, [sheet_of(rows).encode("utf-8-sig")])
    write_whole(overview, ["".join(csv_lines(_overview(schools))).encode("utf-8-sig")])
    for number in schools_with_violations(session, delivery.id):
        own = [school for school in schools if school.skolenummer == number]
        mine = [row for row in rows if row.skolenummer == number]
        target = page.with_suffix("") / number
        content = _page(session, delivery, series, mine, own, number)
        write_whole(target.with_suffix(".html"), [content.encode()])
        write_whole(target.with_suffix(".csv"), [sheet_of(mine).encode("utf-8-sig")])
    return [page, sheet, overview]


def _page(
    session: Session,
    delivery: Delivery,
    series: Series,
    rows: Sequence[Violation],
    schools: Sequence[SchoolTrend],
    school: str | None = None,
) -> str:
    counts = [
        (name, delivery.counts[key]) for key, name in COUNT_NAMES.items() if key in delivery.counts
    ]
    return _environment.get_template("report.html.j2").render(
        delivery=delivery,
        school=schools[0] if school is not None and schools else None,
        received=local(delivery.received_at),
        counts=[("Datalinjer i filen", delivery.rows), *counts] if school is None else [],
        errors=sum(row.alvor == "ERROR" for row in rows),
        rules=by_rule(session, series, school),
        catalogue={rule.id: rule for rule in load_rules()},
        schools=schools,
        lines=lines_of(schools),
        series=series,
        no_count=NO_COUNT,
        shown=rows[:SHOWN_ON_PAGE],
        total=len(rows),
        severity=SEVERITY,
    )


def sheet_of(rows: Sequence[Violation]) -> str:
    """The broken rules as a spreadsheet's text, a line each under `HEADING`."""
    cells = [[spreadsheet_safe(getattr(row, name)) for name in HEADING] for row in rows]
    return "".join(csv_lines([HEADING, *cells]))


def lines_of(schools: Sequence[SchoolTrend]) -> dict[str, str]:
    """The frames that are counted for the schools, and what people call their lines."""
    counted = {frame for school in schools for frame in school.lines}
    targets = (target for dataset in DATASETS.values() for target in dataset.targets)
    return {target.frame: target.many for target in targets if target.frame in counted}


def _overview(schools: Sequence[SchoolTrend]) -> Iterator[Sequence[str]]:
    """A line a school: its lines and what broke a rule, now, in the file before and last year."""
    lines = lines_of(schools)
    what = [*lines.values(), "feil", "advarsler"]
    yield ["skolenummer", "skole", *(n for w in what for n in (w, f"{w}_forrige", f"{w}_i_fjor"))]
    for school in schools:
        counted = [school.lines.get(frame, NO_COUNT) for frame in lines]
        counted += [school.broken.get(alvor, NO_COUNT) for alvor in ("ERROR", "WARN")]
        cells = (n for c in counted for n in (c.now, c.previous, c.last_year))
        yield [
            school.skolenummer,
            str(spreadsheet_safe(school.skolenavn)),
            *("" if n is None else str(n) for n in cells),
        ]
