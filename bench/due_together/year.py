"""A calendar in which each of some rows is due in every county on one day, planned in a ledger."""

from datetime import UTC, date, datetime

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from scheduler.calendar import parse_calendar
from scheduler.publishing.publish import publish
from scheduler.schema import upgrade
from scheduler.settings import PROJECT_ROOT

DUE, PLANNED = date(2026, 10, 23), datetime(2026, 10, 22, 10, tzinfo=UTC)
COUNTIES = 15
JOB = "deliver-ssbelev"
# The receiver takes as many at once as the calendar says of nobody in particular: two.
_ROW = f"""  stat-nr-{{number}}:
    name: Levering {{number}}
    areas: [skole]
    kind: delivery
    scope: county
    stage: first
    sender: fylke
    receiver: novari
    audience: [fylke-skole]
    due: {{{{date: 23. oktober, shift: preceding}}}}
    job: {JOB}
    evidence: {{{{label: I}}}}
    description: En levering.

"""


def calendar_of(rows: int) -> str:
    """The project's own calendar with these rows alone, `COUNTIES` deliveries each."""
    text = (PROJECT_ROOT / "calendar.yaml").read_text(encoding="utf-8")
    head = text.partition("closures:\n")[0]
    return f"{head}deliverables:\n{''.join(_ROW.format(number=n) for n in range(rows))}"


def plan(database: Engine, text: str) -> None:
    """Take the calendar into use the day before."""
    upgrade(database)
    with Session(database) as session, session.begin():
        calendar = parse_calendar(text, "calendar.yaml")
        publish(session, calendar, text, "calendar.yaml", "", PLANNED)
