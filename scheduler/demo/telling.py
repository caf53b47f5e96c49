"""Telling: the replayed autumn's moved deadline, and how the counties were told of it.

The year begins with another date for one deadline than calendar.yaml has; in October the file as
it is gets published, so that there is a change to be told of, acknowledged and escalated.
"""

from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.calendar import parse_calendar
from scheduler.calendar.workdays import Shift, Workdays
from scheduler.daemon import Service
from scheduler.demo.contacts import seed_contacts
from scheduler.notify.notices import acknowledge
from scheduler.notify.tables import NoticeRow
from scheduler.publishing.publish import publish

# The row, its date in calendar.yaml, and the one the year begins with.
MOVED_ROW, DATE, EARLIER_DATE = "skole-off-termin1-feb", "date: 15. februar", "date: 19. februar"
PUBLISHER = "Novari, årshjulet (demo)"
WHY = "Syntetisk eksempel: kontrollen av vurderingene trenger noen arbeidsdager mer."
# The working days after publishing on which a county acknowledges; those not named here never do.
ACKNOWLEDGED_AFTER = {
    1: ("03", "11", "15", "31", "32", "33"),
    2: ("40", "42", "46", "50"),
    4: ("18", "34"),
}
ANSWERS = "Ansvarlig for skoledata"
# The days after publishing on which those who have not answered are passed by, level for level.
ESCALATED_AFTER = (7, 12)
# A round on each Monday of a whole year would take longer than anybody waits for a demonstration.
WEEKS_OF_ROUNDS = 6


def begin(service: Service, now: datetime) -> None:
    """Give every role an address, and begin the year with the earlier calendar."""
    text = _as_it_was(service.settings.calendar.read_text(encoding="utf-8"))
    calendar = parse_calendar(text, service.settings.calendar.name)
    with Session(service.database) as session, session.begin():
        seed_contacts(session, calendar, now)
        publish(session, calendar, text, PUBLISHER, "", now)


def _as_it_was(text: str) -> str:
    """The calendar with the earlier date; as it is where the row reads otherwise."""
    before, name, after = text.partition(f"\n  {MOVED_ROW}:\n")
    row, end, rest = after.partition("\n\n")
    return before + name + row.replace(DATE, EARLIER_DATE) + end + rest


def move(service: Service) -> None:
    """Publish calendar.yaml as it is, with a reason, and tell those it touches."""
    text = service.settings.calendar.read_text(encoding="utf-8")
    calendar = parse_calendar(text, service.settings.calendar.name)
    with Session(service.database) as session, session.begin():
        publish(session, calendar, text, PUBLISHER, WHY, service.clock())
    service.tick()
    service.notify()


def acknowledged(service: Service, counties: tuple[str, ...]) -> None:
    """These counties say that they have seen it; then the morning's round of messages goes out."""
    query = select(NoticeRow.token).where(NoticeRow.scope.in_(counties))
    with Session(service.database) as session, session.begin():
        for token in session.scalars(query).all():
            acknowledge(session, token, ANSWERS, service.clock())
    service.notify()


def mornings(moved: date, last: date) -> list[date]:
    """The working days after `moved` on which messages go out: when those who have not answered are
    passed by, the latest Mondays, and the last working day up to `last`.
    """
    workdays = Workdays({})
    passed = [moved + timedelta(days=days) for days in ESCALATED_AFTER]
    monday = last - timedelta(days=last.weekday())
    latest = [monday - timedelta(weeks=weeks) for weeks in range(WEEKS_OF_ROUNDS)]
    weekly = [day for day in latest if day > passed[-1]]
    found = {workdays.shift(day, Shift.FOLLOWING) for day in [*passed, *weekly]}
    found.add(workdays.shift(last, Shift.PRECEDING))
    return sorted(day for day in found if moved < day <= last)
