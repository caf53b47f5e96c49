"""Control of one delivered file: line pass, parsing, rules; clean rows and violations apart.

A file whose structure is broken, or that is somebody else's, is refused whole (FileFault). In a
file that can be read, a person with an ERROR is set aside with all lines, so that the register
never holds half a person.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from jobs.imports.expected import Expected
from jobs.imports.header import Header, read_header
from jobs.imports.layout import Layout, frame_columns, load_layout
from jobs.imports.lines import FileFault, check_lines
from jobs.imports.pieces import Piece, pieces, survey
from jobs.imports.records import read_table, split_records, typed
from jobs.quality.derived import (
    DERIVE,
    FIELD_COLUMNS,
    SPREAD,
    WHOLE_FILE,
    completion_part,
    derive_completion,
    derive_people,
)
from jobs.quality.engine import violations
from jobs.quality.fields import check_fields
from jobs.quality.rules import Severity
from jobs.register.datasets import DATASETS, Dataset

__all__ = [
    "Controlled",
    "Expected",
    "FileFault",
    "Header",
    "Slice",
    "control",
    "control_slices",
]

PEOPLE = ("linje", "navn", "fodselsnummer", "skolenummer")
SIDE_BY_SIDE = 2
Frames = dict[str, pl.DataFrame]


@dataclass(frozen=True, slots=True)
class Slice:
    """Whole people of a file, judged: clean frames, violations, lines set aside, data lines read.

    `quarantined` has linje, raw, regler (the owner's broken rules) and eier (the owner's number,
    null when the line has none).
    """

    header: Header
    frames: Frames
    violations: pl.DataFrame
    quarantined: pl.DataFrame
    rows: int


Judged = tuple[Slice, Frames]  # a slice, and what rules about the whole file need of it


@dataclass(frozen=True, slots=True)
class Controlled(Slice):
    """A whole file, judged: the frames sorted by key, violations and lines set aside by line."""


def control(
    path: Path,
    expected: Expected,
    layout: Layout | None = None,
    sha256: str | None = None,
) -> Controlled:
    """Read and judge a file; raise FileFault when it must be refused whole."""
    layout = layout or load_layout()
    slices = list(control_slices(path, expected, layout, sha256))
    return Controlled(
        header=slices[0].header,
        frames={
            target.frame: pl.concat([part.frames[target.frame] for part in slices]).sort(
                *target.key, "linje"
            )
            for target in DATASETS[layout.dataset].targets
        },
        violations=pl.concat([part.violations for part in slices]).sort("linje", "regel"),
        quarantined=pl.concat([part.quarantined for part in slices]).sort("linje"),
        rows=sum(part.rows for part in slices),
    )


def control_slices(
    path: Path,
    expected: Expected,
    layout: Layout | None = None,
    sha256: str | None = None,
) -> Iterator[Slice]:
    """Read and judge a file in slices of whole people, in memory that does not grow with the file.

    FileFault comes before the first slice, unless the file changes while it is read; `sha256` is
    the digest that its content should have. What only the whole file shows is a slice at the end.
    """
    layout = layout or load_layout()
    checked = check_lines(path, layout, expected.max_bytes, sha256)
    header = _header(path, layout, expected)
    dataset = DATASETS[layout.dataset]
    surveyed = survey(path, checked.spans, layout, dataset.dated, expected.skolear)
    if not surveyed.has_lines_of_period:
        raise FileFault((None, dataset.without_period(expected.skolear)))
    together = surveyed.keeps_owners_together
    read = pieces(path, checked.spans, layout, together=together)
    needed: dict[str, list[pl.DataFrame]] = {}
    for part, seen in _side_by_side(lambda piece: _judged(piece, layout, expected, header), read):
        for name, frame in seen.items():
            needed.setdefault(name, []).append(frame)
        yield part
    whole = {name: pl.concat(frames) for name, frames in needed.items()}
    found = violations(_derived_from(whole, expected), expected.occasion)
    if not found.is_empty():
        yield _found_at_the_end(found, header, dataset)


def _side_by_side(judge: Callable[[Piece], Judged], read: Iterable[Piece]) -> Iterator[Judged]:
    """Judge the pieces in order, two at a time: half of the work on one uses a single core."""
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        begun: deque[Future[Judged]] = deque()
        for piece in read:
            begun.append(pool.submit(judge, piece))
            if len(begun) == SIDE_BY_SIDE:
                yield begun.popleft().result()
        while begun:
            yield begun.popleft().result()


def _header(path: Path, layout: Layout, expected: Expected) -> Header:
    with path.open("rb") as file:
        return read_header(file.readline(), layout, expected)


def _frames(piece: Piece, layout: Layout, expected: Expected, header: Header) -> Frames:
    """The lines as frames, each with what the layout finds wrong with it and what is derived."""
    tables = split_records(read_table(piece.content, layout), piece.linje, layout)
    frames = {
        record.frame: _with_faults(
            typed(tables[name], record.frame), check_fields(tables[name], record, expected.begins)
        )
        for name, record in layout.data_records.items()
    }
    derived = DERIVE[layout.dataset](frames, expected, header.fildato)
    if expected.is_national:
        # Each school answers for itself in a national file, whichever county it lies in.
        derived["kurs"] = derived["kurs"].with_columns(fylkesnummer="skole_fylke")
    return derived


def _with_faults(frame: pl.DataFrame, faults: pl.DataFrame) -> pl.DataFrame:
    if faults.is_empty():
        columns = (name for name in FIELD_COLUMNS if name != "linje")
        return frame.with_columns(pl.lit(None, pl.String).alias(name) for name in columns)
    return frame.join(faults, on="linje", how="left", maintain_order="left")


def _judged(piece: Piece, layout: Layout, expected: Expected, header: Header) -> Judged:
    """Judge one piece; give what the whole file's rules need of it too."""
    frames = _frames(piece, layout, expected, header)
    found = violations(frames, expected.occasion)
    aside = _set_aside(frames, found, layout)
    part = Slice(
        header=header,
        frames={name: _clean(name, frame, aside) for name, frame in frames.items()},
        violations=found,
        quarantined=_received(piece, aside),
        rows=sum(frame.height for frame in frames.values()),
    )
    needed = {WHOLE_FILE: _people(frames, layout)}
    if expected.last_year is not None and "kurs" in frames:
        needed[SPREAD] = completion_part(frames["kurs"])
    return part, needed


def _derived_from(whole: Frames, expected: Expected) -> Frames:
    derived = {WHOLE_FILE: derive_people(whole[WHOLE_FILE].sort("linje"))}
    if expected.last_year is not None and SPREAD in whole:
        derived[SPREAD] = derive_completion(whole[SPREAD], expected.last_year)
    return derived


def _people(frames: Frames, layout: Layout) -> pl.DataFrame:
    kind = layout.first_of_a_person
    people = frames[layout.records[kind].frame]
    known = (name for name in PEOPLE if name in people.columns)
    return people.select(*known, linjetype=pl.lit(kind.lstrip("$")))


def _set_aside(frames: Frames, found: pl.DataFrame, layout: Layout) -> pl.DataFrame:
    """The lines of every owner with an ERROR: linje, the rules the owner broke, and its number."""
    errors = found.filter(pl.col("alvor") == Severity.ERROR.value)
    if errors.is_empty():
        return pl.DataFrame(schema={"linje": pl.UInt32, "regler": pl.String, "eier": pl.String})
    lines = pl.concat(
        frames[record.frame].select("linje", eier=record.owner)
        for record in layout.data_records.values()
    )
    owned = errors.join(lines, on="linje")
    regler = pl.col("regel").unique().sort().str.join(",")
    rules = owned.drop_nulls("eier").group_by("eier").agg(regler=regler)
    nobodys = owned.filter(pl.col("eier").is_null()).group_by("linje", "eier").agg(regler=regler)
    columns = ("linje", "regler", "eier")
    return pl.concat([lines.join(rules, on="eier").select(columns), nobodys.select(columns)])


def _received(piece: Piece, aside: pl.DataFrame) -> pl.DataFrame:
    """The lines set aside, as they were received."""
    if aside.is_empty():
        return aside.select("linje", "regler", "eier", raw=pl.lit("")).select(
            "linje", "raw", "regler", "eier"
        )
    lines = piece.lines.rename({"tekst": "raw"})
    return lines.join(aside, on="linje", maintain_order="left").select(
        "linje", "raw", "regler", "eier"
    )


def _clean(name: str, frame: pl.DataFrame, aside: pl.DataFrame) -> pl.DataFrame:
    kept = frame.select("linje", *frame_columns(name))
    return kept if aside.is_empty() else kept.join(aside, on="linje", how="anti")


def _found_at_the_end(found: pl.DataFrame, header: Header, dataset: Dataset) -> Slice:
    no_lines = pl.DataFrame(schema={"linje": pl.UInt32})
    nothing = {target.frame: typed(no_lines, target.frame) for target in dataset.targets}
    aside = pl.DataFrame(schema=dict.fromkeys(("raw", "regler", "eier"), pl.String))
    return Slice(
        header, nothing, found, aside.insert_column(0, pl.Series("linje", [], pl.UInt32)), 0
    )
