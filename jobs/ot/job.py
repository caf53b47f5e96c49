"""The transfer jobs: gate, select, write, report, receipt; one job a category.

The candidates are staged in a file between select and write, so that what is written is what was
selected also after a crash. The county's own youth is only counted until the county has chosen it.
"""

from collections.abc import Sequence

import polars as pl
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
    Trial,
)
from jobs.channels.files import write_whole
from jobs.ot import basis, report, store
from jobs.ot.candidates import find
from jobs.ot.catalogue import Category
from jobs.ot.choice import chosen
from jobs.ot.transfer import Transfer
from scheduler.calendar.occurrence import OSLO

STAGED = "kandidater.parquet"
RECEIVER = "ot"
JOBS_OF = {
    "transfer-ot-applicants": Category.APPLICANTS,
    "transfer-ot-broken-off": Category.BROKEN_OFF,
    "transfer-ot-youth": Category.YOUTH,
}
TITLES = {
    Category.APPLICANTS: "Overføring av søkere uten plass til OT",
    Category.BROKEN_OFF: "Overføring av dem som har sluttet, til OT",
    Category.YOUTH: "Overføring av ungdom med rett og uten plass (OSMO) til OT",
}


def transfer_of(order: Order) -> Transfer:
    """The transfer an order asks for: its county and school year, on the day it was decided."""
    per = order.now.astimezone(OSLO).date()
    return Transfer(order.scope, order.cycle.replace("-", ""), per)


def _category(order: Order) -> Category:
    return JOBS_OF[order.calendar_job]


def gate(ctx: JobContext, _facts: Facts) -> Facts:
    category = _category(ctx.order)
    with ctx.reading() as session:
        word = ctx.order.inputs.get("by_word", {})
        missing = basis.missing(session, transfer_of(ctx.order), [category], word)
    if missing:
        raise Refusal(*missing[category])
    return {}


def select(ctx: JobContext, _facts: Facts) -> Facts:
    found = find(ctx.engine, transfer_of(ctx.order), [_category(ctx.order)])
    found.candidates.write_parquet(ctx.work_dir / STAGED)
    return {"told": found.told}


def write(ctx: JobContext, session: Session, facts: Facts) -> Facts:
    transfer, category = transfer_of(ctx.order), _category(ctx.order)
    candidates = pl.read_parquet(ctx.work_dir / STAGED)
    writer = store.Writer(ctx.order.run_id, ctx.order.now)
    by_choice = chosen(session, transfer, category)
    wrote = store.write(session, transfer, candidates, writer) if by_choice else {}
    store.left_out(session, transfer, candidates, [category], writer)
    waiting = candidates.clear() if by_choice else candidates
    store.on_the_way(session, transfer, waiting, [category], writer)
    told = {**facts["told"], **wrote, **ctx.order.inputs}
    store.note(session, transfer, [category], told, writer, dry=not by_choice)
    return {"wrote": wrote, "dry": not by_choice}


def rehearse(ctx: JobContext, facts: Facts) -> Facts:
    """What a dry run does, with the counts alone to show for it; refused where a transfer would be."""
    gate(ctx, facts)
    transfer, category = transfer_of(ctx.order), _category(ctx.order)
    told = find(ctx.engine, transfer, [category]).told
    writer = store.Writer(ctx.order.run_id, ctx.order.now)
    with Session(ctx.engine) as session, session.begin():
        store.note(session, transfer, [category], told, writer, dry=True)
    return {"told": told}


def tell(ctx: JobContext, facts: Facts) -> Facts:
    """Put the counts where the county finds its answers; no person stands in them."""
    transfer, category = transfer_of(ctx.order), _category(ctx.order)
    name = f"ot-overforing-{category.value}-{transfer.per:%Y-%m-%d}.txt"
    folder = ctx.data_dir / "returns" / ctx.order.scope
    folder.mkdir(parents=True, exist_ok=True)
    lines = [TITLES[category], *_words(facts), *report.sentences(facts["told"])]
    write_whole(folder / name, [("\n".join(lines) + "\n").encode()])
    return {"report": name}


def _words(facts: Facts) -> Sequence[str]:
    if facts["dry"]:
        return ["Prøvekjøring: fylket har ikke valgt OSMO dette skoleåret, så ingen er overført."]
    wrote = facts["wrote"]
    return [f"{wrote['nye']} nye OT-linjer, {wrote['gjenapnet']} åpnet igjen."]


def receipt(ctx: JobContext, facts: Facts) -> Facts:
    ctx.clear_work_dir()
    told = facts["told"]
    acknowledged = ReceiptFacts(
        kind="transfer",
        receiver=RECEIVER,
        reference=facts["report"],
        detail={
            "kandidater": told["kandidater"],
            "utelatt": told["utelates"],
            **facts["wrote"],
            "prøvekjøring": facts["dry"],
        },
    )
    return {"receipt": acknowledged.as_json()}


# In the autumn what a transfer stands on comes late, so a refusal says only that it waits.
REHEARSAL = (Trial(Step("rehearse", "Prøver overføringen og teller", rehearse), waits=True),)
TRANSFERS = tuple(
    Job(
        name=name,
        title=TITLES[category],
        starts_on=StartsOn.DUE,
        steps=(
            Step("gate", "Kontrollerer at grunnlaget er lest inn", gate),
            Step("select", "Finner kandidatene", select),
            DataStep("write", "Skriver OT-linjene", write),
            Step("report", "Skriver rapporten", tell),
            Step("receipt", "Kvitterer", receipt),
        ),
        rehearsal=REHEARSAL,
        heeds=basis.rows_for(category),
    )
    for name, category in JOBS_OF.items()
)
