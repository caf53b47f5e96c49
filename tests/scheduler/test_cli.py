"""The command line: help everywhere, readable faults, right exit codes."""

import json
import subprocess
import sys
from datetime import UTC, datetime

import click
import pytest
from sqlalchemy.orm import Session

from scheduler.cli import COMMANDS, cli
from scheduler.ledger import runs as ledger
from scheduler.ledger.database import open_database
from scheduler.ledger.tables import OccurrenceRow
from scheduler.settings import settings
from tests.scheduler.live import this_cycle


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_every_command_explains_itself_within_eighty_columns(run, command):
    result = run(command, "--help")
    assert result.exit_code == 0
    assert "Usage:" in result.output
    assert max(len(line) for line in result.output.splitlines()) <= 80


def listed(group):
    """What the help of a group says of its commands."""
    formatter = click.HelpFormatter(width=80)
    group.format_commands(click.Context(group), formatter)
    return formatter.getvalue()


@pytest.mark.parametrize("name", ["", "calendar"])
def test_the_list_says_of_each_command_what_the_command_says(name):
    group = cli.get_command(click.Context(cli), name) if name else cli
    names = group.list_commands(click.Context(group))
    imported = {each: group.get_command(click.Context(group), each) for each in names}
    assert listed(group) == listed(click.Group(commands=imported))


def test_the_list_imports_no_command():
    code = "import sys; from scheduler.cli import cli; cli(['--help'], standalone_mode=False)"
    code += "; assert not [name for name in sys.modules if name.startswith('scheduler.cli.')]"
    subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)


def test_an_unknown_command_is_wrong_usage(run):
    assert run("finnes-ikke").exit_code == 2


def test_a_missing_database_is_one_readable_line(run):
    result = run("runs")
    assert result.exit_code == 1
    assert "aarshjul db upgrade" in result.output
    assert "Traceback" not in result.output


def test_plan_then_show_explains_an_occurrence(run):
    assert run("plan").exit_code == 0
    again = run("plan")
    assert "Nye: 0, endret: 0, trukket: 0" in again.output
    cycle = this_cycle()
    shown = run("show", f"stat-ssbelev-l1/{cycle}/first/46")
    assert shown.exit_code == 0
    assert "Hvorfor denne datoen" in shown.output


@pytest.mark.usefixtures("planned")
def test_an_unknown_key_is_named(run):
    result = run("show", "finnes-ikke/2026-2027/only/46")
    assert result.exit_code == 1
    assert "finnes-ikke" in result.output


@pytest.mark.usefixtures("planned")
def test_a_waiver_needs_a_reason_and_holds_once(run):
    key = f"stat-ssbelev-l1/{this_cycle()}/first/46"
    assert run("waive", key).exit_code == 2
    assert run("waive", key, "--why", "Sammenslått").exit_code == 0
    assert "alt avsluttet" in run("waive", key, "--why", "igjen").output


@pytest.mark.usefixtures("planned")
def test_a_waiver_can_be_taken_back_and_both_are_on_record(run):
    key = f"stat-ssbelev-l1/{this_cycle()}/first/46"
    assert "ikke fritatt" in run("waive", key, "--undo", "--why", "feil").output
    run("waive", key, "--why", "Sammenslått")
    assert run("waive", key, "--undo", "--why", "Feil fylke").exit_code == 0
    shown = run("show", key).output
    for words in ("Sammenslått", "Feil fylke"):
        assert words in shown


@pytest.mark.usefixtures("planned")
def test_a_run_cannot_be_ordered_before_its_predecessors(run):
    result = run("run", f"stat-ssbelev-l1/{this_cycle()}/first/46", "--why", "test")
    assert result.exit_code == 1
    assert "venter på" in result.output


@pytest.mark.usefixtures("planned")
def test_an_empty_reason_is_wrong_usage_for_every_order(run):
    key = f"stat-ssbelev-l1/{this_cycle()}/first/46"
    for command in ("run", "waive"):
        result = run(command, key, "--why", " ")
        assert result.exit_code == 2
        assert "Begrunnelsen kan ikke være tom." in result.output


@pytest.mark.usefixtures("planned")
def test_runs_are_listed_by_a_state_there_is_and_a_number_that_counts(run):
    assert run("runs", "--state", "refused", "--limit", "1").exit_code == 0
    assert run("runs", "--state", "stoppet").exit_code == 2
    assert run("runs", "--limit", "0").exit_code == 2


@pytest.fixture
def with_history(run, planned):
    """An occurrence with a refused run, a delivery and its receipt, and a decision."""
    key = f"stat-ssbelev-l1/{this_cycle()}/first/46"
    database = open_database(settings().ledger_url)
    with Session(database) as session, session.begin():
        row = ledger.occurrence_row(session, key)
        at = datetime(2026, 10, 23, 4, 0, tzinfo=UTC)
        first = ledger.request_run(session, row, 1, "deliver-ssbelev", {}, "fristen er nådd", at)
        reasons = [f"Linje {n}: {'et ganske langt ord ' * 6}" for n in range(7)]
        ledger.settle_undone(session, first.id, "refused", reasons, at)
        second = ledger.request_run(session, row, 2, "deliver-ssbelev", {}, "kari", at)
        files = [{"fil": "ssbElev_46.csv", "rader": 812, "sha256": "9f2c" * 16}]
        receipt = {"kind": "outbox", "receiver": "ssb", "reference": "kv-0001"}
        ledger.settle_done(session, second.id, receipt | {"detail": {"filer": files}}, at)
        ledger.decide(session, "kari", "run", key, "Filen er rettet.", at)
    database.dispose()
    return key


def test_an_occurrence_is_shown_in_norwegian_and_eighty_columns(run, with_history):
    shown = run("show", with_history).output
    assert max(map(len, shown.splitlines())) <= 80
    assert "…" not in shown
    assert not set("{}[]") & set(shown)
    for line in (
        "Utfall            levert 23.10.2026 kl. 06.00",
        "  Kjøring 1: stoppet",
        "    bestilt 23.10.2026 kl. 06.00 (fristen er nådd)",
        "    og 4 til",
        "  Fra ssb, 23.10.2026 kl. 06.00",
        "      fil ssbElev_46.csv, rader 812, sha256",
        "  23.10.2026 kl. 06.00: Startet for hånd, kari",
    ):
        assert line in shown.splitlines()
    assert shown.count("Linje ") == 3


def test_an_occurrence_as_json_holds_everything(run, with_history):
    found = json.loads(run("show", with_history, "--format", "json").output)
    assert len(found["runs"][0]["reasons"]) == 7
    assert found["receipts"][0]["filer"][0]["rader"] == 812


def test_a_control_report_cuts_no_word_in_eighty_columns(run, tmp_path):
    run("synth", "--school-year", "2026-2027", "--county", "46", "--defects", "--out", tmp_path)
    (extract,) = tmp_path.rglob("telling-okt_46_*.txt")
    result = run("quality", extract)
    assert result.exit_code == 1
    assert max(map(len, result.output.splitlines())) <= 80
    assert "…" not in result.output
    assert "programomradekode" in result.output
    assert "Fødselsnummeret kan ikke brukes: kontrollsifrene stemmer ikke." in result.output


@pytest.mark.parametrize(
    ("kind", "held"),
    [("voksen", "voksensøknader 40"), ("soker", "søkere 250"), ("fagopplaring", "kontrakter 67")],
)
def test_a_file_of_each_kind_is_written_and_known_by_its_lines(run, tmp_path, kind, held):
    words = ("synth", "--school-year", "2026-2027", "--county", "46", "--out", tmp_path)
    run(*words, "--kind", kind)
    (extract,) = tmp_path.rglob(f"{kind}_46_*.txt")
    result = run("quality", extract)
    assert result.exit_code == 0
    assert held in result.output


@pytest.mark.usefixtures("planned")
def test_verify_says_that_all_matches_or_what_does_not(run):
    run("pause", "--why", "ingenting skal være bestilt, hvilken dag prøven enn går")
    good = run("verify")
    assert good.exit_code == 0, good.output
    assert good.output.startswith("Holdt ")
    assert good.output.endswith("Alt stemmer.\n")
    database = open_database(settings().ledger_url)
    key = f"ot-data-1115/{this_cycle()}/only/46"
    with Session(database) as session, session.begin():
        session.get_one(OccurrenceRow, key).outcome = "done"
    database.dispose()
    bad = run("verify")
    assert bad.exit_code == 1
    assert bad.output.startswith(f"{key}\n    Fristen står som levert uten kvittering.")
    assert max(map(len, bad.output.splitlines())) <= 80
    found = json.loads(run("verify", "--format", "json").output)
    assert [(each["sort"], each["key"]) for each in found["findings"]] == [("unproven", key)]
