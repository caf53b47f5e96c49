"""How long whole school years take to live through, against their limits."""

import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from bench.rows import Row, seconds
from scheduler.logs import log_to_stderr
from scheduler.settings import PROJECT_ROOT
from scheduler.simulate.living import Lived, live
from scheduler.simulate.scenario import Data, Scenario

YEAR = "2026-2027"
# Name -> the scenario, and its limit in seconds.
YEARS = {
    "Three school years of 15 counties lived through, no files": (Scenario(YEAR, years=3), 10.0),
    "One school year of 15 counties lived through, small files": (
        Scenario(YEAR, data=Data.SMALL),
        120.0,
    ),
}


def run() -> Iterator[Row]:
    log_to_stderr("CRITICAL")
    for name, (scenario, limit) in YEARS.items():
        yield Row(name, seconds(partial(_live, scenario)), limit, "s", "the limit")


def _live(scenario: Scenario) -> None:
    text = (PROJECT_ROOT / "calendar.yaml").read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory(prefix="aarshjul-bench-") as folder:
        lived: Lived = live(scenario, Path(folder), text, lambda *_: None)
    assert lived.faults == [], lived.faults[:3]
