"""Lines to tables and back: the parser and the writer of a layout.

The parser keeps every value as text beside its line number; `typed` turns text into numbers and
dates, where what cannot be read becomes null (the control rules have named it by then).
"""

from collections.abc import Collection, Mapping

import polars as pl

from jobs.imports.layout import FieldType, Layout, Record, frame_columns

TYPES = {FieldType.TEXT: pl.String, FieldType.NUMBER: pl.Int64, FieldType.DATE: pl.Date}
# Numbers that are names: leading zeros count and nobody adds them up.
IDENTIFIERS = frozenset(
    {
        "skolear",
        "sokerar",
        "skolenummer",
        "avgiverskole",
        "postnummer",
        "kommunenummer",
        "fylkesnummer",
        "hjemstedsfylke",
        "soknadsfrist",
    }
)


def _column(nr: int) -> str:
    return f"column_{nr}"  # what polars calls the columns of a file without a heading


UNIT = "\x1f"  # no well-formed line has a control character
KIND = _column(1)  # of a table of all lines: the record type


def place(record: Record, name: str) -> str:
    """The column that holds a field in a table of all lines."""
    return next(_column(field.nr) for field in record.fields if field.name == name)


def read_table(content: bytes, layout: Layout, columns: Collection[str] = ()) -> pl.DataFrame:
    """Read well-formed lines (UTF-8) as a table of text with columns by number, or some of them.

    An empty field is null, and so are the fields that a line's record type does not have.
    """
    separator = layout.separator
    if not separator.isascii():  # of several bytes in UTF-8, which the parser does not take
        content, separator = content.replace(separator.encode(), UNIT.encode()), UNIT
    width = max(record.field_count for record in layout.records.values())
    names = [_column(nr) for nr in range(1, width + 1)]
    return pl.read_csv(
        content,
        has_header=False,
        separator=separator,
        quote_char=None,
        schema=dict.fromkeys(names, pl.String),
        columns=[name for name in names if name in columns] or None,
        missing_columns="insert",
        extra_columns="raise",
    )


def split_records(table: pl.DataFrame, linje: pl.Series, layout: Layout) -> dict[str, pl.DataFrame]:
    """Give each record type's lines as a table of text: linje and the declared fields."""
    numbered = table.lazy().with_columns(linje=linje)
    split = pl.collect_all(
        numbered.filter(pl.col(KIND) == name).select(
            "linje", **{field.name: _column(field.nr) for field in record.fields}
        )
        for name, record in layout.records.items()
    )
    return dict(zip(layout.records, split, strict=True))


def typed(table: pl.DataFrame, frame: str) -> pl.DataFrame:
    """Turn a table of text into the frame's own columns and types; absent columns are null."""
    return table.select(
        "linje", *(_read(table, *column) for column in frame_columns(frame).items())
    )


def _read(table: pl.DataFrame, name: str, kind: FieldType) -> pl.Expr:
    wanted = pl.String if name in IDENTIFIERS else TYPES[kind]
    if name not in table.columns:
        return pl.lit(None, wanted).alias(name)
    if kind is FieldType.DATE:
        return pl.col(name).str.to_date("%Y%m%d", strict=False)
    return pl.col(name).cast(wanted, strict=False)


def write_lines(tables: Mapping[str, pl.DataFrame], layout: Layout) -> pl.DataFrame:
    """Lay tables of text out as lines, by record type: every column but `tekst` is kept.

    Columns that the layout does not number are left out of the line.
    """
    laid = [
        _join(table, name, layout.records[name], layout.separator) for name, table in tables.items()
    ]
    return pl.concat(laid, how="diagonal")


def _join(table: pl.DataFrame, name: str, record: Record, separator: str) -> pl.DataFrame:
    values: list[pl.Expr] = [pl.lit(name)] + [pl.lit("")] * (record.field_count - 1)
    for field in record.fields:
        if field.name in table.columns:
            values[field.nr - 1] = pl.col(field.name).fill_null("")
    return table.with_columns(tekst=pl.concat_str(values, separator=separator))


def encode(lines: pl.Series, layout: Layout) -> bytes:
    """Lines as the bytes of a file: CR LF, the layout's character set."""
    return "".join(f"{line}\r\n" for line in lines).encode(layout.encoding)
