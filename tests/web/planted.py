"""A full ledger in which everybody's name holds one word that nothing else does: PLANTED."""

from datetime import timedelta

from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from scheduler.access import api_keys
from scheduler.access.roles import Grant, Role
from scheduler.engine.deeds import Deed, Wish, carry_out
from scheduler.ledger import pausing
from scheduler.ledger.read import published_calendar
from scheduler.ledger.tables import CalendarVersion, OccurrenceRow
from scheduler.notify import receipts
from scheduler.notify.notices import acknowledge
from scheduler.notify.tables import MessageRow, SilenceRow
from scheduler.publishing.rollover import approve
from tests.jobs.ot.people import free_number, put
from tests.web import changed, seed
from tests.web.people import new_account

PLANTED = "Plantesen"
OPERATOR = f"Olga {PLANTED}"
KEY, SHELL = f"{PLANTED}s nøkkel", f"{PLANTED.lower()}-skall"
APPROVERS = (f"Eva {PLANTED}", f"Tor {PLANTED}")
EDITOR, RECEIVER = f"Unni {PLANTED}", f"Mats {PLANTED}"
CONTACT, SILENT, REPORTER = f"Kåre {PLANTED}", f"Siri {PLANTED}", f"Nils {PLANTED}"
ADDRESS = f"skole.{PLANTED.lower()}@fylke46.example"
PUPIL = f"{PLANTED}, Elev"
# Where those who run the service read the name; of the silent one only the letters tell.
ON_PAGES = (OPERATOR, KEY, SHELL, *APPROVERS, EDITOR, RECEIVER, CONTACT, REPORTER)

WAIVED, STARTED = seed.import_key("56"), seed.delivery_key("34")
CANCELLED, UNCERTAIN = seed.delivery_key("42"), seed.delivery_key("39")
NOTHING = changed.moved_key("46")
NEXT_YEAR = "2027-2028"


def plant(engine: Engine) -> str:
    """Let each of them do what leaves a name, over a ledger where a date was moved; the pupil's number."""
    new_account(engine, OPERATOR, Grant(Role.OPERATOR))
    changed.send(engine, address=ADDRESS)
    with Session(engine) as session, session.begin():
        api_keys.create(session, KEY, api_keys.NATIONAL, OPERATOR, seed.NOW)
        _decide(session)
        _answer(session)
        session.execute(
            update(CalendarVersion).where(CalendarVersion.number > 1).values(published_by=EDITOR)
        )
        session.execute(update(MessageRow).values(fault=f"550 <{ADDRESS}>: ukjent mottaker"))
        number = free_number(session, seed.NOW.date().replace(year=2009))
        put(session, nummer=number, navn=PUPIL)
    return number


def _decide(session: Session) -> None:
    calendar, now = published_calendar(session), seed.NOW
    seed.left_uncertain(session, UNCERTAIN)
    session.flush()
    for deed, key, actor, bound in (
        (Deed.WAIVE, WAIVED, OPERATOR, {}),
        (Deed.UNWAIVE, WAIVED, KEY, {}),
        (Deed.FORCE, STARTED, SHELL, {}),
        (Deed.CANCEL, CANCELLED, OPERATOR, {}),
        (Deed.RECEIVED, UNCERTAIN, RECEIVER, {"sha256": "1" * 64, "reference": "SSB-77"}),
    ):
        carry_out(session, calendar, key, Wish(deed, **bound), actor, "Avtalt", now)
    pausing.begin(session, calendar, None, "46", None, OPERATOR, "Nytt fagsystem", now)
    for actor in APPROVERS:
        approve(session, calendar, NEXT_YEAR, actor, now)


def _answer(session: Session) -> None:
    """What contacts say: seen, not yet, nothing to report; and a letter that came back."""
    calendar, now = published_calendar(session), seed.NOW
    for token in changed.tokens(session, 2, "46"):
        acknowledge(session, token, CONTACT, now)
    until = now.date() + timedelta(days=30)
    silent = {"role": changed.ROLE, "kind": "snooze", "until": until, "actor": SILENT, "at": now}
    for key in session.scalars(select(OccurrenceRow.key).where(OccurrenceRow.scope == "46")):
        session.add(SilenceRow(occurrence_key=key, **silent))
    receipts.report_nothing(session, calendar, NOTHING, REPORTER, "Ingen elever", now)
