"""Steering from the command line: pauses and deeds, with a reason and in readable words."""

import json
from datetime import UTC, datetime

import pytest
from sqlalchemy.orm import Session

from scheduler.ledger.database import open_database
from scheduler.ledger.take_overs import TakeOverRow
from tests.scheduler.live import this_cycle


@pytest.mark.usefixtures("planned")
def test_a_pause_is_set_listed_and_ended(run):
    assert "Ingenting er på pause." in run("pauses").output
    begun = run("pause", "--county", "46", "--until", "2126-12-03", "--why", "Flytter")
    assert "Pause 1: Vestland er på pause til 3. desember 2126: Flytter" in begun.output
    (listed,) = json.loads(run("pauses", "--format", "json").output)
    assert (listed["county"], listed["holds"], listed["why"]) == ("46", True, "Flytter")
    assert "Pause 1 er avsluttet." in run("resume", "1", "--why", "Ferdig").output
    assert "Ingenting er på pause." in run("pauses").output
    everything = run("pauses", "--all").output
    assert "Avsluttet" in everything
    assert "Ferdig" in everything


@pytest.mark.usefixtures("planned")
@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("pause",), 2, "--why"),
        (("pause", "--why", " "), 2, "Begrunnelsen kan ikke være tom."),
        (("pause", "--until", "i morgen", "--why", "x"), 2, "er ikke en dato"),
        (("pause", "--until", "2020-01-01", "--why", "x"), 1, "er ikke en dag som kommer"),
        (("pause", "--county", "45", "--why", "x"), 1, "er ikke et fylkesnummer"),
        (("resume", "7", "--why", "x"), 1, "Fant ingen pause 7."),
    ],
)
def test_what_cannot_be_paused_is_one_readable_line(run, words, code, said):
    result = run(*words)
    assert result.exit_code == code
    assert said in result.output


@pytest.mark.usefixtures("planned")
def test_the_inbox_says_that_nothing_waits_or_what_does(run):
    shown = run("inbox")
    assert shown.exit_code == 0
    listed = json.loads(run("inbox", "--format", "json").output)
    assert all(matter["sentence"] in " ".join(shown.output.split()) for matter in listed)
    assert listed or "Ingenting venter på et menneske." in shown.output


@pytest.mark.usefixtures("planned")
def test_a_deed_that_cannot_be_done_is_one_readable_line(run):
    key = f"stat-ssbelev-l1/{this_cycle()}/first/46"
    passing = f"stat-ist-udir-videresending/{this_cycle()}/2/national"
    sha256 = ("--sha256", "0" * 64)
    for words, said in (
        (("forwarded", passing, *sha256), "Ingen levering er kvittert"),
        (("forwarded", key, *sha256), "er ikke en videresending"),
        (("cancel", key), "ingen kjøring som er i gang"),
        (("retry", key), "feilet eller ble avbrutt"),
        (("run", key, "--approve", "0" * 64), "Ingenting er holdt tilbake"),
        (("resolve", key, "--again", "--sha256", "0" * 64), "er uviss"),
        (("resolve", key, "--received", "SSB-7", "--sha256", "0" * 64), "er uviss"),
        (("cancel", "tull"), "Fant ingen forekomst «tull»."),
    ):
        result = run(*words, "--why", "prøve")
        assert result.exit_code == 1
        assert said in result.output
    both = run("run", key, "--approve", "0" * 64, "--force", "--why", "prøve")
    assert both.exit_code == 2
    unread = run("forwarded", passing, *sha256, "--at", "i går", "--why", "prøve")
    assert (unread.exit_code, "er ikke et tidspunkt" in unread.output) == (2, True)


@pytest.mark.usefixtures("planned")
def test_a_forced_run_is_ordered_and_cancelled_and_both_are_on_record(run):
    key = f"stat-ssbelev-l1/{this_cycle()}/first/46"
    run("pause", "--county", "46", "--why", "Flytter")
    assert "på pause: Flytter" in run("run", key, "--force", "--why", "haster").output
    forced = run("run", key, "--force", "--over-pause", "--why", "haster")
    assert f"Bestilt: {key}#1" in forced.output
    assert f"Avbrytes: {key}#1" in run("cancel", key, "--why", "angret").output
    shown = run("show", key).output
    for words in ("Startet på tross", "haster", "Avbrutt", "angret"):
        assert words in shown


@pytest.mark.usefixtures("planned")
def test_a_run_that_was_taken_over_says_so(run, tmp_path):
    key = f"stat-ssbelev-l1/{this_cycle()}/first/46"
    run("run", key, "--force", "--why", "haster")
    assert "Overtatt" not in run("runs").output
    database = open_database(f"sqlite:///{tmp_path / 'aarshjul.db'}")
    died = TakeOverRow(run_id=f"{key}#1", at=datetime(2026, 11, 12, 9, tzinfo=UTC), step="send")
    died.left_by, died.taken_by = "node-1", "node-2"
    with Session(database) as session, session.begin():
        session.add(died)
    database.dispose()
    listed = run("runs").output
    assert "1 ×" in listed
    assert "i kø" in listed
    (listed,) = json.loads(run("runs", "--format", "json").output)
    assert listed["taken_over"] == 1
    shown = " ".join(run("show", key).output.split())
    assert "prosessen på node-1 døde" in shown
    assert "i steget «Sender filene»; gikk videre på node-2" in shown
