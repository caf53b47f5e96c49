"""Control of a national file, against a bare COPY of the same lines into a table of text."""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import psycopg

from bench.rows import Row, seconds
from jobs.imports.control import control_slices
from jobs.imports.expected import NATIONAL, Expected
from jobs.synth import DEFECTS, Scale, write_national
from tests import postgres

CYCLE, ROUNDS = "2026-2027", 3
MEMORY_LIMIT = 500  # MB
CHUNK = 1 << 20
FIELDS = 25  # on the widest line
# Neither a delimiter nor a quote occurs in the file: each line is one value.
LINES = "COPY lines FROM STDIN (FORMAT csv, DELIMITER E'\\x01', QUOTE E'\\x02')"
SPLIT = "COPY split FROM STDIN (FORMAT csv, DELIMITER ';', QUOTE E'\\x02')"


def run() -> Iterator[Row]:
    with tempfile.TemporaryDirectory(prefix="aarshjul-bench-") as name, postgres.server() as server:
        file = Path(name, "national.txt")
        rows = write_national(file, CYCLE, scale=Scale.NATIONAL, defects=DEFECTS)
        padded = _padded(file)
        ours, lines, split = _rounds(server, file, padded)
        peer_is = f"bare COPY of the same {rows} lines into an unindexed table of text"
        yield Row(
            "Control of a national file, to fields",
            ours,
            split,
            "s",
            f"{peer_is}, {FIELDS} columns",
        )
        yield Row(
            "Control of a national file, to lines", ours, lines, "s", f"{peer_is}, one column"
        )
        limit = "the limit, whatever the file's size"
        yield Row("The same, peak memory", _peak(file), MEMORY_LIMIT, "MB", limit)


def control_whole(file: Path) -> int:
    """Judge a national file slice by slice; return its data lines."""
    return sum(part.rows for part in control_slices(file, Expected(NATIONAL, "20262027")))


def _rounds(server: str, file: Path, padded: Path) -> tuple[float, ...]:
    """The median seconds of control and of each COPY, taken in turn."""
    columns = ", ".join(f"f{nr} text" for nr in range(FIELDS))
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("CREATE TABLE lines (line text)")
        connection.execute(f"CREATE TABLE split ({columns})")
        taken = [
            (
                seconds(lambda: control_whole(file)),
                _copied(connection, "lines", LINES, file),
                _copied(connection, "split", SPLIT, padded),
            )
            for _ in range(ROUNDS)
        ]
    return tuple(median(times) for times in zip(*taken, strict=True))


def _copied(connection: psycopg.Connection, table: str, command: str, file: Path) -> float:
    connection.execute(f"TRUNCATE {table}")
    return seconds(lambda: _copy(connection, command, file))


def _copy(connection: psycopg.Connection, command: str, file: Path) -> None:
    with file.open("rb") as source, connection.cursor() as cursor, cursor.copy(command) as copy:
        while chunk := source.read(CHUNK):
            copy.write(chunk)


def _padded(file: Path) -> Path:
    """The same lines, each with as many fields: COPY takes no other."""
    padded = file.with_suffix(".padded")
    with file.open("rb") as source, padded.open("wb") as target:
        for line in source:
            content = line.removesuffix(b"\r\n")
            target.write(content + b";" * (FIELDS - 1 - content.count(b";")) + b"\r\n")
    return padded


def _peak(file: Path) -> float:
    """The peak memory in MB of a process that does nothing else."""
    command = [sys.executable, "-m", "bench.control", str(file)]
    return int(subprocess.run(command, check=True, capture_output=True, text=True).stdout) / 1024


def _report_peak(file: Path) -> None:
    control_whole(file)
    status = Path("/proc/self/status").read_text(encoding="ascii")
    print(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")))


if __name__ == "__main__":
    _report_peak(Path(sys.argv[1]))
