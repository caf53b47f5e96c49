"""Read a statistics file back: the same rows as were written, with numbers and dates as such."""

from pathlib import Path

import polars as pl

from jobs.statistics.layout import Field, FieldType, Layout
from jobs.statistics.receivers import Convention

LINE = "linje"


class NotThisFileError(ValueError):
    """The file is not one of the layout, in the receiver's form; the message says what differs."""


def read_text(path: Path, layout: Layout, convention: Convention) -> pl.DataFrame:
    """The fields as text, an empty one as "", and `linje`, the line of the file."""
    text = path.read_bytes().decode(convention.encoding)
    lines = text.removesuffix(convention.line_end.text)
    heading = convention.separator.join(layout.heading)
    if convention.header and lines.partition(convention.line_end.text)[0] != heading:
        raise NotThisFileError(f"{path.name}: overskriften er ikke den til {layout.name}.")
    body = text.partition(convention.line_end.text)[2] if convention.header else text
    rows = _parsed(body, layout, convention, path.name)
    first = 2 if convention.header else 1
    return rows.with_columns(pl.int_range(first, pl.len() + first, dtype=pl.UInt32).alias(LINE))


def _parsed(body: str, layout: Layout, convention: Convention, name: str) -> pl.DataFrame:
    schema = dict.fromkeys(layout.heading, pl.String)
    if not body:
        return pl.DataFrame(schema=schema)
    try:
        return pl.read_csv(
            body.encode(),
            has_header=False,
            separator=convention.separator,
            quote_char=None,
            schema=schema,
            missing_columns="raise",
            extra_columns="raise",
        ).fill_null("")
    except pl.exceptions.PolarsError:
        raise NotThisFileError(f"{name}: en linje har feil antall felt.") from None


def read(path: Path, layout: Layout, convention: Convention) -> pl.DataFrame:
    """The fields with their types, nothing as null: amounts, dates, and decimals in hundredths."""
    rows = read_text(path, layout, convention)
    return rows.select(LINE, *(_value(field).alias(field.variable) for field in layout.fields))


def _value(field: Field) -> pl.Expr:
    text = pl.col(field.variable)
    filled = pl.when(text != "").then(text)
    if field.type is FieldType.NUMBER:
        return filled.cast(pl.Int64)
    if field.type is FieldType.DECIMAL:
        return filled.str.replace(",", "", literal=True).cast(pl.Int64)
    if field.type is FieldType.DATE:
        return filled.str.to_date("%Y%m%d")
    return filled.str.to_date("%d.%m.%Y") if field.type is FieldType.DAY else filled
