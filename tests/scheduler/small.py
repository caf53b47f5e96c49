"""A small calendar with a county role and a national one, edits of it, and ways to publish them."""

from datetime import UTC, datetime

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from scheduler.calendar import parse_calendar
from scheduler.ledger.tables import ChangeRow, OccurrenceRow
from scheduler.publishing.publish import Publication, publish
from tests.scheduler.calendar.right import DUE, RIGHT

NOW = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
SMALL = RIGHT.replace(
    "  alle: {name: Alle}\n",
    "  alle: {name: Alle}\n  inntak: {name: Inntakskontoret, scope: county}\n",
).replace("audience: [alle]", "audience: [alle, inntak]", 1)
EARLIER = SMALL.replace(DUE, "due: {date: 8. oktober, shift: preceding}")
RENAMED = SMALL.replace("name: En import\n", "name: Første import\n", 1)
WITHOUT = SMALL[: SMALL.index("  en-levering:\n")]
ONE_COUNTY = SMALL.replace(
    "    description: En import.\n",
    "    confirmed:\n      - {school_year: 2026-2027, announced: 12. oktober 2026, source: S,"
    ' counties: ["46"]}\n    description: En import.\n',
)
IMPORT = "en-import/2026-2027/only"
DELIVERY = "en-levering/2026-2027/only"


def calendar_of(text):
    return parse_calendar(text, "calendar.yaml")


def published(
    engine: Engine, text: str = SMALL, now: datetime = NOW, by="Kari", why="Avtalt", **options
) -> Publication:
    """Publish, and keep what came of it readable."""
    with Session(engine, expire_on_commit=False) as session, session.begin():
        return publish(session, calendar_of(text), text, by, why, now, **options)


def row_of(engine: Engine, key: str) -> OccurrenceRow:
    with Session(engine) as session:
        return session.get_one(OccurrenceRow, key)


def changes_in(engine: Engine, version: int) -> list[ChangeRow]:
    with Session(engine) as session:
        query = select(ChangeRow).where(ChangeRow.version == version).order_by(ChangeRow.id)
        return list(session.scalars(query))
