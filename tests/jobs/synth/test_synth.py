"""Synthetic extracts: the same bytes every time, correct unless asked not to be, nobody real."""

import hashlib
import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner

from jobs.codelists import codes, schools
from jobs.identity import Kind, kind_expression
from jobs.imports.control import Expected, control
from jobs.imports.expected import NATIONAL
from jobs.imports.layout import load_layout
from jobs.quality.derived import WHOLE_FILE
from jobs.quality.rules import Severity, load_rules
from jobs.synth import DEFECTS, counties, write_extract, write_private, write_year_end
from jobs.synth.draw import Draw
from scheduler.cli.data import quality, synth
from tests.jobs.quality.pupils import broken

CYCLE = "2026-2027"
GOLDEN = Path(__file__).with_name("telling-okt_56_2026-2027.txt")


def written(folder, county="56", **options):
    """A small extract, controlled: (what was sown, the outcome)."""
    path = folder / "extract.txt"
    sown = write_extract(path, county, CYCLE, **options)
    return sown, control(path, Expected(county, "20262027"))


def test_a_small_extract_has_the_golden_bytes(tmp_path):
    path = tmp_path / "extract.txt"
    write_extract(path, "56", CYCLE, seed=1)
    assert path.read_bytes() == GOLDEN.read_bytes()


def numbers_in(path):
    """The identity numbers of a file's pupils."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return {line.split(";")[1] for line in lines if line.startswith("$EL")}


def test_the_private_schools_of_the_country_are_one_correct_file_of_other_people(tmp_path):
    path, public = tmp_path / "privat.txt", tmp_path / "offentlig.txt"
    lines = write_private(path, CYCLE)
    private = schools().filter(pl.col("eierform") == "privat")
    found = control(path, Expected(NATIONAL, "20262027", private))
    assert found.frames["elev"].height > len(counties())
    assert found.violations.rows() == []
    assert lines == len(path.read_text(encoding="utf-8").splitlines()) - 1
    assert set(found.frames["kurs"]["skolenummer"]) <= set(private["skolenummer"])
    for county in counties():
        write_extract(public, county, CYCLE)
        assert not numbers_in(path) & numbers_in(public)


def test_the_command_writes_one_file_of_all_private_schools(tmp_path):
    asked = ["--school-year", CYCLE, "--out", str(tmp_path), "--kind", "privat"]
    said = CliRunner().invoke(synth, asked)
    assert said.exit_code == 0, said.output
    (file,) = (tmp_path / "skole-priv-telling-okt").iterdir()
    assert file.name == "telling-okt_privat_2026-2027.txt"
    refused = CliRunner().invoke(synth, [*asked, "--county", "46"])
    assert "én fil fra hele landet" in refused.output


def test_another_process_with_another_hash_seed_writes_the_same_bytes(tmp_path):
    here, there = tmp_path / "here.txt", tmp_path / "there.txt"
    write_extract(here, "46", CYCLE, seed=9, defects=DEFECTS)
    call = f"from pathlib import Path; from jobs.synth import *; write_extract(Path({str(there)!r}), '46', '{CYCLE}', seed=9, defects=DEFECTS)"
    environment = {**os.environ, "PYTHONHASHSEED": "4711"}
    subprocess.run([sys.executable, "-c", call], check=True, env=environment)
    assert there.read_bytes() == here.read_bytes()


def test_another_seed_county_or_year_gives_another_file(tmp_path):
    variants = [("56", CYCLE, 1), ("56", CYCLE, 2), ("55", CYCLE, 1), ("56", "2025-2026", 1)]
    digests = set()
    for county, cycle, seed in variants:
        path = tmp_path / "extract.txt"
        write_extract(path, county, cycle, seed=seed)
        digests.add(hashlib.sha256(path.read_bytes()).hexdigest())
    assert len(digests) == len(variants)


@pytest.fixture(scope="module")
def country(tmp_path_factory):
    """A small plain extract of every county, controlled, by county."""
    folder = tmp_path_factory.mktemp("country")
    return {county: written(folder, county)[1] for county in counties()}


def exchange_pupils(outcome):
    """Nothing is wrong with them, but the report lists them."""
    courses = outcome.frames["kurs"].filter(elevstatus="U")
    return {("CR-STAT-04", line) for line in courses["linje"]}


def test_a_plain_extract_breaks_no_rule(country):
    assert {county: broken(outcome) for county, outcome in country.items()} == {
        county: exchange_pupils(outcome) for county, outcome in country.items()
    }


def test_every_defect_is_found_at_its_line_and_nothing_else_is(tmp_path):
    for seed in range(1, 4):
        sown, outcome = written(tmp_path, "46", seed=seed, defects=DEFECTS)
        assert broken(outcome) == {
            (defect.regel, defect.linje) for defect in sown
        } | exchange_pupils(outcome)


SCHOOL_FRAMES = ("elev", "kurs", "fag", WHOLE_FILE)
COUNTING = [  # the extract is October's
    rule
    for rule in load_rules()
    if rule.severity("telling") and any(rule.reads(frame) for frame in SCHOOL_FRAMES)
]


@pytest.mark.parametrize("rule", COUNTING, ids=lambda rule: rule.id)
def test_there_is_a_defect_for_every_rule_and_it_breaks_that_rule_alone(tmp_path, rule):
    sown, outcome = written(tmp_path, defects=[rule.id])
    assert sown
    assert broken(outcome) == {(rule.id, defect.linje) for defect in sown}
    assert outcome.quarantined.is_empty() == (rule.severity("telling") != Severity.ERROR.value)


def test_the_older_layout_can_be_written_too(tmp_path):
    path = tmp_path / "extract.txt"
    older = load_layout("eldre")
    write_extract(path, "46", CYCLE, layout=older)
    outcome = control(path, Expected("46", "20262027"), older)
    assert outcome.frames["elev"].height > 200


def test_an_unknown_defect_is_refused(tmp_path):
    with pytest.raises(ValueError, match="CR-FINNES-IKKE"):
        written(tmp_path, defects=["CR-FINNES-IKKE"])


def test_all_numbers_are_synthetic_and_no_two_counties_share_one(country):
    numbers = pl.concat(outcome.frames["elev"]["fodselsnummer"] for outcome in country.values())
    assert numbers.is_unique().all()
    kinds = numbers.to_frame().select(kind_expression("fodselsnummer", date(2026, 10, 5)))
    assert set(kinds.to_series()) == {Kind.SYNTHETIC_80.value}


def test_a_small_extract_is_about_one_pupil_in_a_hundred(country):
    oslo = country["03"]
    assert 170 <= oslo.frames["elev"].height <= 210
    assert 8 <= oslo.frames["fag"].height / oslo.frames["kurs"].height <= 12
    assert set(oslo.frames["kurs"]["programomradekode"]) <= set(codes("programomradekode"))
    assert oslo.frames["kurs"]["elevstatus"].value_counts().sort("count")["elevstatus"][-1] == "E"


def test_draws_are_evenly_spread():
    rows = pl.DataFrame({"nr": range(20_000)})
    counts = rows.select(x=Draw("1").below(10, "stream")).group_by("x").len()["len"]
    assert counts.len() == 10
    assert 1_800 <= counts.min() <= counts.max() <= 2_200


def test_weights_hold():
    rows = pl.DataFrame({"nr": range(20_000)})
    drawn = rows.select(x=Draw("1").weighted({"A": 9, "B": 1}, "stream"))["x"]
    assert 0.88 <= (drawn == "A").mean() <= 0.92


def run(command, *arguments):
    return CliRunner().invoke(command, [str(argument) for argument in arguments])


def test_the_command_writes_a_file_per_county_with_the_answers_beside_it(tmp_path):
    chosen = ("--county", "56", "--county", "55")
    done = run(synth, "--school-year", CYCLE, "--out", tmp_path, "--defects", *chosen)
    assert done.exit_code == 0, done.output
    folder = tmp_path / "skole-off-telling-okt"
    assert sorted(path.name for path in folder.glob("*.txt")) == [
        "telling-okt_55_2026-2027.txt",
        "telling-okt_56_2026-2027.txt",
    ]
    answers = json.loads((folder / "telling-okt_56_2026-2027.defects.json").read_text())
    assert {answer["regel"] for answer in answers} == set(DEFECTS)


def test_the_quality_report_ends_with_1_on_errors_and_0_without(tmp_path):
    path = tmp_path / "extract.txt"
    write_extract(path, "56", CYCLE)
    assert run(quality, path).exit_code == 0
    write_extract(path, "56", CYCLE, defects=["CR-DATE-09"])
    assert run(quality, path).exit_code == 0
    write_extract(path, "56", CYCLE, defects=["CR-DUP-01"])
    found = run(quality, path)
    assert found.exit_code == 1
    assert "CR-DUP-01" in found.output


def test_the_quality_report_as_json_names_lines_and_remedies(tmp_path):
    path = tmp_path / "extract.txt"
    sown = write_extract(path, "56", CYCLE, defects=["CR-DUP-01"])
    report = json.loads(run(quality, path, "--format", "json").output)
    assert {row["linje"] for row in report["brudd"]} == {defect.linje for defect in sown}
    assert set(report["tiltak"]) == {"CR-DUP-01"}


def test_the_quality_report_of_a_refused_file_names_file_and_line(tmp_path):
    path = tmp_path / "extract.txt"
    write_extract(path, "56", CYCLE)
    path.write_bytes(path.read_bytes()[:-30])
    refused = run(quality, path)
    assert refused.exit_code == 1
    assert "extract.txt, linje " in refused.stderr
    assert "avkortet" in refused.stderr


def test_a_file_of_another_county_than_said_is_refused(tmp_path):
    path = tmp_path / "extract.txt"
    write_extract(path, "56", CYCLE)
    assert "fylke 46" in run(quality, path, "--county", "46").stderr


@pytest.mark.parametrize("year", ["2026", "2026-2028", "26-27"])
def test_a_school_year_in_another_form_is_wrong_usage(tmp_path, year):
    wrong = run(synth, "--school-year", year, "--out", tmp_path)
    assert wrong.exit_code == 2
    assert "2026-2027" in wrong.output


def test_a_june_extract_carries_the_defects_that_were_asked_for_and_else_none(tmp_path):
    path, found = tmp_path / "june.txt", {}
    for defects in ((), ("CR-DUP-01", "CR-DATE-01", "CR-KODE-05")):
        write_year_end(path, "56", CYCLE, defects=defects)
        outcome = control(path, Expected("56", "20262027", occasion="slutt"))
        errors = outcome.violations.filter(pl.col("alvor") == Severity.ERROR.value)
        found[defects] = set(errors["regel"])
    assert [set(asked) for asked in found] == list(found.values())
