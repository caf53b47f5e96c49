"""The import jobs: control, load, report, receipt, the same steps whatever is taken in.

A file is loaded whole or refused whole. A refusal is noted on the delivery by the step that
finds it, in a transaction of its own, so that it stands although nothing else does.
"""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from jobs.api import (
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
from jobs.channels.files import write_whole
from jobs.imports import load as loading
from jobs.imports.against import expected_of
from jobs.imports.control import FileFault, control_slices
from jobs.imports.hold import reasons_to_hold
from jobs.imports.intakes import Intake, intakes, later_jobs
from jobs.imports.layout import load_layout
from jobs.imports.report import answer_stem, local, write_report
from jobs.imports.stage import Slice, Tally, is_whole, stage
from jobs.register.datasets import Extent
from jobs.register.feedback import followed_lines
from jobs.register.tables import Delivery, DeliveryState
from jobs.statistics.following import follow
from jobs.wording import shortened

FILE_RULE = "FIL"
RECEIVER = "vigo"


def _intake(order: Order) -> Intake:
    return intakes()[order.job]


def _extent(order: Order) -> Extent:
    """What the order's delivery speaks for."""
    return _intake(order).extent(order.scope, order.cycle)


def _delivery_id(order: Order) -> int:
    return int(order.inputs["delivery_id"])


def _returns(ctx: JobContext) -> Path:
    return ctx.data_dir / "returns" / ctx.order.scope


def control(ctx: JobContext, _facts: Facts) -> Facts:
    """Control the archived file and stage what the load needs; refuse or hold what cannot go on."""
    extent = _extent(ctx.order)
    try:
        tally = stage(
            ctx.engine, _controlled(ctx, extent), extent, _delivery_id(ctx.order), ctx.work_dir
        )
    except FileFault as fault:
        reasons = list(_sentences(fault))
        _refuse(ctx, fault, reasons)
        raise Refusal(*shortened(reasons)) from None
    _note_control(ctx, tally)
    _hold_if_doubtful(ctx, tally)
    return {"rows": tally.rows, **tally.counts}


def _controlled(ctx: JobContext, extent: Extent) -> Iterator[Slice]:
    _refuse_what_comes_too_late(ctx, extent)
    yield from _slices(ctx, extent)


def _slices(ctx: JobContext, extent: Extent) -> Iterator[Slice]:
    with ctx.reading() as session:
        delivery = session.get_one(Delivery, _delivery_id(ctx.order))
        expected = expected_of(session, _intake(ctx.order), extent, ctx.limits)
    path, layout = ctx.data_dir / delivery.archived_as, load_layout(_intake(ctx.order).layout)
    yield from control_slices(path, expected, layout, delivery.sha256)


def _refuse_what_comes_too_late(ctx: JobContext, extent: Extent) -> None:
    """A complete extract never replaces one that belongs later in the year."""
    intake = _intake(ctx.order)
    if not intake.full:
        return
    query = select(Delivery.file_name).where(
        Delivery.job.in_(later_jobs(intake)),
        Delivery.sender == ctx.order.scope,
        Delivery.skolear == extent.period,
        Delivery.state.in_([DeliveryState.LOADED, DeliveryState.SUPERSEDED]),
    )
    with ctx.reading() as session:
        later = session.scalar(query.order_by(Delivery.id.desc()).limit(1))
    if later is not None:
        sentence = (
            f"«{later}», som hører til senere i skoleåret, er alt lastet, og denne filen ville "
            "erstattet den. Lever rettelsen i den nyeste innlesingen i stedet."
        )
        raise FileFault((None, sentence))


def _sentences(fault: FileFault) -> Iterable[str]:
    return (f"Linje {line}: {text}" if line else text for line, text in fault.faults)


def _refuse(ctx: JobContext, fault: FileFault, reasons: list[str]) -> None:
    """Note the refusal and its reasons on the delivery, and answer the sender."""
    broken = [
        {"regel": FILE_RULE, "alvor": "ERROR", "linje": line, "forklaring": text}
        for line, text in fault.faults
    ]
    with Session(ctx.engine) as session, session.begin():
        delivery = _settled(ctx, session, DeliveryState.REFUSED)
        loading.record_violations(session, delivery.id, broken)
        stem = answer_stem(delivery)
    _answer(ctx, f"{stem}.avvist.txt", "Filen er avvist. Ingenting er lastet.", *reasons)


def _answer(ctx: JobContext, name: str, *sentences: str) -> None:
    write_whole(_returns(ctx) / name, ["".join(f"{line}\n" for line in sentences).encode()])


def _settled(ctx: JobContext, session: Session, state: DeliveryState) -> Delivery:
    delivery = session.get_one(Delivery, _delivery_id(ctx.order))
    delivery.state = state.value
    delivery.skolear = _extent(ctx.order).period
    delivery.job = ctx.order.job
    delivery.run_id = ctx.order.run_id
    delivery.settled_at = ctx.order.now
    return delivery


def _note_control(ctx: JobContext, tally: Tally) -> None:
    with Session(ctx.engine) as session, session.begin():
        delivery = session.get_one(Delivery, _delivery_id(ctx.order))
        delivery.skolear = _extent(ctx.order).period
        delivery.job = ctx.order.job
        delivery.run_id = ctx.order.run_id
        delivery.rows, delivery.counts = tally.rows, tally.counts


def _hold_if_doubtful(ctx: JobContext, tally: Tally) -> None:
    """A file that would end or set aside too much waits for a yes; the sender is told."""
    if ctx.order.inputs.get("approved"):
        return
    with Session(ctx.engine) as session, session.begin():
        reasons = reasons_to_hold(
            session,
            _intake(ctx.order),
            _extent(ctx.order),
            _delivery_id(ctx.order),
            ctx.work_dir,
            tally,
        )
        if not reasons:
            return
        stem = answer_stem(_settled(ctx, session, DeliveryState.HELD))
    _answer(
        ctx,
        f"{stem}.holdt-igjen.txt",
        "Filen er holdt igjen. Ingenting er lastet.",
        *reasons,
        "Er uttrekket riktig, så vent: filen lastes når mottakeren har godkjent den. "
        "Mangler noe, så lever en hel fil.",
    )
    raise Refusal(*reasons, "Er uttrekket helt? Lever et nytt, eller godkjenn dette.")


def load(ctx: JobContext, session: Session, _facts: Facts) -> Facts:
    """Load what the control staged; stage it anew if a crash or a restore has taken it since."""
    extent, delivery_id = _extent(ctx.order), _delivery_id(ctx.order)
    if not is_whole(ctx.engine, extent, delivery_id, ctx.work_dir):
        stage(ctx.engine, _slices(ctx, extent), extent, delivery_id, ctx.work_dir)
    touched = loading.load(
        session,
        delivery_id,
        extent,
        ctx.work_dir,
        ctx.order.now,
        full=_intake(ctx.order).full,
    )
    session.flush()
    followed = followed_lines(session, ctx.order.scope)
    follow(session, followed, delivery_id, ctx.order.now)
    return touched


def report(ctx: JobContext, _facts: Facts) -> Facts:
    with ctx.reading() as session:
        delivery = session.get_one(Delivery, _delivery_id(ctx.order))
        written = write_report(session, delivery, _returns(ctx))
    return {"report": [path.name for path in written]}


def receipt(ctx: JobContext, facts: Facts) -> Facts:
    """Acknowledge the delivery to its sender, and remove the run's own files."""
    with ctx.reading() as session:
        delivery = session.get_one(Delivery, _delivery_id(ctx.order))
        content = {
            "leveranse": delivery.id,
            "fil": delivery.file_name,
            "sha256": delivery.sha256,
            "mottatt": local(delivery.received_at),
            "datalinjer": delivery.rows,
            **delivery.counts,
            "kontrollrapport": facts["report"],
        }
        path = _returns(ctx) / f"{answer_stem(delivery)}.kvittering.json"
    text = json.dumps(content, ensure_ascii=False, indent=2) + "\n"
    write_whole(path, [text.encode()])
    ctx.clear_work_dir()
    acknowledged = ReceiptFacts("import", RECEIVER, path.name, content)
    return {"receipt": acknowledged.as_json()}


STEPS = (
    Step("control", "Kontrollerer filen", control),
    DataStep("load", "Laster i registeret", load),
    Step("report", "Skriver kontrollrapporten", report),
    Step("receipt", "Kvitterer til avsenderen", receipt),
)
IMPORTS = tuple(
    Job(name=intake.job, title=intake.title, starts_on=StartsOn.ARRIVAL, steps=STEPS)
    for intake in intakes().values()
)
