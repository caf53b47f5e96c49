"""Control of a whole file: what loads, what is set aside, and that half a pupil never loads."""

from dataclasses import replace
from datetime import date

import polars as pl
import pytest

from jobs.identity import PRODUCTION
from jobs.imports.control import control
from jobs.imports.layout import frame_columns, load_layout
from jobs.imports.preview import as_declared
from jobs.synth import write_extract
from tests.jobs.quality.pupils import EXPECTED, KEY, broken, controlled, extract

OTHER = "15830650102"
FRAMES = ("elev", "kurs", "fag")


def test_a_correct_pupil_loads_with_typed_values(tmp_path):
    outcome = controlled(tmp_path / "file.txt", {"kurs": {"startdato": "20260901"}})
    assert outcome.violations.is_empty()
    assert outcome.quarantined.is_empty()
    assert outcome.rows == 3
    assert outcome.frames["kurs"]["startdato"].to_list() == [date(2026, 9, 1)]
    assert outcome.frames["fag"]["timer"].to_list() == [113]
    assert outcome.frames["kurs"]["elevstatus"].to_list() == ["E"]
    assert outcome.frames["kurs"]["skolenummer"].to_list() == ["46001"]


def test_the_header_is_told(tmp_path):
    header = controlled(tmp_path / "file.txt").header
    assert (header.layout, header.fylkesnummer, header.fildato) == ("sas3", "46", date(2026, 10, 5))
    assert header.avsender == "prøve"


def test_the_frames_have_the_same_columns_whichever_layout_the_file_had(tmp_path):
    for name in ("sas3", "eldre"):
        outcome = controlled(tmp_path / "file.txt", layout=load_layout(name))
        for frame in FRAMES:
            assert outcome.frames[frame].columns == ["linje", *frame_columns(frame)]


def test_an_empty_field_is_null_and_a_blank_fullfortkode_is_x(tmp_path):
    outcome = controlled(tmp_path / "file.txt", {"kurs": {"fullfortkode": "", "klasse": ""}})
    assert outcome.frames["kurs"].select("fullfortkode", "klasse").row(0) == ("X", None)


def two_pupils(first, second=None):
    """Edits that give two pupils; each is a change to the pupil's course or subjects."""
    number = {"fodselsnummer": OTHER}
    return {
        "elev": [{}, number | {"navn": "Prøvedal, Åse"}],
        "kurs": [first.get("kurs", {}), number | (second or {}).get("kurs", {})],
        "fag": [first.get("fag", {}), number | (second or {}).get("fag", {})],
    }


def test_one_wrong_subject_line_sets_that_pupil_aside_whole_and_no_other(tmp_path):
    outcome = controlled(tmp_path / "file.txt", two_pupils({"fag": {"avbruddsdato": "20260910"}}))
    assert broken(outcome) == {("CR-DATE-06", 6)}
    assert outcome.quarantined["linje"].to_list() == [2, 4, 6]
    assert set(outcome.quarantined["regler"]) == {"CR-DATE-06"}
    for frame in FRAMES:
        assert outcome.frames[frame]["fodselsnummer"].to_list() == [OTHER]


def test_a_line_set_aside_keeps_its_own_bytes(tmp_path):
    outcome = controlled(tmp_path / "file.txt", {"elev": {"navn": ""}})
    lines = (tmp_path / "file.txt").read_text(encoding="utf-8").splitlines()
    assert outcome.quarantined["raw"].to_list() == lines[1:]


def test_a_warning_loads_and_is_reported(tmp_path):
    outcome = controlled(tmp_path / "file.txt", {"kurs": {"malform": "Q"}})
    assert outcome.frames["kurs"].height == 1
    assert outcome.violations.select("regel", "alvor", "linje", "felt").row(0) == (
        "EGEN-FELT-03",
        "WARN",
        3,
        "malform",
    )


def test_a_violation_names_the_school(tmp_path):
    outcome = controlled(tmp_path / "file.txt", {"elev": {"navn": "Prøve 4"}})
    assert outcome.violations["skolenummer"].to_list() == ["46001"]


def test_what_stands_in_the_school_field_is_repeated_only_when_it_looks_like_a_school(tmp_path):
    misplaced = {"skolenummer": KEY["fodselsnummer"]}
    outcome = controlled(tmp_path / "file.txt", {"kurs": misplaced, "fag": misplaced})
    assert {rule for rule, _ in broken(outcome)} == {"EGEN-FELT-02", "CR-KODE-05"}
    assert outcome.violations["skolenummer"].null_count() == outcome.violations.height


def test_a_line_without_a_number_is_set_aside_alone(tmp_path):
    outcome = controlled(tmp_path / "file.txt", {"fag": [{}, {"fodselsnummer": ""}]})
    assert broken(outcome) == {("EGEN-FELT-01", 5)}
    assert outcome.quarantined["linje"].to_list() == [5]
    assert outcome.frames["fag"].height == 1


def test_a_synthetic_number_is_refused_where_real_ones_are_expected(tmp_path):
    production = replace(EXPECTED, accept=PRODUCTION)
    outcome = controlled(tmp_path / "file.txt", expected=production)
    assert broken(outcome) == {("CR-FNR-01", 2)}
    assert "ikke tillatt her" in outcome.violations["forklaring"][0]


def test_a_number_of_the_2032_kind_is_judged_by_the_files_date(tmp_path):
    newer = {"fodselsnummer": "15830650110"}
    edits = dict.fromkeys(FRAMES, newer)
    assert broken(controlled(tmp_path / "old.txt", edits)) == {("CR-FNR-01", 2)}
    assert not broken(controlled(tmp_path / "new.txt", edits, fildato="20320101"))


def test_the_older_layout_gives_elevstatus_itself(tmp_path):
    older = load_layout("eldre")
    outcome = controlled(tmp_path / "file.txt", {"kurs": {"elevstatus": "D"}}, layout=older)
    assert outcome.frames["kurs"]["elevstatus"].to_list() == ["D"]
    assert outcome.frames["kurs"]["malform"].to_list() == [None]


def test_clean_frames_are_sorted_by_key_and_the_same_every_time(tmp_path):
    path = tmp_path / "file.txt"
    write_extract(path, "46", "2026-2027", seed=3)
    first, second = control(path, EXPECTED), control(path, EXPECTED)
    assert first.frames["kurs"]["fodselsnummer"].is_sorted()
    assert first.violations.equals(second.violations)
    assert first.quarantined.equals(second.quarantined)
    for frame in FRAMES:
        assert first.frames[frame].equals(second.frames[frame])


def test_a_hundred_thousand_subjects_for_one_pupil_are_one_violation(tmp_path):
    path = tmp_path / "file.txt"
    lines = extract().decode().split("\r\n")
    bomb = [lines[3].replace("NOR1260", f"{n:07}") for n in range(100_000)]
    lines[0] = lines[0].replace("TOF;3;", "TOF;100003;")
    path.write_bytes("\r\n".join([*lines[:4], *bomb, ""]).encode())
    outcome = control(path, EXPECTED)
    assert broken(outcome) == {("EGEN-FAG-01", 3)}
    assert outcome.frames["fag"].is_empty()
    assert outcome.quarantined.height == outcome.rows == 100_003


def test_a_file_tells_its_own_county_and_school_year(tmp_path):
    path = tmp_path / "file.txt"
    path.write_bytes(extract())
    declared = as_declared(path, load_layout())
    assert (declared.fylkesnummer, declared.skolear) == ("46", "20262027")


@pytest.mark.parametrize("content", [b"", b"TOF", b"\xff\xfe\x00", b"x" * 100_000])
def test_a_file_that_says_nothing_sensible_tells_nothing(tmp_path, content):
    path = tmp_path / "file.txt"
    path.write_bytes(content)
    declared = as_declared(path, load_layout())
    assert (declared.fylkesnummer, declared.skolear) == ("", "")


def test_violations_have_the_agreed_columns(tmp_path):
    outcome = controlled(tmp_path / "file.txt")
    assert outcome.violations.schema == pl.Schema(
        {
            "regel": pl.String,
            "alvor": pl.String,
            "linje": pl.UInt32,
            "linjetype": pl.String,
            "skolenummer": pl.String,
            "felt": pl.String,
            "forklaring": pl.String,
        }
    )
