"""A county's October extract into the register, against pandas and to_sql with the same rules."""

import tempfile
from collections.abc import Callable, Iterator
from datetime import date
from itertools import count
from pathlib import Path
from statistics import median

import pandas as pd
import psycopg
from sqlalchemy import Connection, Date, Engine, select
from sqlalchemy.orm import Session

from bench.county_import import COUNTY, CYCLE, SKOLEAR, imported, noted
from bench.pandas_peer.deriving import COURSE
from bench.pandas_peer.judging import Judged, control, counted
from bench.rows import Row, seconds
from jobs.imports.expected import Expected
from jobs.register.people import Person, PersonNumber
from jobs.register.pupils import Elevkurs, Faglinje
from jobs.register.schools import sync_schools
from jobs.register.tables import Quarantine, RegisterBase, Violation, table_of
from jobs.synth import DEFECTS, Scale, write_extract
from scheduler.ledger.database import open_database
from tests import postgres

ROUNDS = 3
RULES = len(counted("telling"))
EXPECTED, WRITTEN = Expected(COUNTY, SKOLEAR), date(2026, 10, 5)
FILLED = (Person, PersonNumber, Elevkurs, Faglinje, Violation, Quarantine)


def run() -> Iterator[Row]:
    with tempfile.TemporaryDirectory(prefix="aarshjul-bench-") as name, postgres.server() as server:
        folder, numbers = Path(name), count(1)
        extract = folder / "extract.txt"
        write_extract(extract, COUNTY, CYCLE, scale=Scale.COUNTY, defects=DEFECTS)

        def in_sqlite() -> Engine:
            return open_database(f"sqlite:///{folder / f'{next(numbers)}.db'}")

        def in_postgres() -> Engine:
            database = f"round_{next(numbers)}"
            with psycopg.connect(server, autocommit=True) as connection:
                connection.execute(f"CREATE DATABASE {database}")
            return open_database(server.replace("/postgres?", f"/{database}?"))

        for kind, fresh in (("SQLite", in_sqlite), ("PostgreSQL", in_postgres)):
            yield _row(kind, fresh, extract, folder)


def _row(kind: str, fresh: Callable[[], Engine], extract: Path, folder: Path) -> Row:
    """The medians of both in turn, each into an empty database; both must come to the same."""
    ours, peers = [], []
    for nr in range(ROUNDS):
        engine, other = fresh(), fresh()
        ours.append(imported(engine, extract, folder / f"{kind}{nr}")[0])
        _prepare(other, extract)
        peers.append(seconds(lambda other=other: _import(other, extract)))
        assert _came_to(engine) == _came_to(other), "the peer does something else"
        found = len(_came_to(engine)["violation"])
        engine.dispose()
        other.dispose()
    name = f"County import against pandas, {kind}: control, staging and load"
    peer_is = (
        f"pandas {pd.__version__} and to_sql: the same {RULES} October rules, {found} violations "
        "and rows"
    )
    return Row(name, median(ours), median(peers), "s", peer_is)


def _came_to(engine: Engine) -> dict[str, set[tuple[object, ...]]]:
    """What the tables hold: every line, with what tells whether it was judged and read the same."""
    with engine.connect() as connection:
        held = {
            model.__tablename__: connection.execute(
                select(*(table_of(model).c[name] for name in names))
            ).all()
            for model, names in {
                Person: ("linje", "fodselsnummer"),
                Elevkurs: ("linje", "elevstatus", "fullfortkode", "avbruddsdato"),
                Faglinje: ("linje", "fagkode", "startdato", "timer"),
                Violation: ("linje", "regel", "alvor", "felt", "skolenummer", "forklaring"),
                Quarantine: ("linje", "regler", "eier", "raw"),
            }.items()
        }
    assert all(len(rows) == len(set(rows)) for rows in held.values())
    return {name: {tuple(row) for row in rows} for name, rows in held.items()}


def _prepare(engine: Engine, extract: Path) -> None:
    RegisterBase.metadata.create_all(engine)
    with Session(engine) as session, session.begin():
        session.add(noted(extract))
        sync_schools(session)


def _import(engine: Engine, extract: Path) -> None:
    tables = _tables(control(extract, EXPECTED, WRITTEN))
    with engine.begin() as connection:
        for model in FILLED:
            _put(connection, model, tables[model].assign(delivery_id=1))


def _tables(judged: Judged) -> dict[type[RegisterBase], pd.DataFrame]:
    """The clean rows under numbers of their own, as the empty tables will hold them."""
    people, courses, subjects = (
        frame.assign(id=range(1, len(frame) + 1)) for frame in judged.frames.values()
    )
    numbers = people[["id", "fodselsnummer"]].rename(columns={"id": "person_id"})
    courses = courses.merge(numbers, on="fodselsnummer")
    above = courses[["id", *COURSE]].rename(columns={"id": "elevkurs_id"})
    found = judged.violations
    return {
        Person: people,
        PersonNumber: numbers,
        Elevkurs: courses,
        Faglinje: subjects.merge(above, on=COURSE),
        Violation: found,
        Quarantine: judged.quarantined.assign(outcome="open"),
    }


def _put(connection: Connection, model: type[RegisterBase], frame: pd.DataFrame) -> None:
    """Append with executemany; method="multi" takes more than ten times as long on both databases."""
    table = table_of(model)
    columns = [column.name for column in table.c if column.name in frame.columns]
    dates = {name: Date() for name in columns if isinstance(table.c[name].type, Date)}
    frame[columns].to_sql(table.name, connection, if_exists="append", index=False, dtype=dates)
