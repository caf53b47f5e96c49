"""A register filled with a synthetic county's year, file by file, as the imports take them in."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from jobs import JOBS
from jobs.imports.inbox import scan_inbox, waiting_deliveries
from jobs.imports.intakes import intakes
from jobs.synth import write_extract, write_kind, write_year_end
from tests.jobs.running import order, run

COUNTY, CYCLE = "56", "2026-2027"


def instant(day):
    """Nine in the morning (UTC) of a day."""
    return datetime.combine(day, time(9), UTC)


def take_in(database, folder, job, deliverable, written, content=None, cycle=CYCLE, number=1):
    """Import the county's file of a kind, written on a day; returns the receipt's detail."""
    place = folder / "inbox" / COUNTY / deliverable
    place.mkdir(parents=True, exist_ok=True)
    path = place / f"{deliverable}_{written:%Y%m%d}.txt"
    if content is not None:
        path.write_bytes(content)
    elif job == "import-school-year-end":
        write_year_end(path, COUNTY, cycle)
    elif (intake := intakes()[job]).layout == "sas3":
        write_extract(path, COUNTY, cycle)
    else:
        write_kind(path, intake.layout, COUNTY, intake.period.of(cycle), written)
    at = instant(written)
    scan_inbox(database, folder, at, {deliverable: (COUNTY,)}, timedelta(0))
    delivery = waiting_deliveries(database)[deliverable, COUNTY]
    ordered = order(JOBS[job], deliverable, "only", COUNTY, number=number, delivery_id=delivery)
    ordered = replace(ordered, now=at, cycle=cycle)
    return run(JOBS[job], ordered, database, folder)["receipt"]["detail"]


def october(database, folder):
    """The county's pupils as they were delivered in October."""
    take_in(database, folder, "import-school", "skole-off-telling-okt", date(2026, 10, 5))


YEAR = (
    ("import-adults-year-end", "vok-inschool-aug", date(2026, 8, 12)),
    ("import-applicants-autumn", "inn-sokere-vigo-host", date(2026, 9, 7)),
    ("import-contracts", "fag-kontrakter-vigo", date(2026, 9, 30)),
    ("import-school", "skole-off-telling-okt", date(2026, 10, 5)),
    ("import-adults", "vok-inschool-feb", date(2027, 1, 28)),
    ("import-applicants-spring", "inn-sokere-vigo-var", date(2027, 3, 9)),
    ("import-school-year-end", "skole-off-slutt-jun", date(2027, 6, 25)),
    ("import-applicants-spring", "inn-sokere-vigo-var", date(2027, 7, 8)),
)


def school_year(database, folder):
    """Everything the county delivers in a school year, each file on its day."""
    for number, (job, deliverable, written) in enumerate(YEAR, 1):
        take_in(database, folder, job, deliverable, written, number=number)


def order_of(job, deliverable, stage, now, reference=None, cycle=CYCLE):
    """The order of a delivery, decided in the morning of a day."""
    ordered = order(JOBS[job], deliverable, stage, COUNTY)
    run_id = f"{deliverable}/{cycle}/{stage}/{COUNTY}#1"
    return replace(
        ordered,
        run_id=run_id,
        cycle=cycle,
        nominal=now,
        due=now,
        reference_date=reference,
        now=instant(now),
    )
