"""The job that ends the lines of those who have turned too old, on 1 January.

There is no status for it: the membership ends, and the last status stands in the history.
"""

from datetime import date
from typing import Any

import polars as pl
from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from jobs.api import DataStep, Facts, Job, JobContext, ReceiptFacts, StartsOn, Step
from jobs.identity import birth_year_expression
from jobs.ot.transfer import Transfer
from jobs.register.followup import Event, OtHendelse, OtLinje, Source
from jobs.register.people import Person
from scheduler.calendar.occurrence import OSLO

WHY = "Over aldersgrensen ved årsskiftet"


def close(ctx: JobContext, session: Session, _facts: Facts) -> Facts:
    transfer = Transfer(
        None, ctx.order.cycle.replace("-", ""), ctx.order.now.astimezone(OSLO).date()
    )
    closed = close_too_old(session, transfer, ctx.order.run_id, ctx.order.now)
    return {"closed": closed}


def close_too_old(session: Session, transfer: Transfer, actor: str, now: Any) -> int:
    """End every open line, of any county and year, whose person is too old on the day."""
    lines = _too_old(session, transfer)
    if not lines:
        return 0
    ended = {"avsluttet_at": now, "avsluttet_grunn": WHY}
    session.execute(update(OtLinje), [{"id": line, **ended} for line in lines])
    session.execute(insert(OtHendelse), [_event(line, transfer.per, actor, now) for line in lines])
    return len(lines)


def _too_old(session: Session, transfer: Transfer) -> list[int]:
    open_lines = select(OtLinje.id, Person.fodselsnummer).join(
        Person, Person.id == OtLinje.person_id
    )
    rows = session.execute(open_lines.where(OtLinje.avsluttet_at.is_(None)))
    schema = {"id": pl.Int64, "fodselsnummer": pl.String}
    known = pl.DataFrame([tuple(row) for row in rows], schema=schema, orient="row")
    age = transfer.per.year - birth_year_expression("fodselsnummer")
    return known.filter(age > transfer.oldest)["id"].sort().to_list()


def _event(line: int, per: date, actor: str, now: Any) -> dict[str, Any]:
    return {
        "linje_id": line,
        "slag": Event.ENDED.value,
        "gjelder": per,
        "at": now,
        "kilde": Source.JOB.value,
        "aktor": actor,
        "grunn": WHY,
        "bevis": {},
    }


def receipt(_ctx: JobContext, facts: Facts) -> Facts:
    acknowledged = ReceiptFacts(
        kind="transfer", receiver="ot", reference=WHY, detail={"avsluttet": facts["closed"]}
    )
    return {"receipt": acknowledged.as_json()}


CLOSE_OT_AGE = Job(
    name="close-ot-age",
    title="Avslutter OT-linjene til dem som er over aldersgrensen",
    starts_on=StartsOn.DUE,
    steps=(
        DataStep("close", "Avslutter linjene", close),
        Step("receipt", "Kvitterer", receipt),
    ),
)
