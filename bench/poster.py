"""The wheel poster, typeset and kept, against the same year as a page of HTML."""

import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.orm import Session

from bench.rows import Row, seconds
from scheduler import schema
from scheduler.calendar import parse_calendar
from scheduler.ledger.database import open_database
from scheduler.ledger.planner import plan
from scheduler.settings import Settings
from web import create_app

NOW = datetime(2026, 10, 27, 11, 30, tzinfo=UTC)
TIMES = 5


def run() -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data_dir=Path(folder))
        _plan(settings)
        app = create_app(settings, read_steps=lambda _: (), clock=lambda: NOW)
        client = app.test_client()

        def typeset() -> None:
            client.get("/hjul.pdf")

        first = seconds(typeset, time.process_time)
        again = min(seconds(typeset, time.process_time) for _ in range(TIMES))
        page = min(seconds(lambda: client.get("/"), time.process_time) for _ in range(TIMES))
        app.extensions["aarshjul"].engine.dispose()
    peer = "the front page of the same year, from the same process"
    yield Row("The poster of a whole year, typeset: CPU", first * 1000, page * 1000, "ms", peer)
    yield Row("The same poster again: CPU", again * 1000, page * 1000, "ms", peer)


def _plan(settings: Settings) -> None:
    engine = open_database(settings.ledger_url)
    schema.upgrade(engine)
    text = settings.calendar.read_text(encoding="utf-8")
    with Session(engine) as session, session.begin():
        plan(session, parse_calendar(text, "calendar.yaml"), text, NOW)
    engine.dispose()
