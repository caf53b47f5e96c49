"""`aarshjul calendar`, run as a person runs it."""

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from scheduler.cli import cli
from tests.scheduler.calendar.broken import BREAKS
from tests.scheduler.calendar.right import RIGHT

ROOT = Path(__file__).parents[2]
GOLDEN = Path(__file__).parent / "calendar" / "golden"


def run(*words, expect=0):
    result = CliRunner().invoke(cli, ["calendar", *map(str, words)])
    assert result.exit_code == expect, result.output
    return result


def lines(*words):
    return list(csv.DictReader(run("show", *words, "--format", "csv").stdout.splitlines()))


@pytest.mark.parametrize("year", ["2023-2024", "2026-2027"])
def test_a_school_year_is_as_its_golden_file(year):
    golden = (GOLDEN / f"{year}.csv").read_text(encoding="utf-8")
    assert run("show", "--school-year", year, "--format", "csv").stdout == golden


def test_check_counts_what_the_file_holds():
    text = run("check").stdout
    assert text.startswith("Årshjulet er i orden: 76 rader")
    assert "15 fylker" in text


def test_check_prints_every_fault_and_fails(tmp_path):
    text = RIGHT
    for kind in ("31 February", "unknown strength"):
        text = text.replace(*BREAKS[kind][:2], 1)
    file = tmp_path / "kalender.yaml"
    file.write_text(text, encoding="utf-8")
    shown = run("check", file, expect=1).stderr.splitlines()
    assert shown[0].startswith("kalender.yaml:30:17: 31. februar finnes ikke")
    assert shown[1].startswith("kalender.yaml:44:")
    assert shown[2] == "2 feil. Årshjulet kan ikke brukes."


def test_the_table_fits_80_columns():
    text = run("show", "--school-year", "2026-2027").stdout
    assert max(map(len, text.splitlines())) <= 80
    assert "23.10.2026  24.10.2026    01.10.2026  foreslått  stat-ssbelev-l1" in text
    assert "Sluttere og startere · alle fylker · den første av 43" in text


def test_a_confirmed_date_is_shown_as_confirmed():
    text = run("show", "--school-year", "2023-2024").stdout
    assert "22.09.2023  24.09.2023                bekreftet  stat-ssbresultat-endelig" in text


def test_one_county_has_its_own_rows_and_the_national_ones():
    scopes = {line["scope"] for line in lines("--school-year", "2026-2027", "--county", "46")}
    assert scopes == {"46", "national"}


def test_counties_that_differ_stand_apart(tmp_path):
    closed = "  - {name: Stengt, from: 15. oktober 2026, to: 15. oktober 2026, counties: ['42']}\n"
    file = tmp_path / "kalender.yaml"
    file.write_text(RIGHT.replace("empty_months:", f"{closed}empty_months:"), encoding="utf-8")
    found = lines("--school-year", "2026-2027", "--file", file)
    imports = {line["scope"]: line["due"] for line in found if line["deliverable"] == "en-import"}
    assert imports == {"42": "2026-10-14", "46": "2026-10-15"}


def test_an_area_shows_only_its_rows():
    found = {line["deliverable"] for line in lines("--school-year", "2026-2027", "--area", "ot")}
    assert "ot-data-1115" in found
    assert "stat-ssbelev-l1" not in found


def test_json_carries_the_derivation():
    shown = json.loads(run("show", "--school-year", "2026-2027", "--format", "json").stdout)
    first = next(line for line in shown if line["deliverable"] == "stat-ssbelev-l1")
    assert [step["kind"] for step in first["trace"]] == ["rule", "shift"]
    assert len(first["scope"]) == 15


def test_explain_tells_the_date_and_its_evidence():
    text = run("explain", "stat-ssbelev-l1", "--school-year", "2026-2027", "--county", "46").stdout
    assert "Frist fredag 23. oktober 2026 (2026-2027, 1. levering, Vestland)" in text
    assert "24. oktober er en lørdag; fristen flyttes til siste arbeidsdag før" in text
    assert "NV-KVAL: Novari: kvalitetssikring" in text


def test_explain_shows_one_stage_when_asked():
    text = run("explain", "fag-nor-register", "--school-year", "2026-2027", "--stage", "2").stdout
    assert text.count("Frist ") == 1
    assert "fredag 13. november 2026" in text


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("ot-data-0201", "Raden er ikke i bruk"),
        ("kode-regbok", "ingen utregnet frist: midten av mai, varierer."),
    ],
)
def test_explain_says_why_there_is_no_date(row, words):
    assert words in run("explain", row).stdout


@pytest.mark.parametrize(
    ("words", "advice"),
    [
        (["explain", "stat-ssbelev"], "Mente du «stat-ssbelev-l1»?"),
        (["explain", "stat-ssbelev-l1", "--county", "99"], "«99» er ikke et fylkesnummer"),
        (["explain", "stat-ssbelev-l1", "--stage", "fisrt"], "Mente du «first»?"),
        (["show", "--area", "skoel"], "Mente du «skole»?"),
        (["show", "--school-year", "2026"], "Skriv for eksempel 2026-2027."),
        (["show", "--format", "xml"], "'xml' is not one of"),
    ],
)
def test_wrong_words_get_advice_and_exit_code_2(words, advice):
    assert advice in run(*words, expect=2).stderr


def test_a_missing_file_is_one_readable_line(tmp_path):
    assert "Filen kan ikke leses" in run("show", "--file", tmp_path / "borte.yaml", expect=1).stderr


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("check", "Kontroller årshjulet"),
        ("show", "Vis fristene"),
        ("explain", "Forklar hvordan"),
        ("schema", "JSON Schema"),
        ("docs", "oppslagssiden"),
    ],
)
def test_every_command_says_what_it_does(command, words):
    assert words in run(command, "--help").stdout


def test_schema_and_docs_write_the_committed_files(tmp_path):
    run("schema", "--out", tmp_path / "schema.json")
    run("docs", "--out", tmp_path / "reference.md")
    schema = (ROOT / "calendar.schema.json").read_bytes()
    page = (ROOT / "docs" / "calendar-reference.md").read_bytes()
    assert (tmp_path / "schema.json").read_bytes() == schema
    assert (tmp_path / "reference.md").read_bytes() == page
