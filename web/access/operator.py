"""Operator: a form of the site that changes something, sent by somebody signed in, with a reason.

Whether that person may is the gate's to say, before the form is read.
"""

from collections.abc import Callable
from datetime import datetime

from flask import abort, request
from sqlalchemy.orm import Session

from scheduler.calendar import Calendar
from scheduler.ledger.read import published_calendar
from scheduler.ledger.runs import LedgerError
from web.access import who
from web.site import site
from web.words.language import nb

LONGEST_REASON = 500
UNPROCESSABLE = 422  # what a form that cannot be carried out is answered with
# Session, calendar, who, why and when.
Act = Callable[[Session, Calendar, str, str, datetime], object]


def carry_out(act: Act) -> str:
    """Do it in the name of who is signed in; what is wrong in a sentence, or "" when it is done."""
    person = who.me() or abort(403)
    try:
        with Session(site().engine) as session, session.begin():
            reason = checked_reason(said("grunn"))
            act(session, published_calendar(session), person.name, reason, site().clock())
    except LedgerError as error:
        return nb(error)
    return ""


def said(name: str) -> str:
    """A field of the form, without blanks around it."""
    return request.form.get(name, "").strip()


def checked_reason(text: str) -> str:
    """The reason as it goes into the log; raises LedgerError for none, or one that is no single line."""
    if not text or len(text) > LONGEST_REASON or not text.isprintable():
        raise LedgerError(f"Skriv hvorfor, på én linje med høyst {LONGEST_REASON} tegn.")
    return text
