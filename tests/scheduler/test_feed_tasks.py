"""oppgaver.ics: the deadlines as tasks, with how far each has come."""

from datetime import UTC, datetime, timedelta

import icalendar
import pytest
from sqlalchemy.orm import Session

from scheduler.feeds.library import Form, Library, Wanted
from scheduler.feeds.selection import Selection
from scheduler.feeds.store import faults_of
from scheduler.ledger import runs
from scheduler.ledger.runs import occurrence_row, settle
from tests.planned import settings_in
from tests.published import change, copied, ledger_in

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
ROW, CYCLE = "stat-ssbelev-l1", "2026-2027"
VESTLAND, SHARED = Selection(fylke=("46",)), Selection()


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    folder = tmp_path_factory.mktemp("published")
    ledger_in(folder).dispose()
    return folder


@pytest.fixture
def engine(published, tmp_path):
    engine = copied(published, tmp_path)
    yield engine
    engine.dispose()


@pytest.fixture
def do(engine, tmp_path):
    return lambda deed: change(engine, settings_in(tmp_path), deed)


def key(county="46"):
    return f"{ROW}/{CYCLE}/first/{county}"


def file_of(folder, selection):
    return Library(settings_in(folder).feed_dir).document(Wanted(Form.TASKS, selection)).plain


def task(folder, selection=VESTLAND):
    scope = selection.view
    uid = f"oppgave-{ROW}-{CYCLE}-first-{scope}@aarshjul"
    tasks = icalendar.Calendar.from_ical(file_of(folder, selection)).walk("VTODO")
    return {str(t["UID"]): t for t in tasks}[uid]


def test_a_task_is_due_on_the_day_and_begins_as_undone(engine, tmp_path):
    found = task(tmp_path)
    assert found["DUE"].to_ical() == b"20261023"
    assert found["DUE"].params["VALUE"] == "DATE"
    assert (found["STATUS"], found["PERCENT-COMPLETE"]) == ("NEEDS-ACTION", 0)
    assert "COMPLETED" not in found
    assert "I kalenderen: lørdag 24. oktober 2026" in found["DESCRIPTION"]
    assert faults_of(file_of(tmp_path, VESTLAND)) == faults_of(file_of(tmp_path, SHARED)) == []


def test_what_only_informs_is_no_task(engine, tmp_path):
    events = Library(settings_in(tmp_path).feed_dir).document(Wanted(Form.EVENTS, VESTLAND)).plain
    assert file_of(tmp_path, VESTLAND).count(b"BEGIN:VTODO") < events.count(b"BEGIN:VEVENT")


@pytest.mark.parametrize("outcome", ["done", "waived", "nothing"])
def test_what_is_settled_is_completed_and_newer(engine, tmp_path, do, outcome):
    before = task(tmp_path)
    do(lambda session: _settle(session, outcome))
    after = task(tmp_path)
    assert (after["STATUS"], after["PERCENT-COMPLETE"]) == ("COMPLETED", 100)
    assert after["COMPLETED"].dt == after["LAST-MODIFIED"].dt == after["DTSTAMP"].dt == NOW
    assert after["SEQUENCE"] == before["SEQUENCE"] + 1
    assert after["UID"] == before["UID"]


def _settle(session, outcome):
    if outcome == "waived":
        runs.waive(session, key(), "kari", "Ingen elever.", NOW)
    elif outcome == "nothing":
        runs.report_nothing(session, key(), "kari", "Ingen elever.", NOW)
    else:
        settle(occurrence_row(session, key()), "done", NOW)


def test_an_outcome_taken_back_is_undone_again_and_the_number_never_falls(engine, tmp_path, do):
    do(lambda session: runs.waive(session, key(), "kari", "Ingen elever.", NOW))
    waived = task(tmp_path)
    later = NOW + timedelta(hours=1)
    do(lambda session: runs.unwaive(session, key(), "kari", "Det var feil.", later))
    undone = task(tmp_path)
    assert undone["STATUS"] == "NEEDS-ACTION"
    assert undone["SEQUENCE"] > waived["SEQUENCE"]
    assert undone["LAST-MODIFIED"].dt == later


def test_the_shared_task_tells_how_many_counties_have_come_through(engine, tmp_path, do):
    counties = ["03", "46", "55"]
    do(lambda s: [settle(occurrence_row(s, key(c)), "done", NOW) for c in counties])
    found = task(tmp_path, SHARED)
    assert (found["STATUS"], found["PERCENT-COMPLETE"]) == ("IN-PROCESS", 75)  # 3 of 4
    assert "COMPLETED" not in found


def test_the_events_do_not_change_when_something_is_delivered(engine, tmp_path, do):
    folder = settings_in(tmp_path).feed_dir
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    do(lambda session: _settle(session, "done"))
    changed = {p.name for p in folder.iterdir() if before.get(p.name) != p.read_bytes()}
    assert changed == {"oppgaver.json", "oppgaver.json.gz"}


def test_a_deadline_that_is_withdrawn_is_a_cancelled_task(engine, tmp_path, do):
    def withdraw(session: Session) -> None:
        row = occurrence_row(session, key())
        row.outcome, row.outcome_at, row.changed_at = "withdrawn", NOW, NOW

    do(withdraw)
    found = task(tmp_path)
    assert found["STATUS"] == "CANCELLED"
    assert found["SUMMARY"].startswith("Avlyst: ")
