"""A wrong file gives every fault at once, each with its place and a sentence that helps."""

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.calendar import CalendarError, load_calendar, parse_calendar
from tests.scheduler.calendar.broken import BREAKS
from tests.scheduler.calendar.right import RIGHT

CALENDAR_FILE = Path(__file__).parents[3] / "calendar.yaml"


def faults_of(text):
    with pytest.raises(CalendarError) as raised:
        parse_calendar(text, "prøve.yaml")
    return raised.value.faults


def faults_in(text):
    try:
        parse_calendar(text, "prøve.yaml")
    except CalendarError as error:
        return error.faults
    return ()


def test_the_unbroken_file_has_no_fault():
    assert set(parse_calendar(RIGHT, "prøve.yaml").deliverables) == {"en-import", "en-levering"}


@pytest.mark.parametrize("kind", BREAKS)
def test_a_fault_is_reported_at_its_place(kind):
    right, wrong, (line, column, words) = BREAKS[kind]
    assert right in RIGHT
    faults = faults_of(RIGHT.replace(right, wrong, 1))
    found = [fault for fault in faults if words in fault.sentence]
    assert [(fault.line, fault.column) for fault in found[:1]] == [(line, column)], faults


@pytest.mark.parametrize("kind", BREAKS)
def test_a_fault_is_told_in_norwegian(kind):
    right, wrong, _ = BREAKS[kind]
    for fault in faults_of(RIGHT.replace(right, wrong, 1)):
        assert fault.sentence.endswith((".", "?"))
        assert not {"should", "valid", "field", "input", "Input", "error"} & set(
            fault.sentence.split()
        )


def test_all_faults_come_at_once_in_the_order_of_the_file():
    text = RIGHT
    for kind in (
        "unknown area",
        "31 February",
        "no time of day",
        "unknown strength",
        "unknown label",
    ):
        right, wrong, _ = BREAKS[kind]
        text = text.replace(right, wrong, 1)
    lines = [fault.line for fault in faults_of(text)]
    assert lines == [23, 30, 42, 44, 47]


def test_a_faulty_row_does_not_hide_what_is_wrong_between_the_others():
    extra = (
        RIGHT[RIGHT.index("  en-levering:") :].replace("en-levering", "en-til").replace("S+P", "X")
    )
    text = RIGHT.replace(*BREAKS["a delivery in an empty month"][:2]) + extra
    sentences = " ".join(fault.sentence for fault in faults_of(text))
    assert "«X» er ikke et merke" in sentences
    assert "Udir skal ikke ha noe i april" in sentences


RING = """\
  a-ring:
    name: A
    areas: [skole]
    kind: import
    scope: county
    sender: fylke
    receiver: udir
    audience: [alle]
    due: {after: b-ring, days: 1, shift: preceding}
    evidence: {label: S}
    description: En ring.
"""


def changed(text, *breaks):
    for right, wrong in breaks:
        assert right in text
        text = text.replace(right, wrong, 1)
    return text


def test_a_tab_a_ring_and_everything_else_are_told_at_once_with_their_lines():
    other = RING.replace("a-ring", "x").replace("b-ring", "a-ring").replace("  x:", "  b-ring:")
    text = changed(
        RIGHT + RING + other,
        ("date: 15. oktober", "date: 31. februar"),
        ("date: 24. desember}", 'date: 24. desember, counties: ["99"]}'),
        ("    kind: import\n", "    kind: import\n    kind: window\n"),
        ("    kind: delivery", "    kinnd: delivery"),
        ("    areas: [skole]", "\tareas: [skole]"),
    )
    words = {fault.line: fault.sentence for fault in faults_of(text)}
    found = [(fault.line, fault.column) for fault in faults_of(text)]
    assert found == [(15, 53), (23, 1), (25, 5), (31, 17), (34, 3), (37, 5), (58, 18)]
    assert "«99» er ikke et fylkesnummer" in words[15]
    assert "tabulator" in words[23]
    assert "«kind» står to ganger" in words[25]
    assert "31. februar finnes ikke" in words[31]
    assert "«kind» mangler" in words[34]
    assert "Mente du «kind»?" in words[37]
    assert "i ring: a-ring → b-ring → a-ring" in words[58]


def test_a_file_indented_with_tabs_throughout_has_no_other_fault():
    text = re.sub(
        "^(?:  )+(?=\\w)", lambda indent: "\t" * (len(indent[0]) // 2), RIGHT, flags=re.MULTILINE
    )
    faults = faults_of(text)
    assert len(faults) == text.count("\n\t")
    assert all("tabulator" in fault.sentence for fault in faults)


def test_a_fault_on_a_line_with_a_tab_is_placed_where_it_is_written():
    text = changed(RIGHT, ("    areas: [skole]", "\t  areas: [skoel]"))
    found = [(fault.line, fault.column) for fault in faults_of(text)]
    assert found == [(23, 1), (23, 12)]


def test_dates_are_tried_for_the_rows_that_do_not_wait_in_a_ring():
    other = RING.replace("a-ring", "x").replace("b-ring", "a-ring").replace("  x:", "  b-ring:")
    text = RIGHT.replace(*BREAKS["a delivery in an empty month"][:2]) + RING + other
    sentences = " ".join(fault.sentence for fault in faults_of(text))
    assert "i ring" in sentences
    assert "Udir skal ikke ha noe i april" in sentences


def test_the_error_names_file_line_and_column():
    right, wrong, (line, column, _) = BREAKS["31 February"]
    with pytest.raises(CalendarError, match=rf"^prøve\.yaml:{line}:{column}: 31\. februar"):
        parse_calendar(RIGHT.replace(right, wrong), "prøve.yaml")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "Filen er tom."),
        ("# bare en kommentar\n", "Filen er tom."),
        ("en tekst", "felter med navn og verdi"),
        ("- en\n- liste\n", "felter med navn og verdi"),
        ("[" * 1_000_000, "mer enn 20 nivåer"),
        ("{a: " * 400_000, "mer enn 20 nivåer"),
        ("- " * 900_000, "mer enn 20 nivåer"),
        ("a: " * 5000, "YAML-en kan ikke leses"),
        ("{}", "Feltet «deliverables» mangler."),
        ("? [a, b]\n: c\n", "Et feltnavn må være en tekst."),
        ("x" * 2_000_001, "for stor"),
    ],
)
def test_what_is_no_calendar_at_all_is_said_so(text, words):
    with pytest.raises(CalendarError, match=words):
        parse_calendar(text, "prøve.yaml")


@settings(deadline=None)
@given(
    st.integers(0, len(RIGHT)),
    st.integers(0, 40),
    st.text(alphabet="{}[]:,-&*!|>'\"#%@ \n\tå1é\x00", max_size=6),
)
def test_whatever_is_typed_over_the_file_it_is_read_or_refused_with_a_place(start, length, typed):
    text = RIGHT[:start] + typed + RIGHT[start + length :]
    lines = text.count("\n") + 2
    assert all(
        1 <= fault.line <= lines and fault.column >= 1 and fault.sentence
        for fault in faults_in(text)
    )


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(CalendarError, match=r"borte\.yaml:1:1: Filen kan ikke leses"):
        load_calendar(tmp_path / "borte.yaml")


def test_a_folder_is_no_calendar(tmp_path):
    with pytest.raises(CalendarError, match="Filen kan ikke leses"):
        load_calendar(tmp_path)


def test_another_character_set_is_named_with_the_line(tmp_path):
    file = tmp_path / "kalender.yaml"
    file.write_bytes(RIGHT.replace("En import", "Én import", 1).encode("latin-1"))
    with pytest.raises(CalendarError, match=r":22:1: Filen er ikke lagret som UTF-8"):
        load_calendar(file)


def test_a_byte_order_mark_does_no_harm(tmp_path):
    file = tmp_path / "kalender.yaml"
    file.write_bytes(b"\xef\xbb\xbf" + CALENDAR_FILE.read_bytes())
    assert load_calendar(file) == load_calendar(CALENDAR_FILE)


def test_a_calendar_read_from_its_text_is_the_same_calendar():
    text = CALENDAR_FILE.read_text(encoding="utf-8")
    assert parse_calendar(text, "x") == load_calendar(CALENDAR_FILE)
