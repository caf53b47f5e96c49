"""Many kills at random moments while eight counties import: every row once, every receipt once."""

import random
import time

import pytest

from scheduler.ledger.database import open_database
from scheduler.settings import read_settings
from tests.scheduler import live

COUNTIES = ["03", "11", "15", "18", "31", "32", "33", "34"]
KILLS = 12
SEED = 20261122


@pytest.mark.chaos
@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_a_storm_of_kills_loses_and_doubles_nothing(kind, tmp_path, monkeypatch, request):
    monkeypatch.setenv("AARSHJUL_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("AARSHJUL_TICK_SECONDS", "0.5")
    monkeypatch.setenv("AARSHJUL_CALENDAR", str(live.open_all_year(tmp_path)))
    if kind == "postgres":
        monkeypatch.setenv("AARSHJUL_DATABASE_URL", request.getfixturevalue("empty_postgres_url"))
    settings = read_settings()
    for county in COUNTIES:
        live.put_in_inbox(settings, county, "small")
    database = open_database(settings.ledger_url)
    moments = random.Random(SEED)
    for _ in range(KILLS):
        with live.scheduler():
            time.sleep(moments.uniform(2, 6))
    with live.scheduler():
        live.wait_until(lambda: live.run_states(database) == ["done"] * len(COUNTIES), 180)
    assert live.count(database, "receipt") == len(COUNTIES)
    sent = live.lines_sent(settings)
    assert {table: live.count(database, table) for table in sent} == sent
    database.dispose()
