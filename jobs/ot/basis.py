"""Basis: whether what a category stands on has been imported lately enough, by inputs.yaml.

A person's word does for a file: an import that is waived, or a sender with nothing to report.
"""

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from types import MappingProxyType

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from jobs.ot.catalogue import Input, inputs
from jobs.ot.transfer import Transfer
from jobs.register.tables import Delivery, DeliveryState
from scheduler.calendar.occurrence import NATIONAL, OSLO

LOADED = (DeliveryState.LOADED, DeliveryState.SUPERSEDED)


def rows_for(category: str) -> tuple[str, ...]:
    """The rows of calendar.yaml that a category stands on."""
    rows = [row for entry in inputs() if category in entry.kategorier for row in entry.rader]
    return tuple(dict.fromkeys(rows))


def missing(
    session: Session,
    transfer: Transfer,
    categories: Collection[str],
    word: Mapping[str, str] = MappingProxyType({}),
) -> dict[str, list[str]]:
    """Category -> one sentence for each import that is missing or too old; only those that lack any.

    `word`: row -> the ISO day on which somebody said that its file is not needed, or is empty.
    """
    found: dict[str, list[str]] = {}
    for entry in inputs():
        asked = [category for category in entry.kategorier if category in categories]
        if not asked or not _counts(entry, transfer):
            continue
        if sentence := _fault(entry, transfer, _days(session, entry, transfer, word)):
            for category in asked:
                found.setdefault(category, []).append(sentence)
    return found


def _counts(entry: Input, transfer: Transfer) -> bool:
    """Whether the input is asked for on the day."""
    begun = not entry.fra or transfer.day(entry.fra) <= transfer.per
    return begun and (not entry.til or transfer.per <= transfer.day(entry.til))


def _fault(entry: Input, transfer: Transfer, days: list[date]) -> str | None:
    newest = max((day for day in days if day <= transfer.per), default=None)
    if newest is not None and newest >= _since(entry, transfer):
        return None
    what = entry.setning.format(hoyst_dager=entry.hoyst_dager)
    last = f" Sist lest inn {newest:%d.%m.%Y}." if newest else ""
    return (
        f"{what}. Med gammelt grunnlag ville for mange blitt overført, så ingen overføres.{last} "
        f"Lever {' eller '.join(entry.rader[:2])}."
    )


def _since(entry: Input, transfer: Transfer) -> date:
    if entry.hoyst_dager is None:
        return transfer.first_day
    return max(transfer.first_day, transfer.per - timedelta(days=entry.hoyst_dager))


def _days(
    session: Session, entry: Input, transfer: Transfer, word: Mapping[str, str]
) -> list[date]:
    """The days on which any of the imports was loaded, or somebody's word came for it."""
    national = entry.avsender == NATIONAL
    settled = session.scalars(
        select(func.max(Delivery.settled_at))
        .where(
            Delivery.deliverable.in_(entry.rader),
            Delivery.state.in_(LOADED),
            Delivery.sender == (NATIONAL if national else transfer.fylkesnummer),
        )
        .group_by(Delivery.id)
    )
    said = [date.fromisoformat(word[row]) for row in entry.rader if row in word]
    return [*(at.astimezone(OSLO).date() for at in settled if at), *said]
