"""Find one occurrence in a calendar."""

from pathlib import Path

from scheduler.calendar import expand, load_calendar

CALENDAR = load_calendar(Path(__file__).parents[3] / "calendar.yaml")


def the(deliverable, cycle, stage=None, calendar=CALENDAR, county="46"):
    found = [
        occurrence
        for occurrence in expand(calendar, cycle)
        if occurrence.deliverable == deliverable
        and occurrence.scope in {county, "national"}
        and stage in {None, occurrence.stage}
    ]
    assert len(found) == 1
    return found[0]
