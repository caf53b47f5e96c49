"""What pages keep between requests never hides what another process has written."""

import os
import subprocess
import sys
from datetime import date

import pytest
from sqlalchemy.orm import Session

from scheduler.ledger.tables import OccurrenceRow
from tests.web import seed

FAR = f"stat-ssbresultat-l1/{seed.CYCLE}/first/46"


@pytest.fixture
def site(seeded):
    """The settings, the database, and a site over it that has drawn its pages before."""
    config, engine = seeded
    app = seed.create_site(config)
    yield config, engine, app.test_client()
    app.extensions["aarshjul"].engine.dispose()


def in_another_process(config, *words):
    """What `aarshjul` does with these words, over the same database."""
    env = os.environ | {
        "AARSHJUL_DATA_DIR": str(config.data_dir),
        "AARSHJUL_DATABASE_URL": config.database_url,
    }
    command = [sys.executable, "-m", "scheduler.cli", *words]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr + done.stdout


def drawn(client):
    return {page: client.get(page).text for page in ("/", "/tavle", "/hjul.svg", "/fylke/46")}


def test_what_another_process_does_is_on_the_pages_at_once(site):
    """A pause is around what is near; a waiver is of a row far ahead, which is kept whole."""
    config, _, client = site
    before = drawn(client)
    assert drawn(client) == before
    in_another_process(config, "pause", "--county", "46", "--why", "Nytt fagsystem")
    paused = drawn(client)
    assert "Nytt fagsystem" in paused["/tavle"]
    assert "Nytt fagsystem" in paused["/fylke/46"]
    in_another_process(config, "waive", FAR, "--why", "Avtalt med SSB")
    waived = drawn(client)
    assert all(waived[page] != paused[page] for page in ("/", "/tavle", "/hjul.svg"))
    in_another_process(config, "waive", FAR, "--undo", "--why", "Likevel ikke")
    assert drawn(client) == paused


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("due", date(2027, 6, 3)),
        ("nominal", date(2027, 6, 3)),
        ("clock_time", "09:15"),
        ("opens", date(2027, 1, 4)),
        ("date_status", "confirmed"),
        ("outcome", "nothing"),
    ],
)
def test_each_column_that_is_shown_is_shown_as_it_is_now(site, column, value):
    _, engine, client = site
    before = client.get("/?fylke=46").text
    with Session(engine) as session, session.begin():
        setattr(session.get_one(OccurrenceRow, FAR), column, value)
    assert client.get("/?fylke=46").text != before


def test_a_server_keeps_what_lasts_out_of_its_collections():
    asked = "import gc, web.wsgi; print(gc.get_freeze_count())"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert int(done.stdout) > 100_000
