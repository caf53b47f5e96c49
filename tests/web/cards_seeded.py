"""Deliveries with everything a card shows: files, controls, sources, an approval, receipts."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from jobs.channels.marking import ANSWER
from jobs.register.tables import Delivery, Outbound
from scheduler.ledger import runs
from scheduler.ledger.slips import SlipRow
from tests.web import seed

SENT_AT = datetime(2026, 10, 23, 4, tzinfo=UTC)
LATER = SENT_AT + timedelta(hours=3)
MANIFEST_SHA, ENVELOPE_SHA, SLIP_SHA, SOURCE_SHA = (
    "ab12" * 16,
    "cd34" * 16,
    "ef56" * 16,
    "0a1b" * 16,
)
FINAL = "stat-ssbelev-endelig"
REASON = "Elevstatusen er satt for hånd etter avtale med skolen."
# What the card must never show: the schools and lines that the manifest tells of.
SCHOOL, LINES = "46001", [17, 18]


def final_key(county: str) -> str:
    return f"{FINAL}/{seed.CYCLE}/final/{county}"


def manifest(key: str, *sources: int, stage: str = "L1") -> dict[str, object]:
    county = key.rpartition("/")[2]

    def file(kind: str, rows: int, sha: str) -> dict[str, object]:
        return {
            "name": f"{kind}_{county}_20261001_{stage}.csv",
            "kind": kind,
            "sha256": sha * 16,
            "bytes": rows * 100,
            "rows": rows,
            "oppsett": {"versjon": "1", "kilde": "I"},
            "per_school": {SCHOOL: rows},
            "codes": {},
        }

    def finding(rule: str, severity: str, count: int) -> dict[str, object]:
        said = f"skole {SCHOOL} hadde 13 rader i 1. levering"
        return {"regel": rule, "alvor": severity, "fil": "ssbElev", "setning": said} | {
            "antall": count,
            "linjer": LINES,
        }

    return {
        "forekomst": key,
        "telledato": "2026-10-01",
        "filer": [file("ssbElev", 812, "9f2c"), file("ssbElevFag", 6011, "3b7e")],
        "importleveranser": list(sources),
        "kontroll": [finding("CR-STAT-02", "WARN", 3), finding("EGEN-LEV-05", "INFO", 1)],
    }


def _source(session: Session, county: str) -> int:
    """The county's file that the rows come from; its number."""
    query = select(Delivery).where(Delivery.sha256 == SOURCE_SHA, Delivery.sender == county)
    found = session.scalars(query).one_or_none() or Delivery(
        sha256=SOURCE_SHA,
        sender=county,
        deliverable=seed.IMPORT,
        file_name="telling.txt",
        archived_as="arkiv/telling.txt",
        bytes=10,
        received_at=datetime(2026, 10, 12, 9, tzinfo=UTC),
        state="loaded",
        rows=9001,
    )
    session.add(found)
    session.flush()
    return found.id


def sent(
    session: Session, key: str, *, stage: str = "L1", confirmed: bool = True, **more
) -> Outbound:
    """Note what the newest run of the occurrence sent, from one received file."""
    source = _source(session, key.rpartition("/")[2])
    run = runs.latest_run(session, key)
    assert run is not None
    values = {
        "idempotency_key": key,
        "occurrence_key": key,
        "run_id": run.id,
        "receiver": "ssb",
        "manifest_sha256": MANIFEST_SHA,
        "manifest": manifest(key, source, stage=stage),
        "intended_at": SENT_AT,
        "received_at": LATER if confirmed else None,
        "receipt": {"envelope_sha256": ENVELOPE_SHA, "kanal": "sftp"},
    }
    outbound = Outbound(**values | more)
    session.add(outbound)
    return outbound


def approved(session: Session, key: str, actor: str, sha256: str = MANIFEST_SHA) -> None:
    detail = {"run": f"{key}#1", "sha256": sha256, "past": []}
    runs.decide(session, actor, "approve", key, REASON, SENT_AT - timedelta(minutes=5), detail)


def slip(session: Session, key: str, state: str = "matched") -> None:
    session.add(
        SlipRow(
            receiver="ssb",
            name=f"{key.replace('/', '_')}.kvittering.json",
            sha256=SLIP_SHA,
            content=f'{{"levering": "{key}"}}',
            state=state,
            occurrence_key=key,
            read_at=LATER,
        )
    )


def rejected(session: Session, key: str) -> Outbound:
    answer = {"status": "avvist", "referanse": "R-1", "merknad": "Feil telledato."}
    return sent(session, key, confirmed=False, receipt={ANSWER: answer})
