"""A ledger planned from a calendar, and the feeds it gives: what the feed tests start from."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from jobs import JOBS
from jobs.api import StartsOn
from scheduler.calendar import parse_calendar
from scheduler.feeds.building import build_feeds
from scheduler.ledger.planner import plan
from scheduler.ledger.tables import OccurrenceRow
from scheduler.settings import PROJECT_ROOT, Settings

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
WHOLE = (PROJECT_ROOT / "calendar.yaml").read_text(encoding="utf-8")
FEW = ("03", "42", "46", "55")


def with_counties(text: str, numbers: Sequence[str] = FEW) -> str:
    """The calendar with these counties alone: as many rows and rules, and a plan in a fourth of the time."""

    def kept(listed: re.Match[str]) -> str:
        return f"counties: [{', '.join(n for n in listed[1].split(', ') if n[1:-1] in numbers)}]"

    text = re.sub(
        r'^  "(\d\d)": \{name: .*\}\n',
        lambda m: m[0] if m[1] in numbers else "",
        text,
        flags=re.MULTILINE,
    )
    text = re.sub(r"(?<=^    )counties: \[(.*)\]", kept, text, flags=re.MULTILINE)
    return re.sub(
        r"^  - name: .*\n(?:    .*\n)*?    counties: \[\]\n(?:    .*\n)*",
        "",
        text,
        flags=re.MULTILINE,
    )


def starting_only(text: str, *jobs: str) -> str:
    """The calendar in which only these jobs start by themselves, and the imports when a file comes.

    A scheduler that comes late to the year begins with every delivery of the months before.
    """
    kept = {*jobs, *(name for name, job in JOBS.items() if job.starts_on is StartsOn.ARRIVAL)}
    return re.sub(
        r"^    job: (.*)\n", lambda row: row[0] if row[1] in kept else "", text, flags=re.MULTILINE
    )


CALENDAR = with_counties(WHOLE)


def calendar_in(folder: Path, text: str = CALENDAR) -> Path:
    """The calendar as a file that a test may edit."""
    path = folder / "calendar.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def settings_in(folder: Path, **others: object) -> Settings:
    return Settings(data_dir=folder, public_url="https://aarshjul.example", **others)


def plan_and_build(
    engine: Engine, settings: Settings, text: str = CALENDAR, now: datetime = NOW
) -> dict[str, bytes]:
    """Take a calendar into use at `now`, and build every file of its feeds."""
    calendar = parse_calendar(text, "calendar.yaml")
    with Session(engine) as session, session.begin():
        plan(session, calendar, text, now)
        return build_feeds(session, calendar, settings)


def calendars(files: dict[str, bytes]) -> dict[str, bytes]:
    """Those of the files that are sent as they are."""
    return {name: content for name, content in files.items() if name.endswith(".ics")}


def rows_of(engine: Engine, *scopes: str) -> list[OccurrenceRow]:
    with Session(engine) as session:
        return list(session.scalars(select(OccurrenceRow).where(OccurrenceRow.scope.in_(scopes))))


def in_row(text: str, row_id: str, old: str, new: str) -> str:
    """The calendar with `old` replaced in one row."""
    before, name, after = text.partition(f"\n  {row_id}:\n")
    row, end, rest = after.partition("\n\n")
    assert old in row
    return before + name + row.replace(old, new) + end + rest
