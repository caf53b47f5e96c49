"""A site that really serves the feeds of the real calendar, and the ledger behind it."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from scheduler.calendar import parse_calendar
from scheduler.feeds.store import publish_feeds
from scheduler.ledger.database import open_database
from scheduler.ledger.tables import LedgerBase, OccurrenceRow
from tests.planned import CALENDAR, NOW, plan_and_build, settings_in
from tests.serving import on_a_port
from web import create_app

WITHDRAWN = "inn-2inntak"  # taken out of the calendar after the first plan
DELIVERABLES = parse_calendar(CALENDAR, "calendar.yaml").deliverables
Agenda = Counter[tuple[date, str]]


@dataclass(frozen=True)
class Served:
    """A running site's address, and the days and titles its ledger holds for each feed."""

    url: str
    agendas: dict[str, Agenda]


@pytest.fixture(scope="session")
def served(tmp_path_factory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("served")
    settings = settings_in(folder)
    engine = open_database(settings.ledger_url)
    LedgerBase.metadata.create_all(engine)
    plan_and_build(engine, settings)
    feeds = plan_and_build(engine, settings, _one_row_less(CALENDAR), NOW + timedelta(days=1))
    publish_feeds(feeds, settings.feed_dir)
    agendas = _agendas(engine)
    engine.dispose()
    with on_a_port(create_app(settings, read_steps=lambda _: [])) as address:
        yield Served(f"{address}/kalender", agendas)


def _one_row_less(text: str) -> str:
    fewer = re.sub(rf"\n  {WITHDRAWN}:\n.*?\n\n", "\n", text, count=1, flags=re.DOTALL)
    assert fewer != text
    return fewer


def _agendas(engine: Engine) -> dict[str, Agenda]:
    """What the ledger says, told without the code that writes feeds."""
    with Session(engine) as session:
        rows = list(session.scalars(select(OccurrenceRow)))
    one_county = [(row.due, _title(row)) for row in rows if row.scope in ("46", "national")]
    # No county has dates of its own in the calendar as it stands, so Vestland speaks for all.
    assert len({(row.deliverable, row.cycle, row.stage, row.due) for row in rows}) == len(
        one_county
    )
    admission = [
        (row.due, _title(row))
        for row in rows
        if row.scope in ("46", "national") and "inntak" in DELIVERABLES[row.deliverable].areas
    ]
    return {
        "46.ics": Counter(one_county),
        "alle.ics": Counter(one_county),
        "46.ics?omrade=inntak": Counter(admission),
    }


def _title(row: OccurrenceRow) -> str:
    name = DELIVERABLES[row.deliverable].name
    clock = row.clock_time and f", frist kl. {row.clock_time.replace(':', '.')}"
    proposed = " (foreslått dato)" if row.date_status == "proposed" else ""
    return f"{'Avlyst: ' if row.outcome == 'withdrawn' else ''}{name}{clock}{proposed}"
