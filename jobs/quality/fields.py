"""Field checks that follow from the layout alone: missing, malformed, outside the code list."""

from collections.abc import Callable
from datetime import date
from functools import partial

import polars as pl

from jobs.codelists import codes
from jobs.imports.layout import Field, FieldType, Record

Check = Callable[[Field], pl.Expr | None]
# Lists whose codes published rules require (CR-FULL-01, CR-KAR-01); of the others one only asks.
STRICT = frozenset({"fullfortkode", "karakter"})


def check_fields(table: pl.DataFrame, record: Record, on: date | None) -> pl.DataFrame:
    """Name the first field at fault of each sort (see FIELD_COLUMNS), per line that has any.

    A code counts when its list has it on the day; without a day, when the list ever had it.
    """
    checks: dict[str, Check] = {
        "felt_mangler": _missing,
        "felt_form": _malformed,
        "felt_kode": partial(_unknown_code, on=on, strict=False),
        "felt_kode_streng": partial(_unknown_code, on=on, strict=True),
    }
    faults = {name: _found(table, record, check) for name, check in checks.items()}
    wrong = [fault for found in faults.values() for fault in found.values()]
    first = {name: _first(found) for name, found in faults.items()}
    lines = table.lazy().filter(pl.any_horizontal(wrong) if wrong else pl.lit(value=False))
    return lines.select("linje", **first).collect()


def _found(table: pl.DataFrame, record: Record, check: Check) -> dict[str, pl.Expr]:
    """The fields that are at fault on some line, and the fault: few or none, so looked up first."""
    checked = ((field.name, check(field)) for field in record.fields)
    faults = {name: fault for name, fault in checked if fault is not None}
    if not faults:
        return {}
    on_some = table.select(fault.any().alias(name) for name, fault in faults.items())
    return {name: fault for name, fault in faults.items() if on_some[name].item()}


def _first(faults: dict[str, pl.Expr]) -> pl.Expr:
    if not faults:
        return pl.lit(None, pl.String)
    return pl.coalesce(pl.when(fault).then(pl.lit(name)) for name, fault in faults.items())


def _missing(field: Field) -> pl.Expr | None:
    return pl.col(field.name).is_null() if field.required else None


def _malformed(field: Field) -> pl.Expr:
    text = pl.col(field.name)
    if field.type is FieldType.DATE:
        date = text.str.to_date("%Y%m%d", strict=False)
        return text.is_not_null() & (date.is_null() | (text.str.len_bytes() != field.length))
    length = text.str.len_chars()
    wrong_length = length != field.length if field.exact else length > field.length
    if field.type is FieldType.NUMBER:
        return wrong_length | ~text.str.contains(r"^[0-9]+$")
    return wrong_length


def _unknown_code(field: Field, on: date | None, *, strict: bool) -> pl.Expr | None:
    if not field.codes or (field.codes in STRICT) is not strict:
        return None
    return ~pl.col(field.name).is_in(list(codes(field.codes, on)))
