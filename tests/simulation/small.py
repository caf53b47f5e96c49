"""A calendar of two counties, two imports and a delivery, and a year lived by it."""

from pathlib import Path

from scheduler.simulate.living import live
from scheduler.simulate.scenario import Data, Scenario

YEAR = "2026-2027"
CALENDAR = Path(__file__).with_name("calendar.yaml")
SMALL = CALENDAR.read_text(encoding="utf-8")


def scenario(**others):
    return Scenario(YEAR, **{"data": Data.NONE, **others})


def lived(folder, wanted, text=SMALL):
    folder.mkdir(exist_ok=True)
    return live(wanted, folder, text, lambda *_: None)
