"""Notices: who has been told what, who has acknowledged, and what became of every message.

Addresses are masked, and no token is shown: the page is open to all.
"""

from collections.abc import Sequence

from flask import Blueprint, render_template, request
from sqlalchemy import ColumnElement, func, select

from scheduler.calendar.occurrence import NATIONAL
from scheduler.notify.preview import coming
from scheduler.notify.tables import MessageRow, NoticeRow
from web.calendar.told import Told, answers, told_of
from web.letters.coming import days_of
from web.site import Ledger, ledger
from web.wheel.choice import Choice, read_choice

blueprint = Blueprint("notices", __name__)

PER_PAGE = 50
DAYS_AHEAD = 7
LAST_PAGE = 10_000
# A person must look at these: whether it arrived, and why it did not.
NEEDS_A_PERSON = ("unknown", "failed")


@blueprint.get("/varsler")
def index() -> str:
    with ledger() as at:
        choice = read_choice(at)
        page = min(max(1, request.args.get("side", 1, type=int)), LAST_PAGE)
        messages = _messages(at, choice, page)
        return render_template(
            "notices.html",
            at=at,
            choice=choice,
            waiting=_waiting(at, choice),
            answers=answers(at.session),
            troubled=_troubled(at, choice),
            messages=messages[:PER_PAGE],
            page=page,
            more=len(messages) > PER_PAGE,
        )


@blueprint.get("/varsler/neste-uke")
def coming_week() -> str:
    with ledger() as at:
        choice = read_choice(at)
        planned = coming(at.session, at.calendar, at.now, DAYS_AHEAD)
        return render_template(
            "coming.html",
            at=at,
            choice=choice,
            ahead=DAYS_AHEAD,
            days=days_of(planned, choice.county),
        )


def _waiting(at: Ledger, choice: Choice) -> list[tuple[int, Told]]:
    """Newest first: the versions that somebody has not acknowledged, with all their notices."""
    query = select(NoticeRow.version).where(NoticeRow.acknowledged_at.is_(None)).distinct()
    if choice.county:
        query = query.where(NoticeRow.scope.in_((choice.county, NATIONAL)))
    waiting = at.session.scalars(query.order_by(NoticeRow.version.desc())).all()
    return list(told_of(at.session, at.calendar, waiting, choice.county).items())


def _of_county(choice: Choice) -> list[ColumnElement[bool]]:
    return [MessageRow.scope.in_((choice.county, NATIONAL))] if choice.county else []


def _troubled(at: Ledger, choice: Choice) -> Sequence[MessageRow]:
    query = select(MessageRow).where(MessageRow.state.in_(NEEDS_A_PERSON), *_of_county(choice))
    return at.session.scalars(query.order_by(MessageRow.created_at.desc(), MessageRow.id)).all()


def _messages(at: Ledger, choice: Choice, page: int) -> Sequence[MessageRow]:
    """A page of the newest, and one more if there is one."""
    when = func.coalesce(MessageRow.sent_at, MessageRow.created_at)
    query = (
        select(MessageRow)
        .where(*_of_county(choice))
        .order_by(when.desc(), MessageRow.id)
        .limit(PER_PAGE + 1)
        .offset((page - 1) * PER_PAGE)
    )
    return at.session.scalars(query).all()
