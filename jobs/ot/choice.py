"""Choice: a county says yes to transferring its own youth (OSMO), having seen a dry run of it."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from jobs.api import Refusal
from jobs.ot.catalogue import Category
from jobs.ot.transfer import Transfer
from jobs.register.followup import OtKjoring, OtValg

BY_CHOICE = (Category.YOUTH,)
SEEN_WITHIN = timedelta(days=30)


def chosen(session: Session, transfer: Transfer, category: str) -> bool:
    """Whether the category is transferred in the county: most always, some only by choice."""
    if category not in BY_CHOICE:
        return True
    return session.get(OtValg, (transfer.fylkesnummer, transfer.skolear, category)) is not None


def choose(session: Session, transfer: Transfer, actor: str, why: str, now: datetime) -> str:
    """Record the yes; returns the dry run it stands on. Raises Refusal where there is none lately."""
    runs = session.scalars(
        select(OtKjoring)
        .where(
            OtKjoring.fylkesnummer == transfer.fylkesnummer,
            OtKjoring.skolear == transfer.skolear,
            OtKjoring.torr,
            OtKjoring.at >= now - SEEN_WITHIN,
        )
        .order_by(OtKjoring.at.desc())
    )
    seen = next((run for run in runs if Category.YOUTH in run.kategorier), None)
    if seen is None:
        raise Refusal(
            "OSMO overføres bare når noen har sett en prøvekjøring fra de siste "
            f"{SEEN_WITHIN.days} dagene. Kjør `aarshjul transfer ot --dry-run` for fylket først."
        )
    key = (transfer.fylkesnummer, transfer.skolear, Category.YOUTH.value)
    choice = session.get(OtValg, key) or OtValg(
        fylkesnummer=key[0], skolear=key[1], kategori=key[2]
    )
    choice.kjoring, choice.aktor, choice.why, choice.at = seen.run_id, actor, why, now
    session.add(choice)
    return seen.run_id
