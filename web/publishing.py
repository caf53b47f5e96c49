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
from web.language import gettext as _
from web.operator import carry_out
from web.site import site

log = logging.getLogger(__name__)
EDITED = (
    "calendar.yaml er endret på disken, og det som står der, er ikke publisert. Publiser det med "
    "`aarshjul calendar publish`, eller ta endringen i filen tilbake, og prøv igjen."
)


class _RefusedError(Exception):
    """It was not published, so that the file must stay as it is."""


def publish(number: int, sha256: str) -> str:
    """Publish a proposal for who is signed in; what is wrong in a sentence, or "" when it is done."""
    path, fault = site().settings.calendar, ""
    done = False

    def act(session: Session, _calendar: Calendar, actor: str, reason: str, now: datetime) -> None:
        if on_disk(session, path) not in (OnDisk.IN_USE, OnDisk.OLDER):
            raise LedgerError(EDITED)
        proposals.approve(session, number, sha256, actor, reason, now, name=path.name)

    try:
        with rewriting(path, _text_of(number)):
            fault = carry_out(act)
            if fault:
                raise _RefusedError  # noqa: TRY301 - leaves the file as it is
            done = True
    except _RefusedError:
        return fault
    except (OSError, ChangedMeanwhileError) as error:
        if not done:
            log.error("calendar file: %s", error, extra={"action": "calendar-file"})  # noqa: TRY400
            return _("calendar.yaml kan ikke skrives her, så ingenting er publisert. Se loggen.")
        log.error("calendar file is old: %s", error, extra={"action": "calendar-file"})  # noqa: TRY400
    return ""


def _text_of(number: int) -> str:
    with reading(site().engine) as session:
        row = session.get(ProposalRow, number)
        return row.text if row else ""
