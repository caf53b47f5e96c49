"""Channels: the ways to the receivers, what each of them owes an answer to, and receipts that are no good."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, Response, make_response, redirect, render_template, url_for
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from jobs.register.tables import Outbound
from scheduler import ways
from scheduler.calendar import Calendar
from scheduler.ledger import slips
from scheduler.settings import SettingsError
from web.access.capability import private
from web.access.operator import LONGEST_REASON, UNPROCESSABLE, carry_out
from web.site import ledger, site

blueprint = Blueprint("channels", __name__)


@dataclass(frozen=True, slots=True)
class Sent:
    """What has gone to a receiver: how many deliveries, how many it has not answered, and when last."""

    count: int = 0
    unanswered: int = 0
    last_at: datetime | None = None
    answered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Channel:
    """A receiver, the way to it in words, what went there, and why it cannot be asked for receipts.

    `way` is "" while the file of channels cannot be read.
    """

    receiver: str
    way: str
    sent: Sent
    asked_at: datetime | None = None
    fault: str = ""
    fault_since: datetime | None = None


@blueprint.get("/drift/kanaler")
def page() -> Response:
    return _shown()


@blueprint.post("/drift/kvitteringer/<int:number>")
def settle(number: int) -> Response:
    """Settle a receipt that is not whole, or is of nothing that we have sent."""

    def act(session: Session, _calendar: Calendar, actor: str, reason: str, now: datetime) -> None:
        slips.settle(session, number, actor, reason, now)

    fault = carry_out(act)
    if fault:
        return _shown(fault)
    return private(make_response(redirect(url_for("channels.page"), 303)))


def _shown(fault: str = "") -> Response:
    declared, file_fault = _declared()
    with ledger() as at:
        shown = render_template(
            "channels.html",
            at=at,
            channels=_channels(at.session, at.calendar, declared),
            file_fault=file_fault,
            slips=slips.open_slips(at.session),
            fault=fault,
            longest=LONGEST_REASON,
        )
    return private(make_response(shown, UNPROCESSABLE if fault else 200))


def _declared() -> tuple[Mapping[str, ways.Way] | None, str]:
    """Receiver -> its way, and ""; or None, and what is wrong with the file of channels."""
    try:
        return ways.ways(site().settings), ""
    except SettingsError as error:
        return None, str(error)


def _channels(
    session: Session, calendar: Calendar, declared: Mapping[str, ways.Way] | None
) -> list[Channel]:
    """Every party that something is delivered to, or has been; which way nobody knows without the file."""
    sent, asked = _sent(session), {row.receiver: row for row in slips.asked_channels(session)}
    receivers = {row.receiver for row in calendar.deliverables.values() if row.job and row.sends}
    found = sorted({name for name in receivers if name} | sent.keys() | (declared or {}).keys())
    return [
        Channel(
            name,
            "" if declared is None else ways.in_words(declared.get(name)),
            sent.get(name, Sent()),
            *((row.asked_at, row.fault, row.fault_since) if (row := asked.get(name)) else ()),
        )
        for name in found
    ]


def _sent(session: Session) -> dict[str, Sent]:
    unanswered = func.count().filter(Outbound.received_at.is_(None))
    last = func.max(Outbound.intended_at), func.max(Outbound.received_at)
    query = select(Outbound.receiver, func.count(), unanswered, *last).group_by(Outbound.receiver)
    return {
        receiver: Sent(count, waiting, sent_at, answered_at)
        for receiver, count, waiting, sent_at, answered_at in session.execute(query)
    }
