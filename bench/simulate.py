"""How long whole school years take to live through, against their limits, and the engine's own part of it."""

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from math import ceil
from pathlib import Path
from time import process_time

from dbos import DBOS

from bench import bare_engine
from bench.rows import Row, seconds
from scheduler.logs import log_to_stderr
from scheduler.settings import PROJECT_ROOT
from scheduler.simulate.living import Lived, live
from scheduler.simulate.scenario import Data, Scenario

YEAR = "2026-2027"
# Name -> the scenario, and its limit in seconds.
YEARS = {
    "One school year of 15 counties lived through, small files": (
        Scenario(YEAR, data=Data.SMALL),
        120.0,
    ),
    "Three school years of 15 counties lived through, no files": (Scenario(YEAR, years=3), 10.0),
}


def run() -> Iterator[Row]:
    log_to_stderr("CRITICAL")
    with tempfile.TemporaryDirectory(prefix="aarshjul-bench-") as name:
        for number, (title, (scenario, limit)) in enumerate(YEARS.items()):
            folder = Path(name, str(number))
            folder.mkdir()
            yield Row(title, seconds(partial(_live, scenario, folder)), limit, "s", "the limit")
        runs, steps = _begun(folder)
        # Of the engine alone the processor's time: what waits between its workflows is nobody's work.
        alone = seconds(
            partial(_engine_alone, Path(name, "alone.db"), runs, ceil(steps / runs)), process_time
        )
        told = (
            f"the limit; DBOS alone: {runs} workflows of {ceil(steps / runs)} steps that do nothing"
        )
        yield Row("The engine's own part of these three years: CPU", alone, limit, "s", told)


def _live(scenario: Scenario, folder: Path) -> None:
    text = (PROJECT_ROOT / "calendar.yaml").read_text(encoding="utf-8")
    lived: Lived = live(scenario, folder, text, lambda *_: None)
    assert lived.faults == [], lived.faults[:3]


def _begun(folder: Path) -> tuple[int, int]:
    """How many workflows the engine began there, and how many steps it wrote down."""
    with closing(sqlite3.connect(folder / "engine.db")) as tables:
        count = "SELECT (SELECT count(*) FROM workflow_status), (SELECT count(*) FROM operation_outputs)"
        runs, steps = tables.execute(count).fetchone()
    return runs, steps


def _engine_alone(database: Path, runs: int, steps: int) -> None:
    def nothing() -> None:
        for number in range(steps):
            DBOS.run_step({"name": f"step-{number}"}, dict)

    with bare_engine.launched(f"sqlite:///{database}", nothing, in_turn=True) as workflow:
        for _ in range(runs):
            DBOS.start_workflow(workflow).get_result()
