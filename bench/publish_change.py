"""Publishing a change that touches 900 occurrences, against a plain UPDATE of as many rows."""

import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine, update
from sqlalchemy.orm import Session

from bench.rows import Row
from scheduler.calendar import Calendar, parse_calendar
from scheduler.ledger.database import open_database
from scheduler.ledger.tables import OccurrenceRow
from scheduler.publishing.publish import publish
from scheduler.schema import TABLES

NOW = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
COUNTIES, ROWS, ROUNDS = 15, 60, 3
HEAD = """version: 1
counties:
{counties}
areas: {{skole: {{name: Skole}}}}
parties: {{udir: {{name: Udir}}}}
audiences: {{inntak: {{name: Inntakskontoret, scope: county}}}}
sources: {{S: {{title: En kilde}}}}
deliverables:
{rows}"""
COUNTY = '  "{number}": {{name: Fylke {number}}}'
# Confirmed for one year, so that exactly one of the two planned years is moved.
ROW = """  rad-{number}:
    name: Rad {number}
    areas: [skole]
    kind: delivery
    scope: county
    receiver: udir
    audience: [inntak]
    due: {{date: 15. oktober, shift: preceding}}
    confirmed:
      - {{school_year: 2026-2027, announced: {day}. oktober 2026, source: S}}
    evidence: {{label: S, sources: [S]}}
    description: En rad.
"""


def run() -> Iterator[Row]:
    texts = [_text(day) for day in (15, 14)]
    calendars = [parse_calendar(text, "calendar.yaml") for text in texts]
    with tempfile.TemporaryDirectory(prefix="aarshjul-bench-") as folder:
        engine = open_database(f"sqlite:///{Path(folder) / 'aarshjul.db'}")
        for metadata in TABLES:
            metadata.create_all(engine)
        _publish(engine, calendars[0], texts[0], 0)
        turns = range(1, ROUNDS + 1)
        rounds = [
            (_publish(engine, calendars[n % 2], texts[n % 2], n), _plain(engine, n)) for n in turns
        ]
        engine.dispose()
    yield Row(
        f"Publish a change of {COUNTIES * ROWS} occurrences",
        min(ours for ours, _ in rounds),
        min(peer for _, peer in rounds),
        "ms",
        "an UPDATE of as many rows, one by one in a transaction",
    )


def _text(day: int) -> str:
    counties = "\n".join(COUNTY.format(number=number) for number in range(31, 31 + COUNTIES))
    rows = "\n".join(ROW.format(number=number, day=day) for number in range(ROWS))
    return HEAD.format(counties=counties, rows=rows)


def _publish(engine: Engine, calendar: Calendar, text: str, turn: int) -> float:
    """Milliseconds from a calendar that is read to its version, changes and notices on disk."""
    start = time.perf_counter()
    with Session(engine) as session, session.begin():
        done = publish(session, calendar, text, "Kari", "Måling", NOW + timedelta(days=turn))
        changed = len(done.plan.announced)
    taken = (time.perf_counter() - start) * 1000
    assert changed == (COUNTIES * ROWS if turn else 0), changed
    return taken


def _plain(engine: Engine, turn: int) -> float:
    keys = [
        f"rad-{row}/2026-2027/only/{county}"
        for row in range(ROWS)
        for county in range(31, 31 + COUNTIES)
    ]
    opened = date(2026, 9, turn)
    start = time.perf_counter()
    with engine.begin() as connection:
        for key in keys:
            statement = update(OccurrenceRow).where(OccurrenceRow.key == key)
            assert connection.execute(statement.values(outcome_at=NOW, opens=opened)).rowcount == 1
    return (time.perf_counter() - start) * 1000
