"""Operator: a form of the site that changes something, sent with a key for the whole country."""

from collections.abc import Callable
from datetime import datetime

from flask import request
from sqlalchemy.orm import Session

from scheduler.access import api_keys
from scheduler.access.api_keys import NATIONAL
from scheduler.calendar import Calendar
from scheduler.ledger.read import published_calendar
from scheduler.ledger.runs import LedgerError
from web.capability import must_be_own_form
from web.site import site

LONGEST_REASON = 500
# Session, calendar, who, why and when.
Act = Callable[[Session, Calendar, str, str, datetime], object]


def carry_out(act: Act) -> str:
    """Do it as the key in the form says; what is wrong in a sentence, or "" when it is done."""
    must_be_own_form()
    try:
        with Session(site().engine) as session, session.begin():
            actor, reason = _actor(session, said("nokkel")), _reason(said("grunn"))
            act(session, published_calendar(session), actor, reason, site().clock())
    except LedgerError as error:
        return str(error)
    return ""


def said(name: str) -> str:
    """A field of the form, without blanks around it."""
    return request.form.get(name, "").strip()


def _actor(session: Session, word: str) -> str:
    found = api_keys.find(session, word)
    if found is None:
        raise LedgerError("Nøkkelen finnes ikke, eller den er trukket tilbake. Lim inn hele.")
    if not found.covers(NATIONAL):
        raise LedgerError(f"Nøkkelen gjelder fylke {found.scope} og kan ikke styre driften.")
    return found.name


def _reason(text: str) -> str:
    if not text or len(text) > LONGEST_REASON or not text.isprintable():
        raise LedgerError(f"Skriv hvorfor, på én linje med høyst {LONGEST_REASON} tegn.")
    return text
