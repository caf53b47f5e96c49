"""`aarshjul feeds`: make, list and take back an address; show what a selection holds."""

import pytest
from click.testing import CliRunner

from scheduler.cli import cli
from scheduler.feeds.store import publish_feeds
from scheduler.ledger.database import open_database
from scheduler.schema import TABLES
from scheduler.settings import settings
from tests.planned import plan_and_build, settings_in


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.setenv("AARSHJUL_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("AARSHJUL_PUBLIC_URL", "https://aarshjul.example")
    settings.cache_clear()
    engine = open_database(settings_in(tmp_path).ledger_url)
    for metadata in TABLES:
        metadata.create_all(engine)
    publish_feeds(plan_and_build(engine, settings_in(tmp_path)), settings_in(tmp_path).feed_dir)
    engine.dispose()
    yield lambda *arguments: CliRunner().invoke(cli, ["feeds", *arguments])
    settings.cache_clear()


def test_an_address_is_made_once_listed_and_taken_back(run):
    made = run("token", "create", "OT Vestland", "--fylke", "46", "--omrade", "ot", "--by", "kari")
    assert made.exit_code == 0, made.output
    address = made.stdout.strip()
    assert address.startswith("https://aarshjul.example/feed/")
    assert address.endswith("/arshjul.ics")
    listed = run("token", "list").output
    assert "OT Vestland" in listed
    assert "fylke=46" in listed
    assert address.split("/")[4] not in listed
    again = run("token", "create", "OT Vestland")
    assert again.exit_code == 1
    assert "har allerede en adresse" in again.output
    assert "Trukket tilbake: OT Vestland" in run("token", "revoke", "OT Vestland").output
    gone = run("token", "revoke", "OT Vestland")
    assert gone.exit_code == 1
    assert "ingen adresse med navnet" in gone.output


def test_a_choice_that_does_not_exist_makes_no_address(run):
    made = run("token", "create", "OT", "--fylke", "99")
    assert made.exit_code == 1
    assert "«99» er ikke et fylkesnummer i årshjulet." in made.output
    assert "Ingen egne adresser ennå." in run("token", "list").output


def test_a_selection_is_shown_as_subscribers_get_it(run):
    table = run("show", "--fylke", "46", "--frist", "stat-ssbelev-l1").output
    assert table.startswith("due;time;nominal;")
    assert table.count("stat-ssbelev-l1") >= 2
    calendar = run("show", "--form", "events", "--fylke", "46").stdout
    assert calendar.startswith("BEGIN:VCALENDAR")
    wrong = run("show", "--omrade", "tull")
    assert wrong.exit_code == 1
    assert "«tull» er ikke et område" in wrong.output
