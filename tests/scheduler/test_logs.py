"""Every line of a run says which occurrence, attempt and calendar version it is about."""

import json
import logging
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from sqlalchemy.orm import Session

from scheduler import logs
from scheduler.daemon import Service
from scheduler.ledger import runs
from scheduler.ledger.tables import OccurrenceRow, RunRow
from scheduler.settings import read_settings
from scheduler.simulate.clock import LedClock
from tests.planned import CALENDAR, calendar_in, starting_only
from tests.scheduler import live

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
KEY = "stat-ssbelev-l1/2026-2027/first/46"


class Lines(logging.Handler):
    """Every line of the process as `form` writes it."""

    def __init__(self, form):
        super().__init__()
        self.addFilter(logs.AddMatter())
        self.setFormatter(form)
        self.lines = []

    def emit(self, record):
        self.lines.append(self.format(record))

    def read(self):
        return [json.loads(line) for line in self.lines]


@contextmanager
def listening(form):
    lines, root = Lines(form), logging.getLogger()
    level = root.level
    root.addHandler(lines)
    root.setLevel("INFO")
    try:
        yield lines
    finally:
        root.removeHandler(lines)
        root.setLevel(level)


@pytest.fixture
def json_lines():
    with listening(logs.AsJson()) as lines:
        yield lines


def test_a_line_says_what_is_at_work_and_null_where_nothing_is(json_lines):
    log = logging.getLogger("some.library")
    with logs.about(calendar_version=7), logs.about(occurrence=KEY, attempt=2):
        log.warning("slow: %s", "disk", extra={"action": "step"})
    log.warning("idle")
    slow, idle = json_lines.read()
    about = {"occurrence": KEY, "attempt": 2, "calendar_version": 7, "action": "step"}
    assert slow == slow | about | {"level": "WARNING", "message": "slow: disk"}
    assert datetime.fromisoformat(slow["at"]).tzinfo is not None
    assert [idle[name] for name in ("occurrence", "attempt", "calendar_version")] == [None] * 3


def test_an_exception_stays_on_its_line(json_lines):
    try:
        int("of two\nlines")
    except ValueError:
        logging.getLogger("x").exception("broke")
    [line] = json_lines.lines
    assert "ValueError: invalid literal" in json.loads(line)["exception"]


def test_text_tells_it_at_the_end_of_the_line():
    with listening(logs.AsText()) as lines:
        with logs.about(occurrence=KEY, attempt=1, calendar_version=3):
            logging.getLogger("x").warning("slow")
        logging.getLogger("x").warning("idle")
    assert lines.lines[0].endswith(f"WARNING x slow [{KEY}#1, calendar 3]")
    assert lines.lines[1].endswith("WARNING x idle")


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_process_logs_in_the_form_that_is_set(form, capfd, monkeypatch):
    root, engine = logging.getLogger(), logging.getLogger("dbos")
    for logger in (root, engine):
        monkeypatch.setattr(logger, "handlers", [])
        monkeypatch.setattr(logger, "level", logger.level)
    monkeypatch.setattr(engine, "propagate", True)
    logs.log_as_set(read_settings(log_format=form, log_level="WARNING"))
    engine.warning("of the engine")
    [line] = capfd.readouterr().err.splitlines()
    assert "of the engine" in line
    assert (line[0] == "{") is (form == "json")


@pytest.fixture
def service(tmp_path, empty_database_url):
    url = empty_database_url.replace("+psycopg", "")
    calendar = calendar_in(tmp_path, starting_only(CALENDAR, "deliver-ssbelev"))
    settings = read_settings(data_dir=tmp_path, database_url=url, calendar=calendar)
    with Service(settings, LedClock(NOW)) as running:
        running.tick()
        yield running


def test_every_line_of_a_run_bears_occurrence_attempt_and_calendar_version(service, json_lines):
    with Session(service.database) as session, session.begin():
        row = session.get_one(OccurrenceRow, KEY)
        runs.request_run(session, row, 1, "deliver-ssbelev", {}, "Kari", NOW)
    service.tick()
    live.wait_until(lambda: state_of(service, f"{KEY}#1") == "refused")
    live.wait_until(lambda: any(line.get("action") == "end" for line in json_lines.read()))
    own = [line for line in json_lines.read() if line.get("action") in ("step", "end")]
    assert [line["action"] for line in own] == ["step", "end"]
    expected = {"occurrence": KEY, "attempt": 1, "calendar_version": 1}
    assert [line | expected for line in own] == own


def state_of(service, run_id):
    with Session(service.database) as session:
        return session.get_one(RunRow, run_id).state
