"""Listing: the rows of a county's lists of persons, as queries that others narrow, order and page.

Every row has the same columns, those of `persons.Entry`. A list is of what the newest run of each
category found, dry or not, and of the lines.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Any

from sqlalchemy import Date, Select, String, cast, func, literal, null, or_, select, union
from sqlalchemy.orm import Session, aliased

from jobs.api import REHEARSAL
from jobs.codelists import table
from jobs.register.followup import (
    Event,
    OtHendelse,
    OtKjoring,
    OtLinje,
    OtPaVei,
    OtUtelatt,
    Personmerke,
)

Rows = Select[*tuple[Any, ...]]


@cache
def protecting() -> tuple[str, ...]:
    """The codes of the marks that protect an address."""
    return tuple(table("personmerke").filter(slag="skjermet")["kode"])


class Listing(StrEnum):
    """Which persons: those a run takes in, those it leaves out, and those registered without contact."""

    COMING = "inn"
    LEFT_OUT = "utelatt"
    OLDEST = "eldste"


@dataclass(frozen=True, slots=True)
class Asked:
    """A county, a school year ("20262027") and the day it is asked."""

    fylkesnummer: str
    skolear: str
    today: date


def newest_runs(
    session: Session, asked: Asked, *, rehearsals: bool = False
) -> dict[str, OtKjoring]:
    """Category -> its newest run, dry or not; `rehearsals` counts those that kept no candidates."""
    query = select(OtKjoring).where(
        OtKjoring.fylkesnummer == asked.fylkesnummer, OtKjoring.skolear == asked.skolear
    )
    if not rehearsals:
        query = query.where(OtKjoring.run_id.not_like(f"%{REHEARSAL}-%"))
    runs = session.scalars(query.order_by(OtKjoring.at, OtKjoring.run_id))
    return {category: run for run in runs for category in run.kategorier}


def _run_ids(session: Session, asked: Asked) -> tuple[list[str], list[str]]:
    """The newest runs that were dry, and those that transferred."""
    runs = {run.run_id: run.torr for run in newest_runs(session, asked).values()}
    return [run for run, dry in runs.items() if dry], [run for run, dry in runs.items() if not dry]


def coming(session: Session, asked: Asked) -> tuple[Rows, ...]:
    """Whom the newest dry runs would transfer, and whom the newest transfers did."""
    dry, real = _run_ids(session, asked)
    waiting = _candidates(asked, OtPaVei, Listing.COMING, dry).where(OtPaVei.port.is_(None))
    came = _of_lines(Listing.COMING).where(
        OtHendelse.slag == Event.REGISTERED.value,
        OtHendelse.aktor.in_(real),
        OtLinje.skolear == asked.skolear,
        OtLinje.fylkesnummer == asked.fylkesnummer,
    )
    return waiting, came


def left_out(session: Session, asked: Asked) -> tuple[Rows, ...]:
    dry, real = _run_ids(session, asked)
    tried = _candidates(asked, OtPaVei, Listing.LEFT_OUT, dry).where(OtPaVei.port.is_not(None))
    return tried, _candidates(asked, OtUtelatt, Listing.LEFT_OUT, real)


def _candidates(
    asked: Asked, model: type[OtPaVei | OtUtelatt], listing: Listing, runs: list[str]
) -> Rows:
    columns = (
        literal(listing.value).label("liste"),
        model.person_id,
        model.regel,
        model.port,
        model.setning,
        cast(null(), Date).label("dag"),
        cast(null(), String).label("otenhet"),
    )
    return select(*columns).where(
        model.fylkesnummer == asked.fylkesnummer,
        model.skolear == asked.skolear,
        model.run_id.in_(runs),
    )


def registered(asked: Asked) -> Rows:
    """Everybody who is registered, by the newest registration."""
    event = aliased(OtHendelse)
    newest = select(func.max(event.id)).where(
        event.linje_id == OtLinje.id, event.slag == Event.REGISTERED.value
    )
    return _of_lines(Listing.OLDEST).where(
        OtLinje.fylkesnummer == asked.fylkesnummer,
        OtLinje.skolear == asked.skolear,
        OtLinje.avsluttet_at.is_(None),
        OtHendelse.id == newest.scalar_subquery(),
    )


def _of_lines(listing: Listing) -> Rows:
    columns = (
        literal(listing.value).label("liste"),
        OtLinje.person_id,
        OtLinje.regel,
        cast(null(), String).label("port"),
        func.coalesce(OtHendelse.grunn, "").label("setning"),
        OtHendelse.gjelder.label("dag"),
        OtLinje.otenhet,
    )
    return select(*columns).join(OtHendelse, OtHendelse.linje_id == OtLinje.id)


def marked_on(today: date) -> Select[int]:
    """Whoever has a mark of a protected address on the day."""
    return select(Personmerke.person_id).where(*in_force(today))


def in_force(today: date) -> tuple[Any, ...]:
    """What is so of a mark of a protected address that holds on the day."""
    return (
        Personmerke.personmerke.in_(protecting()),
        or_(Personmerke.fra.is_(None), Personmerke.fra <= today),
        or_(Personmerke.til.is_(None), Personmerke.til >= today),
    )


def protected_ids(asked: Asked) -> Any:
    """Whoever has a mark today, or a line or a candidacy that was put aside and not looked at since."""
    aside = [
        select(model.person_id).where(model.fylkesnummer == asked.fylkesnummer, model.skjermet)
        for model in (OtPaVei, OtUtelatt, OtLinje)
    ]
    aside[-1] = aside[-1].where(OtLinje.avsluttet_at.is_(None))
    return union(marked_on(asked.today), *aside)
