"""How long the log of reads is kept: old rows go once a day, and a line that stays says how many and until when.

The line is written first, in the same transaction: the database lets no row go that is not older than one.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from dateutil.relativedelta import relativedelta
from sqlalchemy import Engine, delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from scheduler.access.tables import PersonReadPurgeRow, PersonReadRow
from scheduler.calendar.occurrence import OSLO
from scheduler.ledger.database import reading

EVERY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Purged:
    """How many reads were removed, the last day they were of, and when it was done."""

    removed: int
    last_day: date
    at: datetime


def oldest_kept(years: int, now: datetime) -> datetime:
    """The first instant of the day in Norway from which reads are still kept."""
    day = now.astimezone(OSLO).date() - relativedelta(years=years)
    return datetime.combine(day, time(), OSLO)


def purge(database: Engine, years: int, now: datetime) -> int:
    """Remove the reads that are older, and say so in the log; returns how many they were.

    Another node that does the same writes the same line, and then nothing is done here.
    """
    limit = oldest_kept(years, now)
    old = PersonReadRow.at < limit
    with reading(database) as session:
        if session.scalar(select(PersonReadRow.id).where(old).limit(1)) is None:
            return 0
    try:
        with Session(database) as session, session.begin():
            count = session.scalar(select(func.count()).where(old)) or 0
            session.add(PersonReadPurgeRow(older_than=limit, at=now, removed=count))
            session.flush()
            session.execute(delete(PersonReadRow).where(old))
    except IntegrityError:
        return 0
    return count


def purges(session: Session, limit: int = 20) -> list[Purged]:
    """What has been removed, the newest first."""
    newest = select(PersonReadPurgeRow).order_by(PersonReadPurgeRow.older_than.desc())
    return [
        Purged(row.removed, row.older_than.astimezone(OSLO).date() - EVERY, row.at)
        for row in session.scalars(newest.limit(limit))
    ]
