"""A ledger with ten school years behind it: planned by the real planner, and all of it delivered."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256

from sqlalchemy import Engine, insert, select
from sqlalchemy.orm import Session

from jobs import JOBS
from jobs.api import StartsOn
from jobs.register.tables import Delivery
from scheduler import daemon
from scheduler.calendar import Calendar, SchoolYear, parse_calendar
from scheduler.engine.decide import Why, start_instant
from scheduler.ledger import runs
from scheduler.ledger.run_ids import id_of_run
from scheduler.ledger.tables import OccurrenceRow, ReceiptRow, RunRow
from scheduler.publishing.publish import publish
from scheduler.settings import PROJECT_ROOT, Settings

YEARS, CYCLE = 10, "2026-2027"
NOW = datetime(2026, 10, 27, 11, 30, tzinfo=UTC)
OCCURRENCE = f"stat-ssbelev-l1/{CYCLE}/first/46"
TOOK = timedelta(seconds=4)


def write_years(
    database: Engine, settings: Settings, years: int = YEARS, now: datetime = NOW
) -> None:
    """Publish the calendar in each August of years back, and settle all that was due before `now`."""
    with daemon.Service(settings, lambda: now):
        pass  # makes the tables, the engine's too
    first = SchoolYear(CYCLE).start_year - years
    for year in range(first, first + years + 1):
        text = _edited(year)
        calendar = parse_calendar(text, "calendar.yaml")
        with Session(database) as session, session.begin():
            at = datetime(year, 8, 15, 10, tzinfo=UTC)
            publish(session, calendar, text, "Kari Nordmann", f"Årshjulet for {year}.", at)
        with Session(database) as session, session.begin():
            _deliver(session, calendar, str(SchoolYear.starting(year)), now)


def _edited(year: int) -> str:
    """The calendar of a year: every other has another day for one delivery, which all are told of."""
    text = (PROJECT_ROOT / "calendar.yaml").read_text(encoding="utf-8")
    day = "23. oktober" if year % 2 else "24. oktober"
    return text.replace("due: {date: 24. oktober,", f"due: {{date: {day},") + f"# {year}\n"


def _deliver(session: Session, calendar: Calendar, cycle: str, now: datetime) -> None:
    """Run what has a job and was due, once each, and give it its receipt; an import has a file.

    What `scheduler.ledger.runs` would write one by one is written together, or it would take minutes.
    """
    rows = select(OccurrenceRow).where(OccurrenceRow.cycle == cycle, OccurrenceRow.due < now.date())
    jobs = {row.id: JOBS[row.job] for row in calendar.deliverables.values() if row.job in JOBS}
    due = [row for row in session.scalars(rows) if row.deliverable in jobs]
    for row in due:
        runs.settle(row, "done", _began(row) + TOOK)
    session.execute(insert(RunRow), [_run(row, jobs[row.deliverable].name) for row in due])
    session.execute(insert(ReceiptRow), [_receipt(row) for row in due])
    imports = [row for row in due if jobs[row.deliverable].starts_on is StartsOn.ARRIVAL]
    session.execute(insert(Delivery), [_file(row) for row in imports])


def _began(row: OccurrenceRow) -> datetime:
    return start_instant(row.due).astimezone(UTC)


def _run(row: OccurrenceRow, job: str) -> dict[str, object]:
    number = id_of_run(row.key, 1)
    return {
        "id": number,
        "occurrence_key": row.key,
        "number": 1,
        "job": job,
        "state": "done",
        "started_by": Why.DUE.value,
        "order": runs.order_of(row, number, job, {}, _began(row)),
        "requested_at": _began(row),
        "finished_at": _began(row) + TOOK,
        "reasons": [],
    }


def _receipt(row: OccurrenceRow) -> dict[str, object]:
    return {
        "run_id": id_of_run(row.key, 1),
        "occurrence_key": row.key,
        "kind": "outbox",
        "receiver": "ssb",
        "reference": "kv-1",
        "received_at": _began(row) + TOOK,
        "detail": {"rader": 812},
    }


def _file(row: OccurrenceRow) -> dict[str, object]:
    return {
        "sha256": sha256(row.key.encode()).hexdigest(),
        "sender": row.scope,
        "deliverable": row.deliverable,
        "file_name": f"{row.deliverable}.txt",
        "archived_as": row.key,
        "bytes": 10,
        "received_at": _began(row),
        "state": "loaded",
        "rows": 1234,
        "run_id": id_of_run(row.key, 1),
    }
