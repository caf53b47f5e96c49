"""Traces: everything a played scene left behind that anybody could see, to be held against another.

Only numbers that a database gives out, and that leap when a transaction is undone, are left out.
"""

import re
from pathlib import Path

from sqlalchemy import Integer, select

from jobs.register.tables import RegisterBase
from scheduler.engine.durable import read_steps
from scheduler.ledger.tables import OccurrenceRow, ReceiptRow, RunRow

NUMBER_OF_DELIVERY = re.compile(rb'"leveranse": \d+|leveranse nr\. \d+')
FOLDERS = ("outbox", "returns", "archive", "inbox", "work", "rejected")
LEDGER = {
    RunRow: ("id", "state", "reasons", "finished_at"),
    ReceiptRow: ("run_id", "occurrence_key", "kind", "receiver", "reference", "received_at"),
    OccurrenceRow: ("key", "outcome", "outcome_at", "due_when_settled"),
}


def left_behind(settings, database):
    """The files by name, the register's and the ledger's rows by table, the engine's steps by run."""
    rows = _ledger(database)
    runs = [row[0] for row in rows["run"]]
    steps = {run: [step.name for step in read_steps(settings.engine_url, run)] for run in runs}
    return {"files": files(settings.data_dir), "steps": steps, **rows, **_register(database)}


def files(data_dir):
    """Every file and folder, also hidden ones, but for the inbox's empty folders."""
    found = {}
    for folder in FOLDERS:
        for path in sorted(Path(data_dir, folder).rglob("*")):
            if path.is_file():
                name = path.relative_to(data_dir).as_posix()
                found[name] = NUMBER_OF_DELIVERY.sub(b"", path.read_bytes())
            elif path.name.startswith("."):
                found[path.relative_to(data_dir).as_posix()] = b"a hidden folder"
    return found


def _ledger(database):
    with database.connect() as connection:
        return {
            table.__tablename__: sorted(
                map(tuple, connection.execute(select(*(getattr(table, n) for n in names)))),
                key=repr,
            )
            for table, names in LEDGER.items()
        }


def _register(database):
    with database.connect() as connection:
        return {
            table.name: sorted(
                repr(tuple(row)) for row in connection.execute(select(*_told(table)))
            )
            for table in RegisterBase.metadata.sorted_tables
            if _told(table)
        }


def _told(table):
    """The columns that say something: not numbers given out, nor those that point to them."""
    given_out = isinstance(table.c[0].type, Integer) and table.c[0].primary_key
    return [
        column
        for column in table.columns
        if not (given_out and column is table.c[0])
        and not (column.foreign_keys and isinstance(column.type, Integer))
        and not (column.name in ("delivery_id", "id") and isinstance(column.type, Integer))
    ]


def differences(found, expected):
    """What differs, in few words; two empty answers are the same."""
    return {
        name: (
            _less(found.get(name), expected.get(name)),
            _less(expected.get(name), found.get(name)),
        )
        for name in found.keys() | expected.keys()
        if found.get(name) != expected.get(name)
    }


def _less(some, others):
    if isinstance(some, dict):
        return sorted(key for key in some if (others or {}).get(key) != some[key])
    left = list(some or [])
    for each in others or []:
        if each in left:
            left.remove(each)
    return left[:5]
