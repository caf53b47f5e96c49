"""The line pass: reads a file's bytes once, in bounded memory, before any parser sees them.

A parser repairs silently (fills short lines, joins split ones), so a file with a broken structure
is refused whole. Each kind of fault is told once, with a remedy, its first lines and how many lines
have it. Faults never quote the file's content.
"""

import hashlib
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from jobs.imports.explain import charset_fault, explain, wrong_mark
from jobs.imports.layout import HEADER, Layout
from jobs.imports.spans import MAX_LINE, Source, Span, blocks

MAX_FAULTS = 100  # kinds of fault in one file
MAX_BROKEN = 1_000_000  # lines; explaining one takes far longer than reading it
LINES_SHOWN = 5
NO_LONG_LINE = re.compile(rb"(?:[^\n]{0,%d}+\n)*+" % (MAX_LINE - 1))
CHANGED = "Filen ble endret mens den ble lest. Lever den på nytt når den er skrevet ferdig."
BYTE_ORDER_MARKS = {b"\xef\xbb\xbf": "UTF-8", b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16"}

Fault = tuple[int | None, str]


class FileFault(Exception):  # noqa: N818 - the file is at fault, the program is not
    """The file is refused whole; `faults` holds (line or None, Norwegian sentence)."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__(" ".join(f"Linje {n}: {text}" if n else text for n, text in faults))
        self.faults = faults


@dataclass(slots=True)
class _Kind:
    """The lines with one kind of fault: the first of them, and how many they are."""

    first: list[int] = field(default_factory=list)
    count: int = 0

    def fault(self, sentence: str) -> Fault:
        if self.count == 1:
            return self.first[0], sentence
        shown = ", ".join(map(str, self.first))
        more = " …" if self.count > len(self.first) else "."
        return self.first[0], f"{sentence} Gjelder {self.count} linjer: {shown}{more}"


class Shape:
    """What correct lines look like in a file whose lines end as its first one does."""

    def __init__(self, layout: Layout, ending: bytes) -> None:
        self.layout = layout
        self.ending = ending
        kinds = {
            name: _shape(name, record.field_count, layout)
            for name, record in layout.records.items()
        }
        self.line = re.compile(b"(?:" + b"|".join(kinds.values()) + b")" + ending)
        # The last kind is by far the most common, and is tried first.
        data = b"|".join(kinds[name] for name in reversed(layout.data_records))
        self._block = re.compile(b"(?:(?:" + data + b")" + ending + b")*+")

    def fits(self, block: bytes) -> bool:
        """Tell whether every line of a block is a correct data line."""
        return (
            self._block.fullmatch(block) is not None
            and NO_LONG_LINE.fullmatch(block) is not None
            and self._is_in_charset(block)
        )

    def _is_in_charset(self, block: bytes) -> bool:
        if block.isascii():
            return True
        encoding = self.layout.encoding
        if encoding == "utf-8":
            return not charset_fault(block, encoding)
        lines = (line for line in block.split(b"\n") if not line.isascii())
        return not any(charset_fault(line, encoding) for line in lines)


def _shape(name: str, width: int, layout: Layout) -> bytes:
    separator = re.escape(layout.separator_bytes)
    text = b"[^" + separator + rb"\x00-\x1f\x7f]*+"
    return re.escape(name.encode()) + (separator + text) * (width - 1)


@dataclass(frozen=True, slots=True)
class Checked:
    """A well-formed file: its number of data lines, and where its pupils can be read."""

    rows: int
    spans: tuple[Span, ...]


@dataclass(slots=True)
class _Pass:
    """What the pass has seen so far; `kinds` holds the sentences in the order they came up."""

    layout: Layout
    kinds: dict[str, _Kind] = field(default_factory=dict)
    broken: int = 0
    stopped: bool = False
    shape: Shape | None = None
    lines: int = 0
    data_lines: int = 0
    headers: int = 0
    announced: int | None = None

    def note(self, line: int, sentence: str) -> None:
        kind = self.kinds.setdefault(sentence, _Kind())
        kind.count += 1
        self.broken += 1
        if len(kind.first) < LINES_SHOWN:
            kind.first.append(line)

    @property
    def has_had_enough(self) -> bool:
        return len(self.kinds) >= MAX_FAULTS or self.broken >= MAX_BROKEN


def check_lines(path: Path, layout: Layout, max_bytes: int, sha256: str | None = None) -> Checked:
    """Pass a well-formed file, whose content has the digest given; raise FileFault otherwise."""
    size = path.stat().st_size
    if size == 0:
        raise FileFault((None, "Filen er tom. Ta ut filen på nytt og lever den igjen."))
    if size > max_bytes:
        raise FileFault((None, _too_big(size, max_bytes)))
    seen, digest = _Pass(layout), hashlib.sha256() if sha256 else None
    with path.open("rb") as file:
        spans = tuple(_walk(Source(file, digest), seen))
    if digest and not seen.has_had_enough and digest.hexdigest() != sha256:
        raise FileFault((None, CHANGED))
    faults = [kind.fault(sentence) for sentence, kind in seen.kinds.items()]
    if faults := faults or list(_count_faults(seen)):
        raise FileFault(*faults)
    return Checked(seen.data_lines, spans)


def _too_big(size: int, limit: int) -> str:
    return (
        f"Filen er {size >> 20} MB; grensen er {limit >> 20} MB. "
        "Del leveransen, eller be driften heve grensen."
    )


def _walk(source: Source, seen: _Pass) -> Iterator[Span]:
    offset = 0
    for block in blocks(source, seen.layout.first_of_a_person.encode()):
        yield Span.of(block, offset, seen.lines + 1)
        offset += len(block)
        if seen.shape:
            _look_at_block(seen, seen.shape, block)
        else:
            _begin(seen, block)
        if seen.stopped:
            return
        if seen.has_had_enough:
            seen.note(
                seen.lines, "Kontrollen stoppet her. Rett feilene over først; det kan være flere."
            )
            return


def _begin(seen: _Pass, block: bytes) -> None:
    """Look at the first block: its first line decides how the others should end."""
    if mark := next((name for bom, name in BYTE_ORDER_MARKS.items() if block.startswith(bom)), ""):
        seen.note(1, wrong_mark(mark, seen.layout))
        seen.stopped = True
        return
    first = next(_read(block))
    seen.shape = Shape(seen.layout, b"\r\n" if first.endswith(b"\r\n") else b"\n")
    if seen.shape.line.fullmatch(first):
        _look(seen, seen.shape, first)
        _look_at_block(seen, seen.shape, block[len(first) :])
    else:
        _look_at_block(seen, seen.shape, block)


def _look_at_block(seen: _Pass, shape: Shape, block: bytes) -> None:
    if seen.lines and shape.fits(block):
        count = block.count(b"\n")
        seen.lines += count
        seen.data_lines += count
        return
    for raw in _read(block):
        _look(seen, shape, raw)
        if seen.has_had_enough:
            return


def _read(block: bytes) -> Iterator[bytes]:
    """Lines, each at most MAX_LINE + 1 bytes: the rest of a longer one is read and let go."""
    file = io.BytesIO(block)
    while raw := file.readline(MAX_LINE + 1):
        yield raw
        while len(raw) > MAX_LINE and not raw.endswith(b"\n"):
            raw = file.readline(MAX_LINE + 1)
            if not raw:
                return


def _look(seen: _Pass, shape: Shape, raw: bytes) -> None:
    seen.lines += 1
    number = seen.lines
    if shape.line.fullmatch(raw) is None or len(raw) > MAX_LINE:
        seen.note(number, explain(raw, seen.layout, shape.ending))
    elif not raw.isascii() and (sentence := charset_fault(raw, seen.layout.encoding)):
        seen.note(number, sentence)
    if raw.startswith(HEADER.encode()):
        _look_at_header(seen, number, raw)
        return
    seen.data_lines += 1
    if number == 1:
        seen.note(1, f"Første linje skal være filhodet {HEADER}. Lever filen fra begynnelsen.")


def _look_at_header(seen: _Pass, number: int, raw: bytes) -> None:
    seen.headers += 1
    if seen.headers > 1 or number > 1:
        seen.note(number, f"Filhodet {HEADER} skal bare stå på første linje. Fjern det her.")
        return
    values = raw.split(seen.layout.separator_bytes)
    place = next(f.nr for f in seen.layout.header.fields if f.name == seen.layout.line_count)
    if len(values) >= place and values[place - 1].strip().isdigit():
        seen.announced = int(values[place - 1])


def _count_faults(seen: _Pass) -> Iterator[Fault]:
    if seen.announced is None:
        yield (
            1,
            f"Filhodets felt «{seen.layout.line_count}» skal være antallet datalinjer. Fyll det ut.",
        )
    elif seen.announced != seen.data_lines:
        yield (
            None,
            f"Filhodet sier {seen.announced} datalinjer, filen har {seen.data_lines}. Lever hele filen.",
        )
    elif seen.data_lines == 0:
        yield None, "Filen har ingen datalinjer. Kontroller uttrekket og lever på nytt."
