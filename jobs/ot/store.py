"""Store: new lines, lines opened again, who was left out or is on the way, in the caller's transaction.

A line that is open is never touched: its status is the advisers'.
"""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import polars as pl
from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from jobs.ot.transfer import Transfer
from jobs.register.followup import (
    FIRST_STATUS,
    Event,
    OtHendelse,
    OtKjoring,
    OtLinje,
    OtPaVei,
    OtUtelatt,
    Source,
)

SHARED = ("otenhet", "tilmeldingskode", "undergrunn", "regel", "regler", "skjermet")


@dataclass(frozen=True, slots=True)
class Writer:
    """The run that writes, and when."""

    run_id: str
    at: datetime


def write(
    session: Session, transfer: Transfer, candidates: pl.DataFrame, writer: Writer
) -> dict[str, int]:
    """Write the candidates that no gate holds; returns how many lines are new and opened again."""
    known = _known(session, transfer)
    wanted = list(candidates.filter(pl.col("port").is_null()).iter_rows(named=True))
    new = [row for row in wanted if (row["person_id"], row["her"]) not in known]
    again = [
        (row, line)
        for row in wanted
        if (line := known.get((row["person_id"], row["her"]))) and line.avsluttet_at
    ]
    if new:
        session.execute(insert(OtLinje), [_line(row, transfer, writer) for row in new])
    for row, line in again:
        _open_again(line, row)
    session.flush()
    made = _ids(session, transfer, writer)
    events = [(row, made[row["person_id"], row["her"]]) for row in new]
    events += [(row, line.id) for row, line in again]
    if events:
        session.execute(
            insert(OtHendelse), [_registered(row, to, transfer, writer) for row, to in events]
        )
    return {"nye": len(new), "gjenapnet": len(again)}


def left_out(
    session: Session,
    transfer: Transfer,
    candidates: pl.DataFrame,
    categories: Collection[str],
    writer: Writer,
) -> None:
    """Replace who the categories left out the last time."""
    out = candidates.filter(pl.col("port").is_not_null())
    _replace(session, OtUtelatt, transfer, categories, _rows(out, transfer, writer, "regler"))


def on_the_way(
    session: Session,
    transfer: Transfer,
    candidates: pl.DataFrame,
    categories: Collection[str],
    writer: Writer,
) -> None:
    """Replace the candidates of the categories' last dry run; nobody, after a transfer."""
    _replace(session, OtPaVei, transfer, categories, _rows(candidates, transfer, writer))


def _replace(
    session: Session,
    model: type[OtUtelatt | OtPaVei],
    transfer: Transfer,
    categories: Collection[str],
    rows: list[dict[str, Any]],
) -> None:
    session.execute(
        delete(model).where(
            model.fylkesnummer == transfer.fylkesnummer,
            model.skolear == transfer.skolear,
            model.kategori.in_(categories),
        )
    )
    if rows:
        session.execute(insert(model), rows)


def _rows(
    candidates: pl.DataFrame, transfer: Transfer, writer: Writer, *more: str
) -> list[dict[str, Any]]:
    names = ("person_id", "kategori", "regel", "port", "setning", "skjermet", *more)
    return [
        {name: row[name] for name in names}
        | {"skolear": transfer.skolear, "fylkesnummer": row["her"], "run_id": writer.run_id}
        for row in candidates.iter_rows(named=True)
    ]


def note(
    session: Session,
    transfer: Transfer,
    categories: Collection[str],
    told: Mapping[str, Any],
    writer: Writer,
    *,
    dry: bool,
) -> None:
    """Keep a run's counts; a step that is begun twice writes the same row."""
    session.merge(
        OtKjoring(
            run_id=writer.run_id,
            fylkesnummer=transfer.fylkesnummer,
            skolear=transfer.skolear,
            kategorier=[str(category) for category in categories],
            per=transfer.per,
            torr=dry,
            tall=dict(told),
            at=writer.at,
        )
    )


def _known(session: Session, transfer: Transfer) -> dict[tuple[int, str], OtLinje]:
    lines = select(OtLinje).where(OtLinje.skolear == transfer.skolear)
    if transfer.fylkesnummer is not None:
        lines = lines.where(OtLinje.fylkesnummer == transfer.fylkesnummer)
    return {(line.person_id, line.fylkesnummer): line for line in session.scalars(lines)}


def _line(row: Mapping[str, Any], transfer: Transfer, writer: Writer) -> dict[str, Any]:
    return {name: row[name] for name in SHARED} | {
        "person_id": row["person_id"],
        "skolear": transfer.skolear,
        "fylkesnummer": row["her"],
        "bevis": json.loads(row["bevis"]),
        "otstatus": FIRST_STATUS,
        "opprettet_at": writer.at,
        "opprettet_av": writer.run_id,
    }


def _open_again(line: OtLinje, row: Mapping[str, Any]) -> None:
    """A new break-off: the line begins anew, and what it was stands in its events."""
    for name in SHARED:
        setattr(line, name, row[name])
    line.bevis, line.otstatus = json.loads(row["bevis"]), FIRST_STATUS
    line.avsluttet_at = line.avsluttet_grunn = None


def _ids(session: Session, transfer: Transfer, writer: Writer) -> dict[tuple[int, str], int]:
    made: Iterable[Any] = session.execute(
        select(OtLinje.person_id, OtLinje.fylkesnummer, OtLinje.id).where(
            OtLinje.skolear == transfer.skolear, OtLinje.opprettet_av == writer.run_id
        )
    )
    return {(person, county): line for person, county, line in made}


def _registered(
    row: Mapping[str, Any], line: int, transfer: Transfer, writer: Writer
) -> dict[str, Any]:
    return {
        "linje_id": line,
        "slag": Event.REGISTERED.value,
        "gjelder": transfer.per,
        "at": writer.at,
        "kilde": Source.JOB.value,
        "aktor": writer.run_id,
        "otstatus": FIRST_STATUS,
        "tilmeldingskode": row["tilmeldingskode"],
        "otenhet": row["otenhet"],
        "grunn": row["setning"],
        "bevis": json.loads(row["bevis"]),
    }
