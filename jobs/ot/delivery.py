"""The job deliver-ot-data: control, extract as of the reference date, and the steps that send to Udir.

Layout and receiver's channel are ours (I). No cell is hidden in the file: the receiver gets individual data.
"""

import json
from datetime import date
from itertools import chain
from pathlib import Path

import polars as pl
from sqlalchemy.orm import Session

from jobs.api import Facts, Job, JobContext, Order, Refusal, StartsOn, Step, Trial
from jobs.channels.files import csv_lines, sha256_of, write_whole
from jobs.channels.outbox import MANIFEST
from jobs.ot import controls, facts
from jobs.ot.extract import COLUMNS, ot_data
from jobs.ot.figures import in_target, reasons
from jobs.ot.reading import read
from jobs.ot.transfer import Transfer
from jobs.statistics.job import reaching, sending

RECEIVER, VERSION = "udir", "1"
NOBODY = "Ingen er tilmeldt OT i fylket på telledatoen. Overfør først, eller frita leveringen."


def _counted(order: Order) -> Transfer:
    """The county and school year of the order, on its reference date."""
    if order.reference_date is None:
        raise ValueError(f"{order.key}: the calendar gives no reference date")
    return Transfer(order.scope, order.cycle.replace("-", ""), order.reference_date)


def gate(ctx: JobContext, _facts: Facts) -> Facts:
    with ctx.reading() as session:
        if _data(session, _counted(ctx.order)).is_empty():
            raise Refusal(NOBODY)
    return {}


def _data(session: Session, counted: Transfer) -> pl.DataFrame:
    return ot_data(session, counted.fylkesnummer, counted.skolear, counted.per)


def extract(ctx: JobContext, _facts: Facts) -> Facts:
    """Control what is to be sent, and write it; a rehearsal does it too, so that a fault is told ahead."""
    counted = _counted(ctx.order)
    with ctx.reading() as session:
        data = _data(session, counted)
        counts = controls.broken(data, facts.derive(read(session.connection(), counted), counted))
    if refused := controls.reasons_to_refuse(counts):
        raise Refusal(*refused)
    name = f"OT_{counted.fylkesnummer}_{counted.per:%Y%m%d}.csv"
    path = ctx.work_dir / name
    lines = csv_lines(chain([COLUMNS], map(_texts, data.select(COLUMNS).iter_rows())))
    digest = write_whole(path, (line.encode() for line in lines))
    manifest = ctx.work_dir / MANIFEST
    write_whole(manifest, [_manifest(ctx.order, path, digest, data, counts)])
    return {
        "controls": counts,
        "manifest_sha256": sha256_of(manifest),
        "rows": {name: data.height},
        "speaks_for": f"OT-data/{counted.fylkesnummer}/{counted.skolear}/{counted.per}",
        "to_be_signed": [],
    }


def _texts(row: tuple[object, ...]) -> list[str]:
    return [
        f"{cell:%Y%m%d}" if isinstance(cell, date) else "" if cell is None else str(cell)
        for cell in row
    ]


def _manifest(order: Order, path: Path, digest: str, data: pl.DataFrame, counts: Facts) -> bytes:
    file = {
        "name": path.name,
        "kind": "OT-data",
        "sha256": digest,
        "bytes": path.stat().st_size,
        "rows": data.height,
    }
    content = {
        "forekomst": order.key,
        "fylkesnummer": order.scope,
        "telledato": order.reference_date and order.reference_date.isoformat(),
        "oppsett": {"versjon": VERSION, "kilde": "I"},
        "filer": [file],
        "malgruppe": in_target(data).height,
        "tilmeldingsgrunner": reasons(data),
        "kontroller": counts,
    }
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()


GATE = Step("gate", "Ser etter tilmeldte i fylket", gate)
EXTRACT = Step("extract", "Kontrollerer og skriver filen pr. telledatoen", extract)

DELIVER_OT_DATA = Job(
    name="deliver-ot-data",
    title="Levering av OT-data",
    starts_on=StartsOn.DUE,
    steps=(GATE, EXTRACT, *sending(RECEIVER)),
    rehearsal=(Trial(GATE, waits=True), Trial(EXTRACT), Trial(reaching(RECEIVER))),
)
