"""A row's lines are changed, and every other byte of the file is kept."""

from datetime import date

import pytest

from scheduler.calendar import Calendar, CalendarError, parse_calendar
from scheduler.calendar.block import BlockError, Move, block_of, replaced, with_end, with_move
from scheduler.calendar.kinds import Activity
from scheduler.calendar.sections import SECTIONS, part_of
from scheduler.settings import PROJECT_ROOT

TEXT = (PROJECT_ROOT / "calendar.yaml").read_text(encoding="utf-8")
ROWS = list(parse_calendar(TEXT, "calendar.yaml").deliverables)
ROW = "skole-off-termin1-feb"
MOVE = Move("2026-2027", "", ("42",), date(2027, 2, 9), 'Sagt "nå"; #1: C:\\x', "SSB", "P")


@pytest.mark.parametrize("row", ["kode-fag-grep", ROW, ROWS[-1]])
def test_a_row_put_back_as_it_stood_gives_the_same_bytes(row):
    assert replaced(TEXT, row, block_of(TEXT, row).text, "calendar.yaml") == TEXT


def test_the_rows_begin_with_their_names_and_take_no_line_from_each_other():
    blocks = {row: block_of(TEXT, row) for row in ROWS}
    lines = TEXT.split("\n")
    taken = [b.first + n for b in blocks.values() for n in range(len(b.lines))]
    assert len(taken) == len(set(taken))
    for row, block in blocks.items():
        assert block.lines[0].strip() == f"{row}:"
        assert tuple(lines[block.first - 1 : block.first - 1 + len(block.lines)]) == block.lines
        assert not block.lines[-1].lstrip().startswith("# ---")


def test_only_the_row_changes_and_its_comments_stay_as_they_are_written():
    block = block_of(TEXT, ROW).text
    changed = block.replace("15. februar", "13. februar") + "\n    # flyttet\n\n"
    new = replaced(TEXT, ROW, changed.replace("\n", "\r\n"), "calendar.yaml")
    assert new == TEXT.replace(block, changed.rstrip())
    assert block_of(new, ROW).text == changed.rstrip()


def test_another_row_cannot_come_along():
    block = block_of(TEXT, ROW).text
    another = f"{block}\n{block.replace(ROW, 'en-ny-rad')}"
    with pytest.raises(CalendarError, match=f"Bare raden «{ROW}» kan endres her"):
        replaced(TEXT, ROW, another, "calendar.yaml")


@pytest.mark.parametrize("row", ["", "  ", "  annet: {}", "# borte"])
def test_a_row_that_is_gone_is_refused(row):
    with pytest.raises(CalendarError):
        replaced(TEXT, ROW, row, "calendar.yaml")


def moved(text, row=ROW, move=MOVE):
    return replaced(text, row, with_move(text, row, move), "calendar.yaml")


def test_a_move_is_written_before_the_evidence_and_read_as_it_was_said():
    text = moved(TEXT)
    lines = block_of(text, ROW).lines
    assert lines.index("    overrides:") == lines.index("    job: import-school-term") + 1
    (found,) = parse_calendar(text, "calendar.yaml").deliverables[ROW].overrides
    assert (found.date, found.counties, found.reason) == (MOVE.day, MOVE.counties, MOVE.reason)


def test_a_second_move_comes_after_the_first():
    other = Move("2026-2027", "", ("46",), date(2027, 2, 8), "Flytter", "SSB", "P")
    text = moved(moved(TEXT), move=other)
    found = parse_calendar(text, "calendar.yaml").deliverables[ROW].overrides
    assert [entry.counties for entry in found] == [("42",), ("46",)]


def test_a_move_of_one_stage_names_it():
    row = "skole-off-sluttere-startere"
    text = moved(TEXT, row, Move("2026-2027", "3", (), date(2026, 9, 22), "Flytter", "SSB", "I"))
    (found,) = parse_calendar(text, "calendar.yaml").deliverables[row].overrides
    assert (found.stage, found.counties) == ("3", ())


SHARED = "deliverables: {en: {name: En}, to: {name: To}}\n"
FLAT = "deliverables:\n  en: {name: En}\n"
ON_ONE_LINE = "deliverables:\n  en:\n    name: En\n    overrides: []\n"


@pytest.mark.parametrize(("text", "said"), [(SHARED, "deler linje"), (FLAT, "på én linje")])
def test_a_row_that_shares_its_line_is_left_to_an_editor(text, said):
    with pytest.raises(BlockError, match=said):
        with_move(text, "en", MOVE)


def test_decisions_on_one_line_and_a_row_that_is_not_there_are_said():
    with pytest.raises(BlockError, match="«overrides» står på én linje"):
        with_move(ON_ONE_LINE, "en", MOVE)
    with pytest.raises(BlockError):
        block_of(ON_ONE_LINE, "to")


@pytest.mark.parametrize("section", SECTIONS)
def test_a_section_put_back_as_it_stood_gives_the_same_bytes(section):
    part = part_of(section)
    block = block_of(TEXT, part)
    assert block.lines[0] == f"{section}:"
    assert replaced(TEXT, part, block.text, "calendar.yaml") == TEXT


def test_the_sections_are_all_but_the_rows_and_the_version():
    assert set(SECTIONS) == Calendar.model_fields.keys() - {"version", "deliverables"}


def test_only_the_section_changes_and_comments_stay():
    block = block_of(TEXT, "parties:").text
    assert "# «at_once» er vårt eget forslag." in block
    changed = block + "\n  nytt: {name: Nytt}"
    new = replaced(TEXT, "parties:", changed, "calendar.yaml")
    assert new == TEXT.replace(block, changed)
    assert parse_calendar(new, "calendar.yaml").parties["nytt"].name == "Nytt"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda block: block.replace("areas:", "omraader:"), "ikke et felt"),
        (lambda block: f"{block}\nclosures: []", "står to ganger"),
        (lambda block: block.replace("  skole: {name: Skole}\n", ""), "«skole» er ikke et område"),
        (lambda _block: "", "mangler"),
    ],
)
def test_what_a_section_cannot_be_is_refused(change, said):
    with pytest.raises(CalendarError, match=said):
        replaced(TEXT, "areas:", change(block_of(TEXT, "areas:").text), "calendar.yaml")


def test_another_section_cannot_come_along():
    text = TEXT[: TEXT.index("assertions:")] + TEXT[TEXT.index("deliverables:") :]
    block = block_of(text, "areas:").text + "\nassertions: []"
    with pytest.raises(CalendarError, match="Bare delen «areas» kan endres her"):
        replaced(text, "areas:", block, "calendar.yaml")


@pytest.mark.parametrize("row", [ROW, "inn-ajourhold-slutt", "skole-priv-slutt-aug"])
def test_a_row_that_ends_is_kept_and_not_in_use(row):
    text = replaced(TEXT, row, with_end(TEXT, row), "calendar.yaml")
    before, after = (parse_calendar(t, "calendar.yaml").deliverables[row] for t in (TEXT, text))
    assert after == before.model_copy(update={"activity": Activity.NO})
    assert with_end(text, row) == block_of(text, row).text
