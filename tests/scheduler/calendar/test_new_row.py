"""A row that calendar.yaml does not have yet comes in beside its like, and every other byte is kept."""

import re

import pytest

from scheduler.calendar import CalendarError, parse_calendar
from scheduler.calendar.block import BlockError, block_of
from scheduler.calendar.new_row import HELP, NEW, above, as_new, inserted, line_for, row_in
from scheduler.calendar.schema import json_schema
from scheduler.calendar.skeleton import FIELDS, skeleton
from scheduler.settings import PROJECT_ROOT
from tests.scheduler.calendar.filled import filled

NAME = "calendar.yaml"
TEXT = (PROJECT_ROOT / NAME).read_text(encoding="utf-8")
CALENDAR = parse_calendar(TEXT, NAME)
ROWS = list(CALENDAR.deliverables)
BLOCK = filled(skeleton(CALENDAR, "skole"))
# The last of those that stand together; other rows of the area stand alone further down.
LAST_OF_SCHOOL = "pub-kostra"


def order(text):
    return list(parse_calendar(text, NAME).deliverables)


@pytest.mark.parametrize(
    ("area", "after", "over"),
    [
        ("skole", "skole-off-telling-okt", "skole-off-telling-okt"),
        ("skole", "", LAST_OF_SCHOOL),
        ("skole", "kode-fag-grep", LAST_OF_SCHOOL),
        ("skole", "finnes-ikke", LAST_OF_SCHOOL),
        ("ot", ROWS[-1], ROWS[-1]),
    ],
)
def test_it_stands_below_the_row_it_is_like_or_last_where_its_area_stands_together(
    area, after, over
):
    block = BLOCK.replace("areas: [skole]", f"areas: [{area}]")
    text = inserted(TEXT, block, after, NAME)
    rows = order(text)
    assert rows[rows.index("skole-ny") - 1] == over
    assert [row for row in rows if row != "skole-ny"] == ROWS
    first = line_for(TEXT, block, after)
    assert text.split("\n")[first - 1] == "  skole-ny:"


@pytest.mark.parametrize("after", ["skole-off-telling-okt", ROWS[-1]])
def test_every_other_byte_is_kept(after):
    block = BLOCK.replace("areas: [skole]", f"areas: [{CALENDAR.deliverables[after].areas[0]}]")
    text = inserted(TEXT, block, after, NAME)
    found = block_of(text, "skole-ny")
    assert text.replace(f"\n{found.text}\n", "", 1) == TEXT
    assert HELP not in text


def test_in_an_area_without_rows_it_stands_where_it_was_asked_for_or_last():
    empty = TEXT.replace("areas:\n", "areas:\n  ny: {name: Nytt}\n", 1)
    block = BLOCK.replace("areas: [skole]", "areas: [ny]")
    for after, over in [("kode-fag-grep", "kode-fag-grep"), ("", ROWS[-1])]:
        rows = order(inserted(empty, block, after, NAME))
        assert rows[rows.index("skole-ny") - 1] == over


def test_an_empty_skeleton_tells_what_is_to_be_filled_in_and_nothing_else():
    with pytest.raises(CalendarError) as refused:
        inserted(TEXT, skeleton(CALENDAR, "skole"), "", NAME)
    first = line_for(TEXT, skeleton(CALENDAR, "skole"), "")
    lines = skeleton(CALENDAR, "skole").split("\n")
    told = [lines[fault.line - first].strip().partition(":")[0] for fault in refused.value.faults]
    assert told == ["name", "kind", "audience", "due", "description"]


def test_the_skeleton_has_every_field_that_must_be_there_and_says_what_each_is():
    required = set(json_schema()["$defs"]["Deliverable"]["required"])
    assert required <= FIELDS.keys()
    lines = skeleton(CALENDAR, "skole").split("\n")
    for field in FIELDS:
        (at,) = (n for n, line in enumerate(lines) if line.startswith(f"    {field}:"))
        assert lines[at - 1].startswith(f"    {HELP} ")
    assert any("vigo-voksen" in line for line in lines)


def test_a_copy_is_a_new_row_with_all_that_the_other_says():
    block = as_new(block_of(TEXT, "skole-off-telling-okt").text, "skole-off-telling-okt")
    assert row_in(block) == NEW
    text = inserted(TEXT, block.replace(NEW, "skole-ny"), "skole-off-telling-okt", NAME)
    rows = parse_calendar(text, NAME).deliverables
    assert rows["skole-ny"] == rows["skole-off-telling-okt"].model_copy(update={"id": "skole-ny"})
    assert above(text, "skole-ny", ROWS) == "skole-off-telling-okt"
    assert above(text, "finnes-ikke", ROWS) == ""


@pytest.mark.parametrize(
    ("block", "said"),
    [
        (BLOCK.replace("skole-ny", "skole-off-telling-okt"), "står to ganger"),
        (BLOCK.replace("skole-ny", NEW), "et eget navn i stedet for «ny-frist»"),
        (BLOCK.replace("skole-ny", "a" * 81), "for langt"),
        (f"{BLOCK}\n{BLOCK.replace('skole-ny', 'en-til')}", "én ny rad"),
        (f"{BLOCK}\nlast: 1", "ikke et felt"),
        ("", "én ny rad"),
        ("  # bare en merknad", "én ny rad"),
        (BLOCK.replace("kind: import", "kind: innporter"), "«innporter» kan ikke brukes"),
        (BLOCK.replace("    kind", "\tkind"), "tabulator"),
        (BLOCK.replace("name: Ny", "name: [Ny"), "YAML"),
    ],
)
def test_what_is_not_one_sound_new_row_is_refused(block, said):
    with pytest.raises(CalendarError, match=re.escape(said)):
        inserted(TEXT, block, "", NAME)


def test_a_fault_is_on_the_line_that_the_row_will_have():
    with pytest.raises(CalendarError) as refused:
        inserted(TEXT, BLOCK.replace("kind: import", "kind: x"), "", NAME)
    (fault,) = refused.value.faults
    assert refused.value.text.split("\n")[fault.line - 1].strip() == "kind: x"


def test_the_first_row_of_all_is_left_to_an_editor():
    with pytest.raises(BlockError, match="ingen rader"):
        line_for("deliverables: {}\n", BLOCK, "")
