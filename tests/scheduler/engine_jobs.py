"""Small jobs for the engine's tests; each leaves a trace that shows how often it really ran."""

import os
import sqlite3
import sys
import time
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from jobs.api import DataStep, Job, ReceiptFacts, Refusal, StartsOn, Step

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
    target = context.work_dir / "file.txt"
    target.write_text(f"{facts['loaded']} at {context.order.now.isoformat()}", encoding="utf-8")
    _hold(context, "write")
    receipt = ReceiptFacts("delivery", "test", "ref-1", {"rows": facts["loaded"]})
    return {"receipt": receipt.as_json()}


def refuse(_context, _session, _facts):
    raise Refusal("Raden på linje 3 mangler dato.", "Rett den og lever på nytt.")


def load_then_refuse(context, session, facts):
    load(context, session, facts)
    return refuse(context, session, facts)


def break_down(_context, _facts):
    raise ValueError("person 15830650021 is broken")


def disk_full(_context, _facts):
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
STUBBORN = Job(
    "stubborn", "Gir seg ikke", StartsOn.DUE, (Step("full", "Skriv", disk_full, attempts=2),)
)


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
FULL = Job("full", "Full disk", StartsOn.DUE, (Step("full", "Skriv", disk_full),))
TEST_JOBS = {job.name: job for job in (GOOD, REFUSING, BREAKING, FULL, STUBBORN, CONFLICTING)}


def work(data_dir):
    """The scheduler's process, with these jobs and no calendar (python -m … FOLDER)."""
    from scheduler import daemon
    from scheduler.settings import read_settings

    daemon.JOBS = TEST_JOBS
    calendar = Path(data_dir) / "none.yaml"
    daemon.run(read_settings(data_dir=Path(data_dir), calendar=calendar, tick_seconds=0.2))


if __name__ == "__main__":
    os.environ.setdefault("PYTHONUNBUFFERED", "1")
    work(sys.argv[1])
