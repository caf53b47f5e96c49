"""Publishing: a proposal takes effect in the database and in calendar.yaml, in this order.

The file is made ready first, so that a full disk or a locked folder is found while nothing is done.
It is put in place after the commit: should that fail, the file is older than the version in use,
which no node takes into use by itself, and the pages say so.
"""

import logging
from datetime import datetime

from sqlalchemy.orm import Session

from scheduler.calendar import Calendar
from scheduler.calendar_file import ChangedMeanwhileError, rewriting
from scheduler.ledger.database import reading
from scheduler.ledger.runs import LedgerError
from scheduler.publishing import proposals
from scheduler.publishing.on_disk import OnDisk, on_disk
from scheduler.publishing.tables import ProposalRow
from web.access.operator import carry_out
from web.site import site
from web.words.language import gettext as _

log = logging.getLogger(__name__)
# What must not be written over, and what to do about it.
IN_THE_WAY = {
    OnDisk.EDITED: (
        "calendar.yaml er endret på disken, og det som står der, er ikke publisert. Publiser det med "
        "`aarshjul calendar publish`, eller ta endringen i filen tilbake, og prøv igjen."
    ),
    OnDisk.UNREADABLE: (
        "calendar.yaml mangler eller kan ikke leses. `aarshjul calendar fetch` skriver en som mangler."
    ),
}


class _RefusedError(Exception):
    """It was not published, so that the file must stay as it is; `fault` says why."""

    def __init__(self, fault: str) -> None:
        super().__init__(fault)
        self.fault = fault


def publish(number: int, sha256: str) -> str:
    """Publish a proposal for who is signed in; what is wrong in a sentence, or "" when it is done."""
    path, done = site().settings.calendar, False

    def act(session: Session, _calendar: Calendar, actor: str, reason: str, now: datetime) -> None:
        if (found := on_disk(session, path)) in IN_THE_WAY:
            raise LedgerError(IN_THE_WAY[found])
        proposals.approve(session, number, sha256, actor, reason, now, name=path.name)

    try:
        with rewriting(path, _text_of(number)):
            _must_be_done(carry_out(act))
            done = True
    except _RefusedError as refused:
        return refused.fault
    except (OSError, ChangedMeanwhileError) as error:
        log.error("calendar file not written: %s", error, extra={"action": "calendar-file"})  # noqa: TRY400
        if not done:
            return _("calendar.yaml kan ikke skrives her, så ingenting er publisert. Se loggen.")
    return ""


def _must_be_done(fault: str) -> None:
    if fault:
        raise _RefusedError(fault)


def _text_of(number: int) -> str:
    with reading(site().engine) as session:
        row = session.get(ProposalRow, number)
        return row.text if row else ""
