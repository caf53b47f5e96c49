"""A ledger with something of everything: done, late, refused, failed, running and waived."""

import hashlib
from datetime import UTC, datetime, timedelta

from flask import Flask
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from jobs.imports.load import count_violations
from jobs.register.schools import sync_schools
from jobs.register.tables import Delivery, Outbound, Violation
from scheduler.calendar import parse_calendar
from scheduler.engine.decide import Why
from scheduler.engine.runtime import RunStep
from scheduler.ledger import runs
from scheduler.ledger.tables import CalendarVersion, NodeRow, OccurrenceRow
from scheduler.publishing.publish import publish
from scheduler.settings import PROJECT_ROOT, Settings
from tests.databases import create_tables
from tests.web.compiled import COMPILED
from tests.web.forms import FormClient
from web import create_app

NOW = datetime(2026, 10, 27, 11, 30, tzinfo=UTC)
CYCLE = "2026-2027"
IMPORT = "skole-off-telling-okt"
DELIVERY = "stat-ssbelev-l1"
PRIVATE_IMPORT = f"skole-priv-telling-okt/{CYCLE}/only/national"
MANIFEST = {
    "filer": [
        {"fil": "ssbElev_46.csv", "rader": 812, "sha256": "9f2c" * 16},
        {"fil": "manifest.json", "rader": None, "sha256": "3b7e" * 16},
    ]
}

IN_TIME = ("03", "11", "15", "31", "32", "33", "40", "46", "50")
REASON = "Filen fra skolene har 3 linjer med feil som må rettes (CR-DUP-01)."
FAILURE = "Disken ble full mens utboksen ble skrevet."


def import_key(county: str) -> str:
    return f"{IMPORT}/{CYCLE}/only/{county}"


def delivery_key(county: str) -> str:
    return f"{DELIVERY}/{CYCLE}/first/{county}"


def forwarding_key(turn: int = 2) -> str:
    return f"stat-ist-udir-videresending/{CYCLE}/{turn}/national"


def passed_sha256(contents: dict[str, str] | None = None) -> str:
    """The hash of what the second turn passes on: manifest hash by delivery, else of what is seeded."""
    seeded = {delivery_key(county): "" for county in (*IN_TIME, "18")}
    lines = (f"{key} {sha256}\n" for key, sha256 in sorted((contents or seeded).items()))
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def seed(engine: Engine, now: datetime = NOW) -> None:
    """Plan the real calendar and let nine counties deliver, five have trouble and one send nothing."""
    create_tables(engine)
    text = (PROJECT_ROOT / "calendar.yaml").read_text(encoding="utf-8")
    with Session(engine) as session, session.begin():
        calendar = parse_calendar(text, "calendar.yaml")
        publish(session, calendar, text, "calendar.yaml", "", now - timedelta(days=80))
        for county in IN_TIME:
            done(session, import_key(county), datetime(2026, 10, 12, 9, 5, tzinfo=UTC))
            done(session, delivery_key(county), datetime(2026, 10, 23, 4, 0, 9, tzinfo=UTC))
        done(session, import_key("18"), datetime(2026, 10, 26, 8, tzinfo=UTC))
        done(session, delivery_key("18"), datetime(2026, 10, 26, 8, 20, tzinfo=UTC))
        for county in ("34", "39", "42", "55"):
            done(session, import_key(county), datetime(2026, 10, 13, 7, tzinfo=UTC))
        undone(session, delivery_key("34"), "refused", REASON)
        undone(session, delivery_key("39"), "failed", FAILURE)
        request(session, delivery_key("42")).state = "running"
        runs.waive(session, delivery_key("55"), "kari", "Ingen elever i år.", now)
        runs.waive(session, PRIVATE_IMPORT, "kari", "Mottatt utenom systemet.", now)
        confirm(session, DELIVERY)
        file_received(session, "34")
        session.add(
            NodeRow(name="node-1", process_id=1, started_at=now, ticked_at=now, tick_seconds=15)
        )


def request(session: Session, key: str, at: datetime = NOW) -> runs.RunRow:
    row = runs.occurrence_row(session, key)
    job = "import-school" if row.deliverable == IMPORT else "deliver-ssbelev"
    number = runs.next_number(session, key)
    return runs.request_run(session, row, number, job, {}, Why.DUE.value, at)


def done(session: Session, key: str, at: datetime) -> None:
    run = request(session, key, at)
    receipt = {"kind": "outbox", "receiver": "ssb", "reference": "kv-0001", "detail": MANIFEST}
    runs.settle_done(session, run.id, receipt, at + timedelta(seconds=4))


def undone(session: Session, key: str, state: str, reason: str) -> None:
    run = request(session, key, datetime(2026, 10, 23, 4, tzinfo=UTC))
    runs.settle_undone(session, run.id, state, [reason], run.requested_at + timedelta(seconds=3))


def confirm(session: Session, deliverable: str) -> None:
    for row in session.scalars(
        select(OccurrenceRow).where(OccurrenceRow.deliverable == deliverable)
    ):
        row.date_status = "confirmed"


def left_uncertain(session: Session, key: str) -> Outbound:
    """A delivery that the occurrence's first run was about to send, without a receipt."""
    outbound = Outbound(
        idempotency_key=key,
        occurrence_key=key,
        run_id=f"{key}#1",
        receiver="ssb",
        manifest_sha256="1" * 64,
        intended_at=NOW,
    )
    session.add(outbound)
    return outbound


def file_held(session: Session, county: str) -> None:
    """A newer file that a run held back for a person to approve."""
    key = import_key(county)
    undone(session, key, "refused", "Filen ville avsluttet 80 av 90 elevkurs i registeret.")
    newest = runs.latest_run(session, key)
    session.add(
        Delivery(
            sha256="1" * 64,
            sender=county,
            deliverable=IMPORT,
            file_name="ny.txt",
            archived_as="arkiv/ny.txt",
            bytes=10,
            received_at=NOW,
            state="held",
            run_id=newest and newest.id,
        )
    )


def file_received(session: Session, county: str) -> None:
    delivery = Delivery(
        sha256="0" * 64,
        sender=county,
        deliverable=IMPORT,
        file_name="telling.txt",
        archived_as="arkiv/telling.txt",
        bytes=10,
        received_at=datetime(2026, 10, 13, 6, 59, tzinfo=UTC),
        state="loaded",
        rows=1234,
    )
    session.add(delivery)
    session.flush()
    for line in (17, 18, 40):
        session.add(
            Violation(
                delivery_id=delivery.id,
                regel="CR-DUP-01",
                alvor="ERROR",
                linje=line,
                linjetype="EK",
                skolenummer="34001",
                forklaring="Samme elevkurs står to ganger.",
            )
        )
    sync_schools(session)
    session.flush()
    count_violations(session.connection(), delivery.id)


def withdrawn(session: Session, key: str) -> None:
    """An occurrence that an earlier calendar held."""
    deliverable, cycle, stage, scope = key.split("/")
    session.add(
        OccurrenceRow(
            key=key,
            deliverable=deliverable,
            cycle=cycle,
            stage=stage,
            scope=scope,
            nominal=NOW.date(),
            due=NOW.date(),
            date_status="proposed",
            trace=[],
            fingerprint="",
            changed_at=NOW,
            outcome="withdrawn",
            outcome_at=NOW,
        )
    )


def rename(session: Session, old: str, new: str) -> None:
    """Give the calendar in use another text, as if calendar.yaml had said so."""
    version = session.scalars(select(CalendarVersion)).one()
    version.text = version.text.replace(old, new)


def recorded_steps(_run_id: str) -> list[RunStep]:
    return [
        RunStep("gate", NOW, NOW + timedelta(seconds=2), None),
        RunStep("extract", NOW, NOW + timedelta(seconds=75), None),
    ]


def create_site(config: Settings) -> Flask:
    """The site at the seed's instant, with steps as the engine would report them."""
    app = create_app(config, read_steps=recorded_steps, clock=lambda: NOW)
    app.test_client_class = FormClient
    app.jinja_env.bytecode_cache = COMPILED
    return app
