"""The job deliver-ssbelev: gate, extract, intend, send, receipt.

What is intended stands in the register before anything is sent, so a crash at any point leaves
either nothing, an intent to look up, or a receipt.
"""

import shutil
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from jobs.api import (
    ATTEMPTS,
    DataStep,
    Facts,
    Job,
    JobContext,
    Order,
    ReceiptFacts,
    Refusal,
    StartsOn,
    Step,
)
from jobs.channels.files import sha256_of
from jobs.channels.outbox import MANIFEST, Parcel, hand_over
from jobs.register.tables import Outbound
from jobs.statistics.extract import Extract, read_manifest, write_files
from jobs.statistics.gate import reasons_to_refuse
from jobs.statistics.selection import Count

RECEIVER = "ssb"


def _count(order: Order) -> Count:
    """The count an order asks for: its county, its school year ("2026-2027"), its telledato."""
    if order.reference_date is None:
        raise ValueError(f"{order.key}: the calendar gives no reference date")
    return Count(order.scope, order.cycle.replace("-", ""), order.reference_date)


def _idempotency_key(order: Order) -> str:
    """The occurrence; a delivery that a person has approved anew is its run's own."""
    return order.run_id if order.inputs.get("approved") else order.key


def gate(ctx: JobContext, _facts: Facts) -> Facts:
    count = _count(ctx.order)
    with ctx.reading() as session:
        reasons = reasons_to_refuse(session, count.fylkesnummer, count.skolear)
    if reasons:
        raise Refusal(*reasons)
    return {}


def extract(ctx: JobContext, _facts: Facts) -> Facts:
    order = ctx.order
    wanted = Extract(_count(order), order.key, order.stage)
    try:
        manifest = write_files(ctx.engine, wanted, ctx.work_dir)
    except Refusal:
        shutil.rmtree(ctx.work_dir)
        raise
    files = read_manifest(manifest)["filer"]
    return {
        "manifest_sha256": sha256_of(manifest),
        "rows": {file["name"]: file["rows"] for file in files},
    }


def intend(ctx: JobContext, session: Session, facts: Facts) -> Facts:
    """Write what is about to be sent; decline other content than was received, or approved."""
    approved = ctx.order.inputs.get("approved", facts["manifest_sha256"])
    if approved != facts["manifest_sha256"]:
        raise Refusal("Innholdet er endret siden det ble godkjent. Se over det, og godkjenn det.")
    key = _idempotency_key(ctx.order)
    found = session.scalars(select(Outbound).where(Outbound.idempotency_key == key)).one_or_none()
    outbound = found or Outbound(idempotency_key=key, occurrence_key=ctx.order.key)
    if outbound.received_at and outbound.manifest_sha256 != facts["manifest_sha256"]:
        raise Refusal(
            "Leveringen er alt kvittert med et annet innhold. Godkjenn en ny levering hvis "
            "mottakeren skal ha den."
        )
    outbound.run_id = ctx.order.run_id
    outbound.receiver = RECEIVER
    outbound.manifest_sha256 = facts["manifest_sha256"]
    outbound.intended_at = ctx.order.now
    session.add(outbound)
    return {}


def send(ctx: JobContext, _facts: Facts) -> Facts:
    parcel = Parcel(RECEIVER, _idempotency_key(ctx.order), _files(ctx.work_dir))
    return {"handed_over": hand_over(ctx.data_dir / "outbox", parcel)}


def _files(folder: Path) -> list[Path]:
    """The files the manifest names, and the manifest itself last."""
    manifest = folder / MANIFEST
    return [folder / file["name"] for file in read_manifest(manifest)["filer"]] + [manifest]


def receipt(ctx: JobContext, session: Session, facts: Facts) -> Facts:
    key = _idempotency_key(ctx.order)
    outbound = session.scalars(select(Outbound).where(Outbound.idempotency_key == key)).one()
    outbound.received_at = ctx.order.now
    outbound.receipt = facts["handed_over"]
    shutil.rmtree(ctx.work_dir)
    files = [
        {"fil": name, "rader": facts["rows"].get(name), "sha256": digest}
        for name, digest in facts["handed_over"]["sha256"].items()
    ]
    acknowledged = ReceiptFacts(
        kind="delivery",
        receiver=RECEIVER,
        reference=facts["handed_over"]["reference"],
        detail={"filer": files},
    )
    return {"receipt": acknowledged.as_json()}


DELIVER_SSBELEV = Job(
    name="deliver-ssbelev",
    title="Levering av ssbElev og ssbElevFag",
    starts_on=StartsOn.DUE,
    steps=(
        Step("gate", "Kontrollerer at ingen feil er åpne", gate, ATTEMPTS),
        Step("extract", "Skriver filene fra registeret", extract, ATTEMPTS),
        DataStep("intend", "Noterer hva som skal sendes", intend),
        Step("send", "Legger filene i utboksen", send, ATTEMPTS),
        DataStep("receipt", "Tar imot kvitteringen", receipt),
    ),
)
