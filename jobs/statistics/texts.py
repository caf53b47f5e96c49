"""Rows as they stand in a file, and what makes a value not fit its field: whole columns at a time.

A batch is a frame of text as the database gives it: dates as 2026-10-01, decimals in hundredths.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import polars as pl

from jobs.codelists import codes
from jobs.statistics.layout import Field, FieldType, Layout
from jobs.statistics.receivers import Convention, Encoding

# What a spreadsheet takes for a formula (CWE-1236). A minus is left out: codes may begin with it.
FORMULA_STARTS = ("=", "+", "@")
CONTROL = r"[\x00-\x1f\x7f]"
BEYOND_LATIN_1 = r"[^\x00-\xff]"


@dataclass(frozen=True, slots=True)
class Misfit:
    """A value that does not fit its field: named by file, the import's line and field number."""

    file: str
    line: str
    field: Field
    fault: str

    def __str__(self) -> str:
        return (
            f"{self.file}: feltet {self.field.nr} «{self.field.title}» {self.fault}, for raden fra "
            f"linje {self.line} i importfilen. Rett i skoleadministrativt system og lever på nytt."
        )


def as_written(batch: pl.DataFrame, layout: Layout) -> pl.DataFrame:
    """The batch's fields in order, as text; nothing is an empty field."""
    return batch.select(_written(field).alias(field.variable) for field in layout.fields)


def _written(field: Field) -> pl.Expr:
    if not field.source:
        return pl.lit("")
    value = pl.col(field.variable)
    if field.type is FieldType.DATE:
        value = value.str.replace_all("-", "", literal=True)
    elif field.type is FieldType.DAY:
        parts = value.str.slice(8, 2), value.str.slice(5, 2), value.str.slice(0, 4)
        value = pl.concat_str(*parts, separator=".")
    elif field.type is FieldType.DECIMAL:
        digits = value.str.zfill(3)
        value = pl.concat_str(digits.str.head(-2), digits.str.tail(2), separator=",")
    return value.fill_null("")


def misfits(
    written: pl.DataFrame, lines: pl.Series, layout: Layout, convention: Convention, on: date | None
) -> Iterator[Misfit]:
    """Every value of the written rows that does not fit; `on` is the day whose codes are valid."""
    checks = [
        (field, fault, where)
        for field in layout.selected
        for fault, where in _faults(field, convention, on)
    ]
    found = written.select(where.any().alias(str(n)) for n, (_, _, where) in enumerate(checks))
    for n, (field, fault, where) in enumerate(checks):
        if found[str(n)].item():
            text = pl.col(field.variable)
            broken = written.select(linje=lines, langt=text.str.len_chars()).filter(
                written.select(where).to_series()
            )
            for line, length in broken.iter_rows():
                yield Misfit(layout.name, line, field, fault.format(langt=length))


def _faults(field: Field, convention: Convention, on: date | None) -> Iterator[tuple[str, pl.Expr]]:
    """What may be wrong with a field, in words for a person that never hold the value."""
    text = pl.col(field.variable)
    filled = text != ""
    if field.required:
        yield "mangler", ~filled
    most = field.most_characters
    yield f"har {{langt}} tegn, men plass til {most}", text.str.len_chars() > most
    if field.type is FieldType.TEXT:
        yield from _text_faults(text, convention)
    else:
        yield _FORM[field.type][0], filled & ~text.str.contains(_FORM[field.type][1])
    if field.codes:
        known = text.is_in(list(codes(field.codes, on)))
        yield f"har en kode som ikke gjelder («{field.codes}»)", filled & ~known


_FORM = {
    FieldType.DIGITS: ("er ikke et tall", r"^[0-9]+$"),
    FieldType.NUMBER: ("er ikke et tall", r"^[0-9]+$"),
    FieldType.DECIMAL: ("er ikke et tall med to desimaler", r"^[0-9]+,[0-9]{2}$"),
    FieldType.DATE: ("er ikke en dato", r"^[0-9]{8}$"),
    FieldType.DAY: ("er ikke en dato", r"^[0-9]{2}\.[0-9]{2}\.[0-9]{4}$"),
    FieldType.FLAG: ("skal være J eller N", r"^[JN]$"),
}


def _text_faults(text: pl.Expr, convention: Convention) -> Iterator[tuple[str, pl.Expr]]:
    separator = convention.separator
    has_separator = text.str.contains(separator, literal=True)
    yield f"inneholder skilletegnet «{separator}»", has_separator
    yield "inneholder anførselstegn", text.str.contains('"', literal=True)
    yield "inneholder linjeskift eller et annet styretegn", text.str.contains(CONTROL)
    for start in FORMULA_STARTS:
        starts = text.str.starts_with(start)
        yield f"begynner med «{start}», som et regneark tar for en formel", starts
    if convention.encoding is Encoding.LATIN_1:
        yield "har tegn som ikke finnes i ISO-8859-1", text.str.contains(BEYOND_LATIN_1)
