"""Thousands of damaged files: each is controlled or refused with reasons, and nothing else happens."""

import random
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jobs.imports.control import Controlled, FileFault, control
from tests.jobs.quality.pupils import CORRECT, EXPECTED, PERIOD, extract, layout_of

OTHER = {"fodselsnummer": "15830650102"}
WHOLE = extract(
    {"elev": [{}, OTHER], "kurs": [{}, OTHER], "fag": [{}, {"fagkode": "ENG1007"}, OTHER]}
)
SEEDS, SHORT, EACH = 20, 5, 250  # the short run takes the first seeds
OTHER_KINDS = sorted(set(CORRECT) - {"school"})
VALUES = (
    b"",
    b"0",
    b"-1",
    b"+20262027",
    b"9" * 40,
    b"1e308",
    b"NaN",
    b"20260230",
    b"00010101",
    b"99991231",
    b"999",
    b"x" * 300,
    b"x" * 5000,
    b"\x00",
    b'"',
    b"\\N",
    b"\xef\xbb\xbf",
    b"\xff\xfe",
    "\u202e\u0301\U0001f600".encode(),
    "\u0661\u0662".encode(),
    "\u2028".encode(),
    b" ",
)


def outcome(path, content, expected=EXPECTED, layout=None):
    """Control a file with this content: what it ends in, or what it is refused for."""
    path.write_bytes(content)
    try:
        return control(path, expected, layout)
    except FileFault as fault:
        return fault.faults


def flipped(draw, content):
    place = draw.randrange(len(content))
    return content[:place] + bytes([content[place] ^ 1 << draw.randrange(8)]) + content[place + 1 :]


def cut(draw, content):
    start, end = sorted(draw.sample(range(len(content) + 1), 2))
    return content[:start] + content[min(end, start + draw.randrange(1, 80)) :]


def doubled(draw, content):
    start, end = sorted(draw.sample(range(len(content) + 1), 2))
    return content[:end] + content[start:]


def inserted(draw, content):
    place = draw.randrange(len(content))
    return content[:place] + draw.choice(VALUES) + content[place:]


def with_lines(draw, content):
    """Lines swapped, removed or given twice, with a header that may count them right."""
    first, *lines = content.splitlines(keepends=True) or [b""]
    way = draw.randrange(3)
    if lines and way == 0:
        draw.shuffle(lines)
    elif lines and way == 1:
        lines.pop(draw.randrange(len(lines)))
    elif lines:
        lines.append(draw.choice(lines))
    return first + b"".join(lines) if draw.random() < 0.3 else counted(first, lines)


def counted(first, lines):
    parts = first.split(b";")
    if len(parts) > 1:
        parts[1] = b"%d" % len(lines)
    return b";".join(parts) + b"".join(lines)


def with_field(draw, content):
    """One field emptied or given a value that nobody expected."""
    ends = [-1, *(place for place, byte in enumerate(content) if byte in b";\r")]
    if len(ends) < 2:
        return content
    start, end = draw.choice(list(pairwise(ends)))
    return content[: start + 1] + draw.choice(VALUES) + content[end:]


WAYS = (flipped, cut, doubled, inserted, with_lines, with_field, with_field)


@pytest.mark.parametrize(
    "seed",
    [*range(SHORT), *(pytest.param(s, marks=pytest.mark.chaos) for s in range(SHORT, SEEDS))],
)
def test_a_damaged_file_is_controlled_or_refused(tmp_path, seed):
    draw = random.Random(seed)
    for _ in range(EACH):
        content = damaged(draw, WHOLE)
        assert isinstance(outcome(tmp_path / "file.txt", content), Controlled | tuple)


def damaged(draw, whole):
    content = whole
    for _ in range(draw.choice((1, 1, 1, 2, 4))):
        content = draw.choice(WAYS)(draw, content) or whole
    return content


@pytest.mark.parametrize("kind", OTHER_KINDS)
def test_a_damaged_file_of_another_kind_is_controlled_or_refused(tmp_path, kind):
    draw, edits = random.Random(kind), {frame: {} for frame in CORRECT[kind]}
    whole, layout = extract(edits), layout_of(edits)
    expected = replace(EXPECTED, skolear=PERIOD[kind])
    found = [
        outcome(tmp_path / "file.txt", damaged(draw, whole), expected, layout) for _ in range(EACH)
    ]
    assert {type(each) for each in found} == {Controlled, tuple}


def test_some_damaged_files_are_still_read_and_some_are_not(tmp_path):
    draw = random.Random(1)
    kinds = {type(outcome(tmp_path / "f.txt", with_field(draw, WHOLE))) for _ in range(50)}
    assert kinds == {Controlled, tuple}


FIELDS = st.text(st.characters(exclude_characters=";", exclude_categories=("Cs",)), max_size=12)


@settings(deadline=None, max_examples=300, derandomize=True)
@given(st.lists(st.tuples(st.integers(0, 200), FIELDS), min_size=1, max_size=6))
def test_any_text_in_any_field_is_controlled_or_refused(tmp_path_factory, edits):
    parts = WHOLE.split(b";")
    for place, text in edits:
        parts[2 + place % (len(parts) - 3)] = text.encode()
    path = tmp_path_factory.getbasetemp() / "fields.txt"
    assert isinstance(outcome(path, b";".join(parts)), Controlled | tuple)


@settings(deadline=None, max_examples=300, derandomize=True)
@given(st.binary(max_size=400))
def test_any_bytes_after_the_header_are_refused_or_controlled(tmp_path_factory, content):
    path = tmp_path_factory.getbasetemp() / "bytes.txt"
    header, rest = WHOLE.split(b"\r\n", 1)
    assert isinstance(outcome(path, header + b"\r\n" + content + rest), Controlled | tuple)
