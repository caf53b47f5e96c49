"""Answering: what a final delivery says of each row that the receiver found wrong in the first."""

from collections.abc import Sequence
from pathlib import Path

import polars as pl
from sqlalchemy.orm import Session

from jobs.register.feedback import Feedback, lines_about
from jobs.statistics.comparing import speaks_for
from jobs.statistics.extract import Extract, WrittenFile
from jobs.statistics.following import is_mended, with_keys
from jobs.statistics.layout import layouts
from jobs.statistics.prints import Print, prints_of
from jobs.statistics.reader import read_text

SCHEMA = {
    "linje": pl.UInt32,
    "linjetype": pl.String,
    "felt": pl.String,
    "rettet": pl.Boolean,
    "begrunnet": pl.Boolean,
    "tekst": pl.String,
}


def answered(
    session: Session, extract: Extract, files: Sequence[WrittenFile], folder: Path
) -> pl.DataFrame:
    """What the final files say of each line of feedback (see SCHEMA); a first delivery answers none."""
    rows: list[tuple[object, ...]] = []
    lines = [] if extract.is_preliminary else lines_about(session, speaks_for(extract))
    for written in files:
        about = with_keys(
            session, written.kind, [line for line in lines if line.fil == written.kind]
        )
        if about:
            layout = layouts()[written.kind]
            texts = read_text(folder / written.name, layout, extract.delivery.convention)
            prints = prints_of([texts], layout, {key for _, key in about})
            rows += [_answer(line, prints.get(key)) for line, key in about]
    return pl.DataFrame(rows, SCHEMA, orient="row")


def _answer(line: Feedback, found: Print | None) -> tuple[object, ...]:
    """By the field and the receiver's code: the receiver's own words may be about a person."""
    layout = layouts()[line.fil]
    title = f"«{layout.field(line.felt).title}»" if line.felt else "hele raden"
    where = None if found is None else found.linje
    return (
        where,
        line.fil,
        line.felt or None,
        is_mended(line, found),
        line.explained_by is not None,
        f"{title}, mottakerens kode {line.kode}",
    )
