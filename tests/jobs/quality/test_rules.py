"""Every control rule, by its own examples: the broken one is found, the mended one passes."""

from dataclasses import replace

import polars as pl
import pytest

from jobs.imports.layout import frame_columns, line_types
from jobs.quality.derived import VOCABULARY
from jobs.quality.derived.completion import COUNTS
from jobs.quality.engine import violations
from jobs.quality.rules import Rule, Severity, _check_columns, load_rules, undecided
from tests.jobs.quality.pupils import CORRECT, EXPECTED, broken, controlled

RULES = load_rules()
REQUIRED = {
    "CR-FNR-01",
    "CR-DUP-01",
    "CR-KODE-02",
    "CR-KODE-05",
    "CR-STAT-01",
    "CR-DATE-01",
    "CR-DATE-02",
}


def occasion(rule):
    """One that the rule counts on."""
    return "telling" if rule.severity("telling") else next(iter(rule.alvor))


def on_its_occasion(path, rule, edits):
    return controlled(path, edits, replace(EXPECTED, occasion=occasion(rule)))


WITH_EXAMPLE = [rule for rule in RULES if rule.eksempel]
# The rule about groups has its examples in test_spread.py.
TRIED = {rule.id for rule in WITH_EXAMPLE} | {"CR-FULL-05"}
# What an import or a delivery is asked on: telling and slutt also as a delivery's stages.
OCCASIONS = (
    *("telling", "termin", "slutt", "fagopplaring", "soker", "voksen"),
    *("telling.forelopig", "telling.endelig", "slutt.forelopig", "slutt.endelig"),
)
each_rule = pytest.mark.parametrize("rule", WITH_EXAMPLE, ids=lambda rule: rule.id)


@each_rule
def test_a_rules_broken_example_breaks_that_rule_and_no_other(rule, tmp_path):
    outcome = on_its_occasion(tmp_path / "file.txt", rule, rule.eksempel.brudd)
    assert {found for found, _ in broken(outcome)} == {rule.id}


@each_rule
def test_a_rules_mended_example_breaks_nothing(rule, tmp_path):
    outcome = on_its_occasion(tmp_path / "file.txt", rule, rule.eksempel.gyldig)
    assert broken(outcome) == set()


@pytest.mark.parametrize(
    "rule", [rule for rule in WITH_EXAMPLE if set(rule.alvor) != {"alle"}], ids=lambda rule: rule.id
)
def test_a_rule_of_some_occasions_weighs_what_it_says_there_and_is_silent_elsewhere(rule, tmp_path):
    for occasion in OCCASIONS:
        expected = replace(EXPECTED, occasion=occasion)
        outcome = controlled(tmp_path / "file.txt", rule.eksempel.brudd, expected)
        found = set(outcome.violations.filter(regel=rule.id)["alvor"])
        said = {rule.alvor.get(occasion) or rule.alvor.get(occasion.partition(".")[0])}
        assert found == {each.value for each in said if each}, occasion


@each_rule
def test_an_error_sets_the_pupil_aside_whole_and_anything_less_loads(rule, tmp_path):
    outcome = on_its_occasion(tmp_path / "file.txt", rule, rule.eksempel.brudd)
    is_error = rule.severity(occasion(rule)) is Severity.ERROR
    assert outcome.quarantined.is_empty() is not is_error
    loaded = sum(frame.height for frame in outcome.frames.values())
    kept = outcome.rows - outcome.quarantined.height
    assert loaded == (kept if is_error else outcome.rows)
    assert loaded < outcome.rows or not is_error


@each_rule
def test_a_rule_says_what_is_wrong_and_what_to_do_without_the_number(rule, tmp_path):
    outcome = on_its_occasion(tmp_path / "file.txt", rule, rule.eksempel.brudd)
    row = outcome.violations.row(0, named=True)
    assert row["forklaring"].startswith(rule.setning)
    frames = {kind: frame for frame, kind in line_types().items()}
    assert row["felt"] in frame_columns(frames[row["linjetype"]])
    assert rule.tiltak.endswith(".")
    assert "1583065" not in outcome.violations.write_csv()


def test_the_rules_of_the_issue_are_errors_at_the_october_count():
    errors = {rule.id for rule in RULES if rule.severity("telling") is Severity.ERROR}
    assert errors >= REQUIRED


def test_only_the_rule_about_groups_has_its_example_elsewhere():
    assert [rule.id for rule in RULES if not rule.eksempel] == ["CR-FULL-05"]  # test_spread.py


def test_rule_ids_are_unique_and_tell_published_rules_from_our_own():
    ids = [rule.id for rule in RULES]
    assert len(ids) == len(set(ids))
    assert all(rule.evidens == "I" for rule in RULES if rule.id.startswith("EGEN-"))


def test_a_predicate_may_only_use_columns_that_are_documented():
    stray = Rule(
        "X-1",
        "t",
        "s",
        "t",
        "I",
        {"telling": Severity.WARN},
        {"kurs": "ukjent > 1"},
        RULES[0].eksempel,
    )
    with pytest.raises(ValueError, match="ukjent"):
        _check_columns(stray, "kurs")


def test_every_documented_column_is_really_there(tmp_path, monkeypatch):
    seen = {}
    monkeypatch.setattr(
        "jobs.imports.control.violations", lambda f, o: seen.update(f) or violations(f, o)
    )
    expected = replace(EXPECTED, last_year=pl.DataFrame(schema=COUNTS))
    for lines in CORRECT.values():
        controlled(tmp_path / "file.txt", {kind: {} for kind in lines}, expected)
    for frame, columns in VOCABULARY.items():
        assert set(columns) <= set(seen[frame].columns)


def test_what_cannot_be_decided_is_no_violation():
    rule = next(rule for rule in RULES if rule.id == "CR-KODE-02")
    lines = pl.DataFrame(
        {"programomradekode": [None, "KORT"]}, schema={"programomradekode": pl.String}
    )
    assert lines.select(rule.predicate("kurs")).to_series().to_list() == [False, True]


def test_no_rule_is_both_controlled_and_said_not_to_be():
    assert not {rule.id for rule in RULES} & {rule.id for rule in undecided()}
