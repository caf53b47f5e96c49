"""The line pass: every way a file's structure can be broken is named by line, and nothing loads."""

import re
from dataclasses import replace

import pytest

from jobs.imports.control import Expected, FileFault, control
from jobs.imports.layout import load_layout
from jobs.imports.lines import MAX_FAULTS, check_lines
from tests.jobs.quality.pupils import EXPECTED, extract

LAYOUT = load_layout()
LINES = 3
BIG = 1 << 30


def faults(path, content, layout=LAYOUT, expected=EXPECTED):
    """What a file with this content is refused for: (line, sentence)."""
    path.write_bytes(content)
    with pytest.raises(FileFault) as refused:
        control(path, expected, layout)
    return list(refused.value.faults)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "file.txt"


def with_line(number, change):
    """The correct file with one line changed (counted from 1)."""
    lines = extract().split(b"\r\n")
    lines[number - 1] = change(lines[number - 1])
    return b"\r\n".join(lines)


def test_a_correct_file_passes_and_its_data_lines_are_counted(path):
    path.write_bytes(extract())
    assert check_lines(path, LAYOUT, BIG).rows == LINES


def test_plain_line_feeds_pass_when_used_throughout(path):
    path.write_bytes(extract().replace(b"\r\n", b"\n"))
    assert check_lines(path, LAYOUT, BIG).rows == LINES
    assert control(path, EXPECTED).frames["fag"]["fagkode"].to_list() == ["NOR1260"]


BROKEN = {
    "empty file": (b"", None, "tom"),
    "byte order mark": (b"\xef\xbb\xbf" + extract(), 1, "BOM"),
    "utf-16": (extract().decode().encode("utf-16"), 1, "UTF-16"),
    "windows-1252": (extract().decode().encode("cp1252"), 1, "WINDOWS-1252"),
    "last line cut": (extract()[:-10], 4, "avkortet"),
    "last line end cut": (extract()[:-2], 4, "avkortet"),
    "whole lines missing": (extract().rsplit(b"$KL", 1)[0], None, "3 datalinjer, filen har 2"),
    "unknown record type": (with_line(3, lambda line: b"$XX" + line[3:]), 3, "Ukjent linjetype"),
    "no header": (extract().split(b"\r\n", 1)[1], 1, "Første linje"),
    "two headers": (
        with_line(3, lambda _: extract().split(b"\r\n")[0]),
        3,
        "bare stå på første linje",
    ),
    "field too many": (with_line(2, lambda line: line + b";"), 2, "10 felt; det skal være 9"),
    "field too few": (with_line(4, lambda line: line[:-1]), 4, "24 felt; det skal være 25"),
    "control character": (
        with_line(3, lambda line: line.replace(b"1STA", b"1\x07TA")),
        3,
        "kode 7",
    ),
    "nul": (with_line(3, lambda line: line.replace(b"1STA", b"\x00STA")), 3, "kode 0"),
    "tabulator": (with_line(3, lambda line: line.replace(b"1STA", b"\tSTA")), 3, "kode 9"),
    "blank line": (with_line(3, lambda line: b"\r\n" + line), 3, "tom"),
    "mixed line ends": (
        with_line(3, lambda line: line + b"\n").replace(b"\n\r\n", b"\n"),
        3,
        "CR LF",
    ),
    "a line of 10 MB": (with_line(3, lambda line: line + b"x" * 10_000_000), 3, "lengre enn"),
    "no line ends": (extract().replace(b"\r\n", b"") * 40, 1, "lengre enn"),
    "no data lines": (extract(antall_linjer="0").split(b"$EL")[0], None, "ingen datalinjer"),
    "header without a count": (extract(antall_linjer=""), 1, "antall_linjer"),
    "another version": (extract(versjon="2"), 1, "versjon"),
    "a file date that is none": (extract(fildato="20261301"), 1, "fildato"),
    "another county": (extract(fylkesnummer="11"), 1, "fylke 46"),
    "another school year": (extract({"kurs": {"skolear": "20252026"}}), None, "2026–2027"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_refused_with_line_and_reason(path, name):
    content, line, reason = BROKEN[name]
    found = faults(path, content)
    assert any(at == line and reason in sentence for at, sentence in found), found


@pytest.mark.parametrize("name", BROKEN)
def test_a_refusal_never_quotes_the_file(path, name):
    text = " ".join(sentence for _, sentence in faults(path, BROKEN[name][0]))
    assert "Ada" not in text
    assert not re.search(r"\d{6}", text)


def test_every_broken_line_is_named_at_once(path):
    lines = extract().split(b"\r\n")
    lines[1] += b";"
    lines[3] = b"???"
    assert [line for line, _ in faults(path, b"\r\n".join(lines))] == [2, 4]


def test_a_fault_that_many_lines_have_is_told_once_with_the_first_lines_and_the_count(path):
    ((line, sentence),) = faults(path, extract() + b"???\r\n" * 5000)
    assert line == 5
    assert sentence.endswith("Gjelder 5000 linjer: 5, 6, 7, 8, 9 …")


def test_each_kind_of_fault_is_told_in_the_order_it_came_up(path):
    found = faults(path, extract() + b"???\r\n\r\n" * 3)
    assert [line for line, _ in found] == [5, 6]
    assert found[0][1].endswith("Gjelder 3 linjer: 5, 7, 9.")


def test_the_pass_gives_up_after_a_hundred_kinds_of_fault(path):
    widths = b"".join(b"$EL" + b";" * n + b"\r\n" for n in range(20, 400))
    found = faults(path, extract() + widths)
    assert len(found) == MAX_FAULTS + 1
    assert "stoppet" in found[-1][1]


def test_the_pass_gives_up_when_too_many_lines_are_broken(path, monkeypatch):
    monkeypatch.setattr("jobs.imports.lines.MAX_BROKEN", 1000)
    told, stopped = faults(path, extract() + b"\r\n" * 5000)
    assert "Gjelder 1000 linjer" in told[1]
    assert stopped == (1004, "Kontrollen stoppet her. Rett feilene over først; det kan være flere.")


@pytest.mark.parametrize("name", BROKEN)
def test_every_fault_says_what_to_do(path, name):
    remedies = "Ta ut|Lever|Lagre|Rett|Fjern|Sett|Bruk|Fyll|Kontroller"
    for _, sentence in faults(path, BROKEN[name][0]):
        assert re.search(rf"[.:] ({remedies}) ", sentence), sentence


def test_a_file_in_the_other_layout_is_recognised_by_its_field_counts(path):
    found = faults(path, extract(layout=load_layout("eldre"), versjon="3"))
    assert len(found) == 2
    for _, sentence in found:
        assert "Antallet passer med «Eldre nummerering». Ta ut filen i «" in sentence


def test_a_file_over_the_size_limit_is_refused_unread(path):
    small = replace(EXPECTED, max_bytes=10)
    assert "grensen" in faults(path, extract(), expected=small)[0][1]


def test_another_separator_is_a_setting(path):
    layout = replace(LAYOUT, separator="¤", encoding="iso-8859-1")
    path.write_bytes(extract(layout=layout))
    assert control(path, EXPECTED, layout).frames["elev"]["navn"].to_list() == ["Prøvedal, Ada"]
    assert "Ukjent linjetype" in faults(path, extract(), layout)[0][1]


@pytest.mark.parametrize("encoding", ["iso-8859-1", "cp1252"])
def test_the_agreed_character_set_is_read_and_utf_8_then_named(path, encoding):
    layout = replace(LAYOUT, encoding=encoding)
    path.write_bytes(extract(layout=layout))
    assert control(path, EXPECTED, layout).frames["elev"]["navn"].to_list() == ["Prøvedal, Ada"]
    assert "UTF-8" in faults(path, extract(), layout)[0][1]


def test_windows_1252_is_told_from_iso_8859_1(path):
    latin = replace(LAYOUT, encoding="iso-8859-1")
    content = extract({"elev": {"navn": "Prøve – Ås"}}).decode().encode("cp1252")
    assert "WINDOWS-1252" in faults(path, content, latin)[0][1]


def test_an_older_school_year_is_read_when_it_is_the_one_expected(path):
    edits = {"kurs": {"skolear": "20252026"}, "fag": {"skolear": "20252026"}}
    path.write_bytes(extract(edits))
    outcome = control(path, Expected("46", "20252026"))
    assert outcome.violations.is_empty()
