"""A ledger where one date was moved: the version, its notices, and messages of every fate."""

from datetime import UTC, date, datetime, timedelta
from functools import partial

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from scheduler.calendar import parse_calendar
from scheduler.calendar.block import Move, replaced, with_move
from scheduler.ledger.history import newest_version
from scheduler.ledger.read import version_in_use
from scheduler.notify.notices import acknowledge
from scheduler.notify.tables import ContactRow, MessageRow, NoticeRow
from scheduler.publishing import proposals
from scheduler.publishing.publish import Publication, publish
from scheduler.publishing.tables import ProposalRow
from tests.web.seed import CYCLE, NOW

MOVED = "skole-off-termin1-feb"
BY = "Nasjonal koordinator"
WHY = "Udir ba om tallene <tidligere>."
AT = datetime(2026, 10, 19, 8, tzinfo=UTC)
ROLE = "fylke-skole"
FATES = ("sent", "unknown", "failed", "withheld", "planned")


def moved_key(county: str) -> str:
    return f"{MOVED}/{CYCLE}/only/{county}"


def edit(engine: Engine, old: str, new: str, why: str = WHY, at: datetime = AT) -> Publication:
    """Publish the calendar in use with another text in one place."""
    with Session(engine, expire_on_commit=False) as session, session.begin():
        text = version_in_use(session) or ""
        assert old in text
        changed = text.replace(old, new, 1)
        calendar = parse_calendar(changed, "calendar.yaml")
        return publish(session, calendar, changed, BY, why, at)


def move(engine: Engine) -> Publication:
    """Move the mid-term import from Monday 15 February 2027 to Saturday 13th, which gives Friday 12th."""
    return edit(engine, "due: {date: 15. februar,", "due: {date: 13. februar,")


def propose(session: Session) -> ProposalRow:
    """An administrator's proposal, over the version that `move` made: a whole week earlier in Vestland."""
    newest = newest_version(session)
    move = Move(CYCLE, "", ("46",), date(2027, 2, 8), "Kontoret flytter.", "Udir", "P")
    block = with_move(newest.text, MOVED, move)
    rewrite = partial(replaced, part=MOVED, block=block, name="calendar.yaml")
    return proposals.propose(session, MOVED, rewrite, newest.number, "Kari", move.reason, AT)


def answer(engine: Engine, version: int, county: str, *, roles: int = 1) -> None:
    """Acknowledge a version for the first roles that were told in a county."""
    with Session(engine) as session, session.begin():
        for token in tokens(session, version, county)[:roles]:
            acknowledge(session, token, "Skolekontoret", AT + timedelta(days=1))


def tokens(session: Session, version: int, county: str) -> list[str]:
    """The addresses in a county's notices of a version, by role."""
    query = select(NoticeRow.token).where(NoticeRow.version == version, NoticeRow.scope == county)
    return list(session.scalars(query.order_by(NoticeRow.role)))


def send(
    engine: Engine, county: str = "46", fates: tuple[str, ...] = FATES, address: str = ""
) -> None:
    """A message of each fate to a county's role, an hour apart, the first the newest."""
    with Session(engine) as session, session.begin():
        contact = ContactRow(
            scope=county,
            role=ROLE,
            address=address or f"skole@fylke{county}.example",
            created_at=AT,
        )
        session.add(contact)
        session.flush()
        for hours, fate in enumerate(fates):
            session.add(_message(contact, hours, fate))


def _message(contact: ContactRow, hours: int, fate: str) -> MessageRow:
    at = NOW - timedelta(hours=hours)
    return MessageRow(
        id=f"prove/{contact.scope}/{hours}/{contact.id}",
        kind="reminder",
        contact_id=contact.id,
        scope=contact.scope,
        role=contact.role,
        channel="email",
        address=contact.address,
        subject=f"Melding {hours} til {contact.scope}",
        text="",
        html="",
        created_at=at,
        state=fate,
        next_try_at=at,
        sent_at=at if fate == "sent" else None,
        fault="Avvist av mottakeren." if fate == "failed" else "",
    )
