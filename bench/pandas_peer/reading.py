"""A file's lines as typed pandas frames, with the first field at fault of each sort."""

import csv
import io
from datetime import date

import pandas as pd

from jobs.codelists import codes
from jobs.imports.layout import Field, FieldType, Layout, Record
from jobs.quality.fields import STRICT

FAULTS = ("mangler", "form", "kode", "kode_streng")
AMOUNTS = {"fravar_dager", "fravar_timer", "timer"}


def read(lines: list[str], layout: Layout, on: date) -> dict[str, pd.DataFrame]:
    """A frame for each kind of line, `linje` counted from 1; codes count as listed on the day."""
    return {
        record.frame: _typed(_text(lines, kind, record, layout), record, on)
        for kind, record in layout.data_records.items()
    }


def _text(lines: list[str], kind: str, record: Record, layout: Layout) -> pd.DataFrame:
    """The lines of a kind; an empty field is missing."""
    numbers, mine = zip(
        *((n, line) for n, line in enumerate(lines, 1) if line.startswith(kind)), strict=True
    )
    table = pd.read_csv(
        io.StringIO("\n".join(mine)),
        sep=layout.separator,
        header=None,
        names=range(record.field_count),
        usecols=[field.nr - 1 for field in record.fields],
        dtype=str,
        keep_default_na=False,
        na_values=[""],
        quoting=csv.QUOTE_NONE,
    )
    table.columns = [field.name for field in sorted(record.fields, key=lambda field: field.nr)]
    return table.assign(linje=numbers)


def _typed(table: pd.DataFrame, record: Record, on: date) -> pd.DataFrame:
    """Dates and amounts read, with the first field at fault of each sort beside them."""
    first = {name: pd.Series(None, table.index, object) for name in FAULTS}
    for field in record.fields:
        text = table[field.name]
        table[field.name] = _value(text, field)
        for name, wrong in _faults(text, table[field.name], field, on).items():
            if wrong.any():
                first[name] = first[name].where(first[name].notna() | ~wrong, field.name)
    return table.assign(**{f"felt_{name}": column for name, column in first.items()})


def _value(text: pd.Series, field: Field) -> pd.Series:
    if field.type is FieldType.DATE:
        return pd.to_datetime(text, format="%Y%m%d", errors="coerce")
    if field.name in AMOUNTS:
        return pd.to_numeric(text, errors="coerce").astype("Int64")
    return text


def _faults(text: pd.Series, value: pd.Series, field: Field, on: date) -> dict[str, pd.Series]:
    there, length = text.notna(), text.str.len()
    wrong = length != field.length if field.exact else length > field.length
    if field.type is FieldType.DATE:
        wrong = value.isna() | (length != field.length)
    elif field.type is FieldType.NUMBER:
        wrong |= ~text.str.fullmatch("[0-9]+", na=False)
    found = {"form": there & wrong}
    if field.required:
        found["mangler"] = ~there
    if field.codes:
        sort = "kode_streng" if field.codes in STRICT else "kode"
        found[sort] = there & ~text.isin(list(codes(field.codes, on)))
    return found
