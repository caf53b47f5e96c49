"""The pages of a ledger that has ten school years behind it: server time, bytes and queries.

The site is as a server starts it, with what lasts out of its collections' way.
"""

import gzip
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from math import ceil
from pathlib import Path
from statistics import median

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event

from bench.rows import Row, seconds
from bench.ten_years import NOW, OCCURRENCE, YEARS, write_years
from scheduler.access.roles import OF_A_COUNTY, Grant, Role
from scheduler.ledger.database import open_database
from scheduler.settings import Settings
from tests import postgres
from tests.browser.pages import EVERY
from tests.web.people import let_in, new_account, signed_in
from web import create_app
from web.lasting import leave_what_lasts

ROUNDS, FEW_ROUNDS = 20, 5
PAGES = ("/", "/tavle", "/fylke/46", f"/forekomst/{OCCURRENCE}", "/drift", "/endringer")
FRONT = "/"
LIMIT_MS, LIMIT_KB, LIMIT_QUERIES = 50, 60, 12


def run() -> Iterator[Row]:
    with tempfile.TemporaryDirectory(prefix="aarshjul-bench-") as name, postgres.server() as server:
        for kind, url in (("SQLite", ""), ("PostgreSQL", server)):
            folder = Path(name, kind)
            folder.mkdir()
            yield from _of(kind, Settings(data_dir=folder, database_url=url))


def _of(kind: str, settings: Settings) -> Iterator[Row]:
    database = open_database(settings.ledger_url)
    write_years(database, settings)
    patient = settings.model_copy(update={"requests_per_minute": 1_000_000})
    app = create_app(patient, clock=lambda: NOW)
    leave_what_lasts()
    client = signed_in(app.test_client(), database, Role.OPERATOR)
    bodies = {page: _body(client, page) for page in PAGES}
    queries = {page: _queries(client, page) for page in PAGES}
    taken: dict[str, list[tuple[float, float]]] = {page: [] for page in PAGES}
    for _ in range(ROUNDS):
        for page, rounds in taken.items():
            rounds.append(_times(client, page))
    for page, rounds in taken.items():
        busy, whole = zip(*rounds, strict=True)
        packed = len(gzip.compress(bodies[page])) / 1000
        told = (
            f"the limit; median {median(busy):.0f} ms, on the clock {median(whole):.0f} ms; "
            f"{queries[page]} queries, {packed:.0f} kB gzipped"
        )
        name = f"Page {_short(page)} after {YEARS} years, {kind}: CPU, 95th percentile"
        yield Row(name, _high(busy), LIMIT_MS, "ms", told)
    front = len(gzip.compress(bodies[FRONT])) / 1000
    yield Row(f"The front page of it, {kind}, gzipped", front, LIMIT_KB, "kB", "the limit")
    most = max(queries.values())
    yield Row(f"Most queries of these pages, {kind}", most, LIMIT_QUERIES, "", "the limit")
    yield _slowest(kind, let_in(app.test_client(), database, _who_sees_all(database)))
    database.dispose()
    _engine(app).dispose()


def _slowest(kind: str, client: FlaskClient) -> Row:
    """All pages that there are but those above, each by the median of a few rounds."""
    others = [page for page, _ in EVERY if page not in PAGES and _answers(client, page)]
    taken = {page: _median(client, page) for page in others}
    first, *rest = sorted(taken, key=taken.__getitem__, reverse=True)
    over = sum(busy > LIMIT_MS for busy in taken.values())
    told = f"the limit; of {len(taken)} pages {over} over it; {first}, then {rest[0]} with {taken[rest[0]]:.0f} ms"
    return Row(f"The slowest other page, {kind}: CPU, median", taken[first], LIMIT_MS, "ms", told)


def _who_sees_all(database: Engine) -> int:
    grants = [Grant(role, "46" if role in OF_A_COUNTY else "") for role in Role]
    return new_account(database, "Alle roller", *grants)


def _answers(client: FlaskClient, page: str) -> bool:
    """Whether the page is there in this ledger; its first answer fills what it keeps."""
    return client.get(page).status_code == 200


def _median(client: FlaskClient, page: str) -> float:
    return median(_times(client, page)[0] for _ in range(FEW_ROUNDS))


def _short(page: str) -> str:
    return "/forekomst/…" if OCCURRENCE in page else page


def _times(client: FlaskClient, page: str) -> tuple[float, float]:
    """Milliseconds of processor time, and on the clock."""
    began = time.perf_counter()
    busy = seconds(lambda: _body(client, page), time.process_time)
    return busy * 1000, (time.perf_counter() - began) * 1000


def _high(taken: Iterable[float]) -> float:
    return sorted(taken)[ceil(0.95 * len(taken)) - 1]


def _body(client: FlaskClient, page: str) -> bytes:
    answer = client.get(page)
    assert answer.status_code == 200, (page, answer.status)
    return answer.data


def _queries(client: FlaskClient, page: str) -> int:
    with _statements() as asked:
        _body(client, page)
    return len(asked)


@contextmanager
def _statements() -> Iterator[list[str]]:
    """What any database is asked while the block lasts: no BEGIN, and no setting of a connection."""
    asked: list[str] = []

    def note(_connection, _cursor, statement: str, *_others) -> None:
        if not statement.startswith(("BEGIN", "SET ")):
            asked.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def _engine(app: Flask) -> Engine:
    return app.extensions["aarshjul"].engine
