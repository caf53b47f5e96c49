"""A delivery beside an earlier one of the same: the first of this count, and last year's."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import polars as pl
from sqlalchemy import select
from sqlalchemy.orm import Session

from jobs.register.tables import Outbound
from jobs.statistics.extract import Extract, WrittenFile
from jobs.statistics.layout import layouts

SCHEMA = {
    "linje": pl.UInt32,
    "linjetype": pl.String,
    "mot": pl.String,
    "slag": pl.String,
    "variabel": pl.String,
    "kode": pl.String,
    "rader": pl.Int64,
    "avvik": pl.Float64,
    "tekst": pl.String,
}
FIRST, LAST_YEAR = "forste", "fjor"
IN_WORDS = {FIRST: "i 1. levering", LAST_YEAR: "i fjor"}
Row = tuple[Any, ...]


def speaks_for(extract: Extract, years_ago: int = 0) -> str:
    """What a delivery is of, whichever deadline it answers: files, county, period, reference date."""
    count = extract.count
    period = "".join(
        str(int(year) - years_ago) for year in (count.period[:4], count.period[4:]) if year
    )
    day = (
        "" if not extract.delivery.has_reference_date else _years_before(count.telledato, years_ago)
    )
    return "/".join(["+".join(extract.delivery.files), count.fylkesnummer, period, day])


def _years_before(day: Any, years: int) -> str:
    return f"{day.year - years}{day:-%m-%d}"


def compared(session: Session, extract: Extract, files: Sequence[WrittenFile]) -> pl.DataFrame:
    """Every difference there is to judge (see SCHEMA), to what was received by then.

    The first delivery is only there for the final one to be held against.
    """
    own = Outbound.occurrence_key != extract.occurrence_key
    rows: list[Row] = []
    if not extract.is_preliminary:
        rows += _against(_newest(session, speaks_for(extract), own), files, FIRST)
    last_year = _newest(session, speaks_for(extract, years_ago=1))
    rows += _against(last_year, files, LAST_YEAR)
    return pl.DataFrame(rows, SCHEMA, orient="row")


def _newest(session: Session, of: str, *only: Any) -> Mapping[str, Any] | None:
    """The manifest of the newest delivery of a count that was received."""
    query = select(Outbound.manifest).where(
        Outbound.speaks_for == of, Outbound.received_at.is_not(None), *only
    )
    return session.scalars(query.order_by(Outbound.id.desc()).limit(1)).first()


def _against(
    before: Mapping[str, Any] | None, files: Sequence[WrittenFile], other: str
) -> Iterator[Row]:
    earlier = {file["kind"]: file for file in before["filer"]} if before else {}
    for now in files:
        if now.kind in earlier:
            yield from _differences(now, earlier[now.kind], other)


def _differences(now: WrittenFile, before: Mapping[str, Any], other: str) -> Iterator[Row]:
    rows, smallest, when = before["rows"], min(now.rows, before["rows"]), IN_WORDS[other]
    change = 100 * (now.rows - rows) / rows if rows else 100.0 * bool(now.rows)
    text = f"{now.rows} rader mot {rows} {when}"
    yield None, now.kind, other, "rader", "", "", smallest, change, text
    for school, count in before["per_school"].items():
        if school not in now.per_school:
            text = f"skole {school} hadde {count} rader {when}"
            yield None, now.kind, other, "skole", "skolenummer", school, smallest, -100.0, text
    for variable, codes in now.codes.items():
        yield from _codes(now, variable, codes, before, other)


def _codes(
    now: WrittenFile,
    variable: str,
    codes: Mapping[str, int],
    before: Mapping[str, Any],
    other: str,
) -> Iterator[Row]:
    title = layouts()[now.kind].field(variable).title
    earlier = before["codes"].get(variable, {})
    for code in sorted({*codes, *earlier}):
        share = 100 * codes.get(code, 0) / (now.rows or 1)
        was = 100 * earlier.get(code, 0) / (before["rows"] or 1)
        text = f"«{title}», kode {code or 'tom'}: {share:.1f} % mot {was:.1f} % {IN_WORDS[other]}"
        smallest = min(now.rows, before["rows"])
        yield (
            None,
            now.kind,
            other,
            "kode",
            variable,
            code,
            smallest,
            share - was,
            text,
        )
