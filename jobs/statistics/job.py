"""The delivery jobs: gate, extract, intend, send, receipt; the last three are any delivery's.

What is intended stands in the register before anything is sent, so a crash at any point leaves
either nothing, an intent to look up, or a receipt.
"""

from functools import partial
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from jobs.api import (
    AWAITS_RECEIPT,
    DataStep,
    Facts,
    Job,
    JobContext,
    Order,
    ReceiptFacts,
    Refusal,
    StartsOn,
    Step,
    Trial,
)
from jobs.channels.choosing import Channel, channel_of
from jobs.channels.files import sha256_of
from jobs.channels.marking import mark_of
from jobs.channels.outbox import MANIFEST, Parcel
from jobs.register.tables import Outbound
from jobs.statistics.comparing import speaks_for
from jobs.statistics.deliveries import Delivery, deliveries
from jobs.statistics.extract import Extract
from jobs.statistics.gate import reasons_to_refuse
from jobs.statistics.manifest import read_manifest
from jobs.statistics.prepare import Prepared, prepare
from jobs.wording import shortened


def _delivery(order: Order) -> Delivery:
    return deliveries()[order.calendar_job]


def _idempotency_key(order: Order) -> str:
    """The occurrence; a delivery that a person has approved anew is its run's own."""
    return order.run_id if order.inputs.get("approved") else order.key


def gate(ctx: JobContext, _facts: Facts) -> Facts:
    delivery, forced = _delivery(ctx.order), bool(ctx.order.inputs.get("forced"))
    with ctx.reading() as session:
        reasons = reasons_to_refuse(
            session, delivery.sources, delivery.count(ctx.order), forced=forced
        )
    if reasons:
        raise Refusal(*shortened(reasons))
    return {}


def extract(ctx: JobContext, _facts: Facts) -> Facts:
    """Write the files, control them, and refuse what no reason can let through."""
    try:
        return _facts_of(ctx.order, _prepared(ctx))
    except Refusal:
        ctx.clear_work_dir()
        raise


def prepare_by_hand(ctx: JobContext, folder: Path) -> Prepared:
    """Write a delivery's files in a folder, as the job does before it sends them.

    Raises Refusal when its source is missing or wrong, or a value does not fit.
    """
    gate(ctx, {})
    return _written(ctx, folder)


def _written(ctx: JobContext, folder: Path) -> Prepared:
    wanted = Extract.of(_delivery(ctx.order), ctx.order)
    return prepare(ctx.engine, wanted, folder, real_people=ctx.limits.real_people)


def _prepared(ctx: JobContext) -> Prepared:
    prepared = _written(ctx, ctx.work_dir)
    if prepared.blocking:
        raise Refusal(*shortened(prepared.blocking))
    return prepared


def _facts_of(order: Order, prepared: Prepared) -> Facts:
    return {
        "speaks_for": speaks_for(Extract.of(_delivery(order), order)),
        "manifest_sha256": sha256_of(prepared.manifest),
        "rows": {file.name: file.rows for file in prepared.files},
        "to_be_signed": shortened(prepared.to_be_signed),
    }


def intend(receiver: str, ctx: JobContext, session: Session, facts: Facts) -> Facts:
    """Write what is about to be sent; decline other content than was received, or approved."""
    approved = ctx.order.inputs.get("approved")
    _must_be_signed(approved, facts)
    key = _idempotency_key(ctx.order)
    found = session.scalars(select(Outbound).where(Outbound.idempotency_key == key)).one_or_none()
    outbound = found or Outbound(idempotency_key=key, occurrence_key=ctx.order.key)
    if outbound.received_at and outbound.manifest_sha256 != facts["manifest_sha256"]:
        raise Refusal(
            "Leveringen er alt kvittert med et annet innhold. Godkjenn en ny levering hvis "
            "mottakeren skal ha den."
        )
    outbound.run_id = ctx.order.run_id
    outbound.receiver = receiver
    outbound.manifest_sha256 = facts["manifest_sha256"]
    outbound.manifest = read_manifest(ctx.work_dir / MANIFEST)
    outbound.speaks_for = facts["speaks_for"]
    outbound.intended_at = ctx.order.now
    session.add(outbound)
    return {}


def _must_be_signed(approved: str | None, facts: Facts) -> None:
    """Decline what a person has signed when it is other content, and what nobody has signed."""
    if approved not in (None, facts["manifest_sha256"]):
        raise Refusal("Innholdet er endret siden det ble godkjent. Se over det, og godkjenn det.")
    if approved is None and facts["to_be_signed"]:
        raise Refusal(
            *facts["to_be_signed"],
            "Rett og lever importen på nytt, eller godkjenn leveringen med en begrunnelse.",
        )


def reach(receiver: str, ctx: JobContext, _facts: Facts) -> Facts:
    """Whether the channel would take what lies ready, without giving it anything."""
    size = sum(path.stat().st_size for path in ctx.work_dir.iterdir())
    return {"reached": _channel(receiver, ctx).reach(size)}


def send(receiver: str, ctx: JobContext, _facts: Facts) -> Facts:
    key = _idempotency_key(ctx.order)
    parcel = Parcel(receiver, key, _files(ctx.work_dir))
    return {"handed_over": _channel(receiver, ctx).put(parcel, mark_of(ctx.engine, key))}


def _channel(receiver: str, ctx: JobContext) -> Channel:
    return channel_of(receiver, ctx.channels, ctx.data_dir)


def _files(folder: Path) -> list[Path]:
    """The files the manifest names, and the manifest itself last."""
    manifest = folder / MANIFEST
    return [folder / file["name"] for file in read_manifest(manifest)["filer"]] + [manifest]


def receipt(ctx: JobContext, session: Session, facts: Facts) -> Facts:
    key = _idempotency_key(ctx.order)
    outbound = session.scalars(select(Outbound).where(Outbound.idempotency_key == key)).one()
    ctx.clear_work_dir()
    files = [
        {"fil": name, "rader": facts["rows"].get(name), "sha256": digest}
        for name, digest in facts["handed_over"]["sha256"].items()
    ]
    outbound.receipt = facts["handed_over"] | {"filer": files}
    if facts["handed_over"].get(AWAITS_RECEIPT):
        return {AWAITS_RECEIPT: True}
    outbound.received_at = ctx.order.now
    acknowledged = ReceiptFacts(
        kind="delivery",
        receiver=outbound.receiver,
        reference=facts["handed_over"]["reference"],
        detail={"filer": files},
    )
    return {"receipt": acknowledged.as_json()}


def sending(receiver: str) -> tuple[DataStep | Step, ...]:
    """The last steps of any delivery.

    They read of the facts: "manifest_sha256", "rows" (by file), "speaks_for" (what it is of, whichever
    deadline it answers) and "to_be_signed" (warnings that somebody must give a reason for).
    """
    return (
        DataStep("intend", "Noterer hva som skal sendes", partial(intend, receiver)),
        Step("send", "Sender filene", partial(send, receiver)),
        DataStep("receipt", "Tar imot kvitteringen", receipt),
    )


def reaching(receiver: str) -> Step:
    """The last step of any delivery's rehearsal."""
    return Step("reach", "Prøver om kanalen tar imot", partial(reach, receiver))


GATE = Step("gate", "Kontrollerer at ingen feil er åpne", gate)
EXTRACT = Step("extract", "Skriver og kontrollerer filene", extract)
DELIVERIES = tuple(
    Job(
        name=delivery.job,
        title=delivery.title,
        starts_on=StartsOn.DUE,
        steps=(GATE, EXTRACT, *sending(delivery.receiver)),
        rehearsal=(Trial(GATE, waits=True), Trial(EXTRACT), Trial(reaching(delivery.receiver))),
    )
    for delivery in deliveries().values()
)
