"""Small jobs for the engine's tests; each leaves a trace that shows how often it really ran."""

import os
import signal
import sqlite3
import sys
import time
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from jobs.api import DataStep, Job, ReceiptFacts, Refusal, StartsOn, Step
from jobs.channels.files import write_whole

STEPS = ("read", "load", "write")


def _hold(context, name):
    """Block inside a step while the test wants it: it kills us here."""
    hold = context.data_dir / f"hold-{name}"
    if hold.exists():
        (context.data_dir / f"holding-{name}").touch()
        while hold.exists():
            time.sleep(0.02)


def _begun(context, name):
    with (context.data_dir / f"begun-{name}").open("a", encoding="utf-8") as lines:
        lines.write("x")


def read(context, _facts):
    _begun(context, "read")
    _hold(context, "read")
    return {"rows": 1000}


def load(context, session, facts):
    _begun(context, "load")
    session.execute(text("CREATE TABLE IF NOT EXISTS loaded (n integer)"))
    for n in range(facts["rows"]):
        session.execute(text("INSERT INTO loaded VALUES (:n)"), {"n": n})
    _hold(context, "load")
    return {"loaded": facts["rows"]}


def write(context, facts):
    _begun(context, "write")
    _hold(context, "write")
    said = f"{facts['loaded']} by {os.environ.get('AARSHJUL_NODE')}"
    write_whole(context.data_dir / "sent" / f"{context.order.scope}.txt", [said.encode()])
    receipt = ReceiptFacts("delivery", "test", "ref-1", {"rows": facts["loaded"]})
    return {"receipt": receipt.as_json()}


def refuse(_context, _session, _facts):
    raise Refusal("Raden på linje 3 mangler dato.", "Rett den og lever på nytt.")


def load_then_refuse(context, session, facts):
    load(context, session, facts)
    return refuse(context, session, facts)


def break_down(_context, _facts):
    raise ValueError("person 15830650021 is broken")


def disk_full(context, _facts):
    _begun(context, "full")
    raise OSError(28, "No space left on device", "utboks/fil.csv")


GOOD = Job(
    "good",
    "God",
    StartsOn.DUE,
    (Step("read", "Les", read), DataStep("load", "Last", load), Step("write", "Skriv", write)),
)
REFUSING = Job(
    "refusing",
    "Avviser",
    StartsOn.DUE,
    (Step("read", "Les", read), DataStep("load", "Last", load_then_refuse)),
)
BREAKING = Job("breaking", "Ryker", StartsOn.DUE, (Step("break", "Ryk", break_down),))


def conflict_once(context, session, _facts):
    """A conflict with another transaction the first time; the engine tries again."""
    _begun(context, "conflict")
    if len((context.data_dir / "begun-conflict").read_text(encoding="utf-8")) == 1:
        if session.get_bind().dialect.name == "sqlite":
            raise OperationalError("load", {}, sqlite3.OperationalError("database is locked"))
        session.execute(text("DO $$ BEGIN RAISE serialization_failure; END $$"))
    return {"receipt": ReceiptFacts("delivery", "test", "ref-1", {}).as_json()}


CONFLICTING = Job(
    "conflicting", "Kolliderer", StartsOn.DUE, (DataStep("load", "Last", conflict_once),)
)


def die(_context, _facts):
    os.kill(os.getpid(), signal.SIGKILL)


DEADLY = Job("deadly", "Dreper", StartsOn.DUE, (Step("die", "Dør", die),))
FULL = Job("full", "Full disk", StartsOn.DUE, (Step("full", "Skriv", disk_full),))


def passing_once(context, _session, _facts):
    """A disk that is away the first time; a data step is begun anew, in a new transaction."""
    _begun(context, "passing")
    if len((context.data_dir / "begun-passing").read_text(encoding="utf-8")) == 1:
        raise OSError(5, "Input/output error", "register")
    return {"receipt": ReceiptFacts("delivery", "test", "ref-1", {}).as_json()}


def away(context, *_others):
    _begun(context, "away")
    raise ConnectionError(111, "Connection refused")


def missing(context, *_others):
    _begun(context, "missing")
    raise FileNotFoundError(2, "No such file or directory", "fil.txt")


PASSING = Job("passing", "Går over", StartsOn.DUE, (DataStep("load", "Last", passing_once),))
AWAY = Job("away", "Borte", StartsOn.DUE, (Step("send", "Send", away),))
AWAY_DATA = Job("away-data", "Borte", StartsOn.DUE, (DataStep("send", "Send", away),))
MISSING = Job("missing", "Mangler", StartsOn.DUE, (Step("read", "Les", missing),))
TEST_JOBS = {
    job.name: job
    for job in (
        GOOD,
        REFUSING,
        BREAKING,
        FULL,
        CONFLICTING,
        PASSING,
        AWAY,
        AWAY_DATA,
        MISSING,
        DEADLY,
    )
}


def work(data_dir, fencing="fenced"):
    """The scheduler's process, with these jobs and no calendar (python -m … FOLDER).

    An "unfenced" one never asks whether its run is still its own: what the fence is there against.
    """
    from scheduler import daemon
    from scheduler.engine import durable
    from scheduler.settings import read_settings

    daemon.JOBS = TEST_JOBS
    if fencing == "unfenced":
        durable.fence = lambda _run_id: lambda: None
    calendar = Path(data_dir) / "none.yaml"
    daemon.run(read_settings(data_dir=Path(data_dir), calendar=calendar, tick_seconds=0.2))


if __name__ == "__main__":
    os.environ.setdefault("PYTHONUNBUFFERED", "1")
    work(*sys.argv[1:])
