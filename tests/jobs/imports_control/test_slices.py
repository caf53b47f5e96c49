"""Control in slices: the same result as of the whole, whatever the order and wherever it is cut."""

import hashlib
import random
from dataclasses import replace

import polars as pl
import pytest

from jobs.imports.control import FileFault, control, control_slices
from jobs.imports.expected import NATIONAL, Expected
from jobs.imports.layout import load_layout
from jobs.synth import DEFECTS, write_extract, write_national
from tests.jobs.quality.pupils import EXPECTED, broken, extract

BLOCK = 20_000
FRAMES = ("elev", "kurs", "fag")


@pytest.fixture
def small_blocks(monkeypatch):
    monkeypatch.setattr("jobs.imports.spans.BLOCK", BLOCK)


@pytest.fixture
def sown(tmp_path):
    """A small extract with every defect."""
    path = tmp_path / "file.txt"
    write_extract(path, "46", "2026-2027", defects=DEFECTS)
    return path


def told(outcome):
    """What the outcome says, without where the lines stood."""
    frames = [outcome.frames[name].drop("linje").sort(pl.all(), nulls_last=True) for name in FRAMES]
    violations = outcome.violations.drop("linje").sort(pl.all())
    aside = outcome.quarantined.drop("linje").sort(pl.all())
    return [frame.rows() for frame in (*frames, violations, aside)]


def test_a_file_in_many_slices_is_judged_as_in_one(sown, monkeypatch):
    whole = control(sown, EXPECTED)
    monkeypatch.setattr("jobs.imports.spans.BLOCK", BLOCK)
    slices = list(control_slices(sown, EXPECTED))
    assert len(slices) > 3
    assert sum(part.rows for part in slices) == whole.rows
    cut = control(sown, EXPECTED)
    assert cut.violations.equals(whole.violations)
    assert cut.quarantined.equals(whole.quarantined)
    assert all(cut.frames[name].equals(whole.frames[name]) for name in FRAMES)


def test_a_slice_holds_whole_pupils(sown, small_blocks):
    seen = set()
    for part in control_slices(sown, EXPECTED):
        numbers = {n for name in FRAMES for n in part.frames[name]["fodselsnummer"]}
        numbers |= set(part.quarantined["eier"].drop_nulls())
        assert not numbers & seen
        seen |= numbers


@pytest.mark.parametrize("seed", range(5))
def test_shuffled_lines_are_judged_as_ordered_ones(sown, small_blocks, seed):
    ordered = control(sown, EXPECTED)
    first, *rest = sown.read_bytes().splitlines(keepends=True)
    random.Random(seed).shuffle(rest)
    sown.write_bytes(first + b"".join(rest))
    shuffled = control(sown, EXPECTED)
    assert told(shuffled) == told(ordered)
    lines = sown.read_text(encoding="utf-8").splitlines()
    aside = shuffled.quarantined
    assert [lines[number - 1] for number in aside["linje"]] == aside["raw"].to_list()


def test_record_types_one_after_the_other_are_judged_as_ordered_ones(sown, small_blocks):
    ordered = control(sown, EXPECTED)
    first, *rest = sown.read_bytes().splitlines(keepends=True)
    sown.write_bytes(first + b"".join(sorted(rest, key=lambda line: line[:3], reverse=True)))
    assert told(control(sown, EXPECTED)) == told(ordered)


def test_a_pupil_larger_than_a_block_is_still_one_pupil(tmp_path, small_blocks):
    path = tmp_path / "file.txt"
    path.write_bytes(extract({"fag": [{"gjenta": 1000}]}))
    assert broken(control(path, EXPECTED)) == {("EGEN-FAG-01", 3)}


def test_an_endless_line_is_named_where_it_stands_among_blocks(tmp_path, small_blocks):
    path = tmp_path / "file.txt"
    lines = extract({"fag": [{"gjenta": 1000}]}).splitlines(keepends=True)
    path.write_bytes(b"".join([*lines[:500], b"$KL" * BLOCK + b"\r\n", *lines[500:], b"???\r\n"]))
    with pytest.raises(FileFault) as refused:
        control(path, EXPECTED)
    assert [line for line, _ in refused.value.faults] == [501, len(lines) + 2]


def test_lines_of_another_character_set_are_cut_and_read_alike(tmp_path, monkeypatch):
    path = tmp_path / "file.txt"
    latin = replace(load_layout(), encoding="iso-8859-1", separator="¤")
    write_extract(path, "46", "2026-2027", defects=DEFECTS, layout=latin)
    whole = control(path, EXPECTED, latin)
    monkeypatch.setattr("jobs.imports.spans.BLOCK", BLOCK)
    assert told(control(path, EXPECTED, latin)) == told(whole)


def test_a_file_with_the_expected_digest_passes(sown, small_blocks):
    digest = hashlib.sha256(sown.read_bytes()).hexdigest()
    assert control(sown, EXPECTED, sha256=digest).rows


def test_a_file_with_another_digest_was_changed(sown):
    with pytest.raises(FileFault, match="endret mens den ble lest"):
        control(sown, EXPECTED, sha256="0" * 64)


def test_a_file_that_changes_between_slices_is_refused(sown, small_blocks):
    slices = control_slices(sown, EXPECTED)
    next(slices)
    content = sown.read_bytes()
    sown.write_bytes(content[:-10] + b"0" + content[-9:])
    with pytest.raises(FileFault, match="endret mens den ble lest"):
        list(slices)


def test_lines_set_aside_name_the_pupil_they_belong_to(tmp_path):
    path = tmp_path / "file.txt"
    path.write_bytes(extract({"elev": {"navn": ""}, "fag": [{}, {"fodselsnummer": ""}]}))
    aside = control(path, EXPECTED).quarantined
    assert aside.columns == ["linje", "raw", "regler", "eier"]
    number = "15830650021"
    assert aside["eier"].to_list() == [number, number, number, None]


def test_a_rule_of_the_whole_file_sees_pupils_of_every_slice_and_is_told_last(
    tmp_path, small_blocks
):
    path = tmp_path / "file.txt"
    write_extract(path, "46", "2026-2027", defects=["CR-DUP-02"])
    slices = list(control_slices(path, EXPECTED))
    assert len(slices) > 2
    assert slices[-1].rows == 0
    assert set(slices[-1].violations["regel"]) == {"CR-DUP-02"}
    assert slices[-1].violations.height == 2


def test_a_national_file_has_schools_of_any_county(tmp_path):
    path = tmp_path / "file.txt"
    write_national(path, "2026-2027")
    outcome = control(path, Expected(NATIONAL, "20262027"))
    # Exchange pupils are listed, and in a whole country two may share name and birth date.
    assert set(outcome.violations["regel"]) <= {"CR-STAT-04", "CR-DUP-02"}
    assert outcome.header.fylkesnummer == NATIONAL
    assert outcome.frames["kurs"]["skolenummer"].str.slice(0, 2).n_unique() == 15


def test_a_countys_file_is_not_a_national_one(tmp_path):
    path = tmp_path / "file.txt"
    path.write_bytes(extract())
    with pytest.raises(FileFault, match="fylke 99"):
        control(path, Expected(NATIONAL, "20262027"))


def test_a_national_file_has_no_unknown_schools(tmp_path):
    path = tmp_path / "file.txt"
    unknown = {"skolenummer": "46099"}
    path.write_bytes(extract({"kurs": unknown, "fag": unknown}, fylkesnummer=NATIONAL))
    assert broken(control(path, Expected(NATIONAL, "20262027"))) == {("CR-KODE-05", 3)}
