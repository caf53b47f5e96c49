"""Write the statistics files of a count from the register: ordered, streamed, hashed, whole.

The bytes are a function of the register's rows, the layout and the reference date: they
are the same when written again, and the same from SQLite and PostgreSQL.
"""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, select

from jobs.api import Refusal
from jobs.channels.files import csv_lines, write_whole
from jobs.channels.outbox import MANIFEST
from jobs.register.pupils import Elevkurs
from jobs.statistics.layout import Field, Layouts, layouts, misfits, row_writer
from jobs.statistics.selection import Count, Rows, pupils, subjects
from jobs.wording import shortened

ROWS_AT_A_TIME = 5_000
SELECTIONS = {"ssbElev": pupils, "ssbElevFag": subjects}
DELIVERY_CODES = {"first": "L1", "final": "END"}


@dataclass(frozen=True, slots=True)
class Extract:
    """What to write: the count, and for which occurrence and stage."""

    count: Count
    occurrence_key: str
    stage: str

    def file_name(self, kind: str) -> str:
        # No due date: a name must not change with a deadline, or the same rows are other content.
        count, code = self.count, DELIVERY_CODES.get(self.stage, self.stage)
        return f"{kind}_{count.fylkesnummer}_{count.telledato:%Y%m%d}_{code}.csv"


@dataclass(slots=True)
class WrittenFile:
    """One file as written; `per_school` counts its rows by skolenummer."""

    name: str
    kind: str
    sha256: str = ""
    bytes: int = 0
    rows: int = 0
    per_school: Counter[str] = field(default_factory=Counter)


def write_files(engine: Engine, extract: Extract, folder: Path) -> Path:
    """Write the files and their manifest into the folder; returns the manifest's path.

    Raises Refusal, naming the import's lines, when a value does not fit the layout.
    """
    with _snapshot(engine) as connection:
        files = [_write(connection, extract, kind, folder) for kind in layouts().files]
        sources = _source_deliveries(connection, extract.count)
    path = folder / MANIFEST
    write_whole(path, [_manifest(extract, files, sources)])
    return path


def _snapshot(engine: Engine) -> Connection:
    """A connection that sees the register as it was at the first read, for all files."""
    connection = engine.connect().execution_options(read_only=True)
    if engine.dialect.name == "postgresql":
        connection = connection.execution_options(isolation_level="REPEATABLE READ")
    return connection


def _write(connection: Connection, extract: Extract, kind: str, folder: Path) -> WrittenFile:
    declared = layouts()
    written = WrittenFile(extract.file_name(kind), kind)
    query = SELECTIONS[kind](extract.count, connection.dialect)
    rows = _fitting_rows(connection, query, kind, declared.files[kind], written)
    heading = [entry.variable for entry in declared.files[kind]]
    lines = _encoded(heading, rows, declared)
    path = folder / written.name
    written.sha256 = write_whole(path, lines)
    written.bytes = path.stat().st_size
    return written


def _fitting_rows(
    connection: Connection,
    query: Rows,
    kind: str,
    fields: Sequence[Field],
    written: WrittenFile,
) -> Iterator[list[str]]:
    """The rows as texts, counted; refuses after the last row when any of them does not fit."""
    columns = query.selected_columns.keys()
    write = row_writer(fields, columns)
    line, school = columns.index("linje"), columns.index("skolenummer")
    reasons: list[str] = []
    options = {"yield_per": ROWS_AT_A_TIME}
    with connection.execute(query, execution_options=options) as result:
        for row in result:
            texts = write(row)
            reasons += map(str, misfits(kind, fields, row[line], texts))
            written.rows += 1
            written.per_school[row[school]] += 1
            yield texts
    if reasons:
        raise Refusal(*shortened(reasons))


def _encoded(
    heading: Sequence[str], rows: Iterator[list[str]], declared: Layouts
) -> Iterator[bytes]:
    lines = csv_lines(_after(heading, rows), declared.separator)
    while chunk := "".join(islice(lines, ROWS_AT_A_TIME)):
        yield chunk.encode(declared.encoding)


def _after(heading: Sequence[str], rows: Iterator[list[str]]) -> Iterator[Sequence[str]]:
    yield heading
    yield from rows


def _source_deliveries(connection: Connection, count: Count) -> list[int]:
    query = select(Elevkurs.delivery_id).where(count.active()).distinct()
    return sorted(connection.scalars(query.order_by(Elevkurs.delivery_id)))


def _manifest(extract: Extract, files: Sequence[WrittenFile], sources: list[int]) -> bytes:
    content = {
        "forekomst": extract.occurrence_key,
        "fylkesnummer": extract.count.fylkesnummer,
        "skolear": extract.count.skolear,
        "telledato": extract.count.telledato.isoformat(),
        "oppsett": {"versjon": layouts().version, "kilde": layouts().evidence},
        "filer": [_sorted_schools(written) for written in files],
        "importleveranser": sources,
    }
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()


def _sorted_schools(written: WrittenFile) -> dict[str, Any]:
    return {**asdict(written), "per_school": dict(sorted(written.per_school.items()))}


def read_manifest(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content
