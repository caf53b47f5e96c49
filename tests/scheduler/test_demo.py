"""The demonstration lives through an autumn with the real parts; the ledger tells the story."""

import json
import re
from collections import Counter
from datetime import UTC, date, datetime

import pytest
import yaml
from sqlalchemy import select

from jobs.register.pupils import Elevkurs
from jobs.register.tables import School
from scheduler.calendar.occurrence import NATIONAL
from scheduler.demo.replaying import STORIES, replay
from scheduler.demo.telling import ANSWERS, PUBLISHER, WHY
from scheduler.ledger.database import open_database, reading
from scheduler.ledger.tables import (
    CalendarVersion,
    ChangeRow,
    DecisionRow,
    OccurrenceRow,
    ReceiptRow,
    RehearsalRow,
    RunRow,
)
from scheduler.notify.tables import MessageRow, NoticeRow
from scheduler.settings import PROJECT_ROOT, read_settings
from scheduler.simulate.almanac import narrowed
from scheduler.simulate.clock import LedClock
from scheduler.simulate.led import LedService
from tests.planned import calendar_in

CYCLE = "2026-2027"
UNTIL = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
IMPORT, DELIVERY = "skole-off-telling-okt", "stat-ssbelev-l1"


# Those without trouble, and those that send no file in time for what is counted in October.
SOUND, SILENT = ("03", "46"), {"55", "56"}
SOME = (*SOUND, *STORIES)


@pytest.fixture(scope="module", params=[SOME, pytest.param((), marks=pytest.mark.chaos)])
def counties(request):
    """The counties of the demonstration: those with a story of their own, or, in the long run, all."""
    return request.param


class RowByRow(yaml.SafeDumper):
    """Says a date in each row that has it: one that is moved in a row is moved there alone."""

    def ignore_aliases(self, _data):
        return True


def row_by_row(text):
    """The calendar as such a file, with an empty line before each row."""
    whole = yaml.safe_load(text)
    written = yaml.dump(whole, Dumper=RowByRow, allow_unicode=True, sort_keys=False)
    return re.sub(r"^(  [\w-]+:)$", r"\n\1", written, flags=re.MULTILINE)


@pytest.fixture(scope="module")
def replayed(tmp_path_factory, counties):
    """Settings of a folder in which the autumn of 2026 has been replayed."""
    folder = tmp_path_factory.mktemp("demo")
    whole = (PROJECT_ROOT / "calendar.yaml").read_text(encoding="utf-8")
    settings = read_settings(
        data_dir=folder,
        calendar=calendar_in(folder, row_by_row(narrowed(whole, counties))),
        database_url="",
        mail_folder=folder / "mail",
        demo=True,
        publish="by-command",
    )
    clock = LedClock(UNTIL)
    with LedService(settings, clock) as service:
        assert len(list(replay(service, clock, UNTIL))) > 20
    return settings


@pytest.fixture
def number(counties):
    """How many counties there are."""
    return len(counties) or 15


@pytest.fixture
def ledger(replayed):
    database = open_database(replayed.ledger_url)
    with reading(database) as session:
        yield session
    database.dispose()


def outcome(ledger, deliverable, stage, county):
    return ledger.get_one(OccurrenceRow, f"{deliverable}/{CYCLE}/{stage}/{county}").outcome


def run_states(ledger, deliverable, stage, county):
    key = f"{deliverable}/{CYCLE}/{stage}/{county}"
    query = select(RunRow.state).where(RunRow.occurrence_key == key).order_by(RunRow.number)
    return list(ledger.scalars(query))


def test_every_county_without_trouble_imports_and_delivers_once(ledger, counties):
    there = set(ledger.scalars(select(OccurrenceRow.scope))) - {NATIONAL}
    assert there == set(counties) or (not counties and len(there) == 15)
    for county in there - STORIES.keys():
        assert run_states(ledger, IMPORT, "only", county) == ["done"], county
        assert run_states(ledger, DELIVERY, "first", county) == ["done"], county


def test_a_cut_off_file_is_refused_and_the_next_one_loads(ledger):
    assert run_states(ledger, IMPORT, "only", "39") == ["refused", "done"]
    assert outcome(ledger, DELIVERY, "first", "39") == "done"


def test_faults_corrected_in_time_deliver_on_time(ledger):
    assert run_states(ledger, IMPORT, "only", "34") == ["done", "done"]
    row = ledger.get_one(OccurrenceRow, f"{DELIVERY}/{CYCLE}/first/34")
    assert row.outcome_at.date() == row.due == date(2026, 10, 23)


def test_a_refused_delivery_leaves_by_itself_when_its_import_is_mended(ledger):
    assert run_states(ledger, DELIVERY, "first", "18") == ["refused", "done"]
    row = ledger.get_one(OccurrenceRow, f"{DELIVERY}/{CYCLE}/first/18")
    assert row.outcome_at.date() == date(2026, 10, 27) > row.due


def test_open_errors_keep_a_delivery_back_with_rules_and_lines(ledger):
    assert run_states(ledger, DELIVERY, "first", "55") == ["refused"]
    reasons = " ".join(ledger.get_one(RunRow, f"{DELIVERY}/{CYCLE}/first/55#1").reasons)
    for words in ("CR-DUP-01", "CR-DATE-01", "CR-KODE-05", "linje"):
        assert words in reasons


def test_without_a_file_nothing_after_it_starts(ledger):
    assert run_states(ledger, IMPORT, "only", "56") == []
    assert run_states(ledger, DELIVERY, "first", "56") == []


def test_every_waiver_says_who_and_why(ledger):
    waived = ledger.scalars(select(DecisionRow).where(DecisionRow.action == "waive")).all()
    assert {row.occurrence_key.split("/")[0] for row in waived} == {
        "fag-udirformidling-mnd",
        "ot-overforing-elevkurs",
        "stat-ssbresultat-endelig",
        "stat-ist-udir-videresending",
    }
    assert all(row.actor == "demo" and row.reason for row in waived)


@pytest.mark.parametrize("row", ["programomrader-sep", "telling-okt", "slutt-start-nov"])
def test_the_private_schools_of_the_country_come_from_one_sender(ledger, row):
    assert run_states(ledger, f"skole-priv-{row}", "only", "national") == ["done"]
    with_private = select(Elevkurs.fylkesnummer).join(
        School, School.skolenummer == Elevkurs.skolenummer
    )
    placed = ledger.scalars(with_private.where(School.eierform == "privat"))
    assert len(set(placed)) == 15


def test_what_came_of_the_counties_files_is_signed_for_as_passed_on(ledger):
    row = "stat-ist-udir-videresending"
    assert [outcome(ledger, row, turn, "national") for turn in "123"] == ["waived", "done", None]
    words = ledger.scalars(select(DecisionRow).where(DecisionRow.action == "forwarded")).all()
    (contents,) = (word.detail["contents"] for word in words)
    assert {ledger.get_one(OccurrenceRow, key).outcome for key in contents} == {"done"}


def test_the_admissions_of_september_are_loaded_before_the_count_of_october(ledger):
    assert run_states(ledger, "skole-off-ajourhold-sep", "only", "46") == ["done"]
    assert outcome(ledger, "skole-off-sluttere-startere", "1", "46") == "nothing"


def test_every_receipt_answers_a_run_that_is_done(ledger):
    done = set(ledger.scalars(select(RunRow.id).where(RunRow.state == "done")))
    assert set(ledger.scalars(select(ReceiptRow.run_id))) == done


def test_the_outbox_holds_each_delivery_once_with_its_manifest(replayed, number):
    manifests = sorted((replayed.data_dir / "outbox" / "ssb").glob("*/manifest.json"))
    stages = Counter(path.parent.name.split("_")[2] for path in manifests)
    sent = number - len(SILENT)
    assert stages == {"first": sent, "final": sent}
    for path in manifests:
        content = json.loads(path.read_text(encoding="utf-8"))
        assert content["telledato"] == "2026-10-01"
        assert all((path.parent / file["name"]).exists() for file in content["filer"])


def test_no_rehearsal_of_the_autumn_failed(ledger):
    assert set(ledger.scalars(select(RehearsalRow.state))) == {"passed"}


def test_few_runs_were_refused_and_each_belongs_to_a_countys_story(ledger):
    refused = ledger.scalars(select(RunRow.occurrence_key).where(RunRow.state == "refused"))
    assert Counter(key.split("/")[0] for key in refused) == {IMPORT: 1, DELIVERY: 2}


def test_every_county_has_its_feed(replayed, number):
    names = {path.name for path in replayed.feed_dir.glob("*.ics")}
    assert {"alle.ics", "03.ics", "46.ics", "56.ics"} <= names
    assert len(names) == number + 1


def test_one_deadline_is_moved_and_every_county_is_told_once(ledger):
    _first, second = ledger.scalars(select(CalendarVersion).order_by(CalendarVersion.number))
    assert (second.published_by, second.why) == (PUBLISHER, WHY)
    moved = list(ledger.scalars(select(ChangeRow).where(ChangeRow.version == second.number)))
    assert {row.kind for row in moved} == {"moved"}
    assert {row.occurrence_key.split("/")[0] for row in moved} == {"skole-off-termin1-feb"}
    notices = list(ledger.scalars(select(NoticeRow)))
    assert sorted(notice.scope for notice in notices) == sorted({row.scope for row in notices})
    assert {(notice.version, notice.role) for notice in notices} == {(second.number, "fylke-skole")}
    unanswered = {notice.scope for notice in notices if notice.acknowledged_at is None}
    assert unanswered == {"39", "55", "56"}
    assert {notice.level for notice in notices if notice.scope in unanswered} == {4}
    answered = {notice.acknowledged_by for notice in notices if notice.scope not in unanswered}
    assert answered == {ANSWERS}


def test_the_mails_of_the_autumn_can_be_read(replayed, ledger):
    sent = ledger.scalars(select(MessageRow).where(MessageRow.state == "sent")).all()
    assert {message.kind for message in sent} >= {"notice", "escalation", "digest", "reminder"}
    mails = sorted((replayed.mail_folder).glob("**/*.eml"))
    assert len(mails) == len(sent)
    assert b"skole-off-termin1-feb" in b"".join(mail.read_bytes() for mail in mails)


@pytest.mark.parametrize(
    ("deliverable", "stage", "expected"),
    [
        ("vok-inschool-aug", "only", "done"),
        ("inn-sokere-vigo-host", "1", "done"),
        ("inn-sokere-vigo-host", "2", "nothing"),
        ("fag-kontrakter-vigo", "1", "done"),
        ("fag-kontrakter-vigo", "2", "nothing"),
    ],
)
def test_adults_applicants_and_contracts_come_in_too(ledger, deliverable, stage, expected):
    assert outcome(ledger, deliverable, stage, "46") == expected


def test_a_county_that_delivers_no_adults_is_late_with_them(ledger):
    assert outcome(ledger, "vok-inschool-aug", "only", "56") is None
