"""A file in pieces that each hold whole people, whichever order its lines stand in.

Most files keep a person's lines together: their spans are the pieces. The lines of any other file
are laid out in as many folders as it has spans, each owner's in one folder, before they are read.
"""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from jobs.imports.layout import Layout
from jobs.imports.lines import CHANGED, FileFault
from jobs.imports.records import KIND, place, read_table
from jobs.imports.spans import Span


@dataclass(frozen=True, slots=True)
class Piece:
    """Lines as UTF-8, and the number that each has in the file."""

    content: bytes
    linje: pl.Series

    @property
    def lines(self) -> pl.DataFrame:
        """The lines as they were received: linje, tekst."""
        return pl.read_lines(self.content, name="tekst").select(
            self.linje.alias("linje"), pl.col("tekst").str.strip_suffix("\r")
        )


@dataclass(frozen=True, slots=True)
class Survey:
    """What the numbers and years of a file say about it, before it is judged."""

    keeps_owners_together: bool
    has_lines_of_period: bool


def survey(
    path: Path, spans: tuple[Span, ...], layout: Layout, dated: tuple[str, str] | None, period: str
) -> Survey:
    """Look through a well-formed file for owners in several spans, and lines of the period.

    `dated` is the frame and field that name the period; a file without them speaks for any.
    """
    wanted = _of_period(layout, dated, period) if dated else pl.lit(value=True)
    columns = {KIND, *wanted.meta.root_names(), *owner(layout).meta.root_names()}
    seen, of_period = [], False
    for span in spans:
        table = read_table(_read(path, span, layout), layout, columns)
        # A number's hash takes less room; two with the same hash only cost the longer way.
        seen.append(table.select(owner(layout).drop_nulls().unique().hash()).to_series())
        of_period = of_period or table.select(wanted.any()).item()
    return Survey(bool(pl.concat(seen).is_unique().all()), of_period)


def _of_period(layout: Layout, dated: tuple[str, str], period: str) -> pl.Expr:
    frame, field = dated
    kind, record = layout.record_of(frame)
    return (pl.col(KIND) == kind) & (pl.col(place(record, field)) == period)


def owner(layout: Layout) -> pl.Expr:
    """Whom a line of the table belongs to; null where the number is missing, and on the header."""
    places: dict[str, list[str]] = {}
    for name, record in layout.data_records.items():
        places.setdefault(place(record, record.owner), []).append(name)
    return pl.coalesce(
        pl.when(pl.col(KIND).is_in(names)).then(pl.col(nr)) for nr, names in places.items()
    )


def pieces(
    path: Path, spans: tuple[Span, ...], layout: Layout, *, together: bool
) -> Iterator[Piece]:
    """Read a well-formed file in pieces; FileFault when it is no longer the file that was passed."""
    if together:
        for span in spans:
            yield _piece(path, span, layout)
        return
    with tempfile.TemporaryDirectory(prefix="aarshjul-") as name:
        folder = Path(name)
        for nr, span in enumerate(spans):
            _lay_out(_piece(path, span, layout), layout, folder, nr, len(spans))
        for part in sorted(folder.iterdir()):
            lines = pl.concat([pl.read_ipc(file) for file in sorted(part.iterdir())])
            yield Piece("".join(f"{line}\n" for line in lines["tekst"]).encode(), lines["linje"])


def _piece(path: Path, span: Span, layout: Layout) -> Piece:
    content = _read(path, span, layout)
    first = span.first_line
    linje = pl.int_range(first, first + content.count(b"\n"), dtype=pl.UInt32, eager=True)
    return Piece(content, linje)


def _read(path: Path, span: Span, layout: Layout) -> bytes:
    block = span.read(path)
    if block is None:
        raise FileFault((None, CHANGED))
    return block if layout.encoding == "utf-8" else block.decode(layout.encoding).encode()


def _lay_out(piece: Piece, layout: Layout, folder: Path, nr: int, parts: int) -> None:
    """Put a piece's lines in the folders of their owners; a line without a number goes anywhere."""
    key = owner(layout)
    table = read_table(piece.content, layout, {KIND, *key.meta.root_names()})
    part = table.select(key.fill_null("").hash() % parts).to_series()
    for (number,), lines in (
        piece.lines.with_columns(part=part).partition_by("part", as_dict=True).items()
    ):
        place = folder / f"{number:04}"
        place.mkdir(exist_ok=True)
        lines.drop("part").write_ipc(place / f"{nr:04}")
