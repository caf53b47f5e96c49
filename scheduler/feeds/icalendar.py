"""iCalendar: events and tasks as the bytes of RFC 5545, and the file around them.

The only file that knows the format. Nothing is stamped with the instant of building, so equal
data are equal bytes; each component is serialised once and then joined.
"""

from datetime import date, datetime, timedelta
from functools import lru_cache

from icalendar import Alarm, Event, Todo
from icalendar import Calendar as ICalendar
from icalendar.cal import Component

from scheduler.feeds.events import FeedEvent
from scheduler.feeds.selection import Selection
from scheduler.feeds.shelf import Entry, Shelf
from scheduler.feeds.tasks import FeedTask

PRODUCT = "-//Arshjul//Frister i arshjulet//NO"
POLL_HOURS = 6  # a suggestion; most clients poll by a habit of their own
COLOUR_NAME, COLOUR_HEX = "steelblue", "#4682B4"
_EVENT_ENDS = "END:VEVENT\r\n"
_ENOUGH = 50_000  # every row of some years, so that an unchanged row is never built twice


@lru_cache(maxsize=_ENOUGH)
def event_text(shown: FeedEvent) -> str:
    """One VEVENT, all-day and free, so that no time zone and no free/busy is touched."""
    event = Event()
    _identify(event, shown)
    event.add("dtstart", shown.day)
    event.add("dtend", shown.day + timedelta(days=1))
    _describe(event, shown)
    event.add("status", "CANCELLED" if shown.withdrawn else "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    return _text(event)


@lru_cache(maxsize=_ENOUGH)
def task_text(shown: FeedTask) -> str:
    """One VTODO, due on a day."""
    task = Todo()
    _identify(task, shown)
    task.add("due", shown.due)
    _describe(task, shown)
    task.add("status", shown.status)
    task.add("percent-complete", shown.percent)
    if shown.status == "COMPLETED":
        task.add("completed", shown.completed_at)
    return _text(task)


def _identify(component: Component, shown: FeedEvent | FeedTask) -> None:
    component.add("uid", shown.uid)
    component.add("dtstamp", shown.changed_at)
    component.add("last-modified", shown.changed_at)
    component.add("sequence", shown.sequence)


def _describe(component: Component, shown: FeedEvent | FeedTask) -> None:
    component.add("summary", shown.summary)
    component.add("description", shown.description)
    component.add("url", shown.url)
    if shown.categories:
        component.add("categories", list(shown.categories))


def calendar_file(shelf: Shelf, selection: Selection, file: str, alarm_days: int = 0) -> bytes:
    """The selection as a calendar; `file` is its name under /kalender, "{view}.ics".

    `alarm_days` before each event's day there is one alarm, when it is not 0.
    """
    chosen = shelf.select(selection)
    changed_at = max((entry.changed_at for entry in chosen), default=shelf.since)
    bodies = [_alarmed(entry, alarm_days) if alarm_days else entry.body for entry in chosen]
    title = f"Årshjul – {selection.title(shelf.names)}"
    address = f"{shelf.site}{selection.address(file)}"
    head, end = _head(title, address, shelf.site, changed_at).split("END:VCALENDAR")
    return "".join([head, *(bodies or [_nothing(shelf, selection)]), "END:VCALENDAR", end]).encode()


def _head(title: str, address: str, site: str, changed_at: str) -> str:
    # No UID here: vdirsyncer takes the first UID in the file for every event's, and keeps one event.
    calendar = ICalendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", PRODUCT)
    calendar.add("last-modified", datetime.fromisoformat(changed_at))
    calendar.add("name", title)
    calendar.add("x-wr-calname", title)
    calendar.add("x-wr-timezone", "Europe/Oslo")
    calendar.add("refresh-interval", timedelta(hours=POLL_HOURS), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", f"PT{POLL_HOURS}H")
    calendar.add("color", COLOUR_NAME)
    calendar.add("x-apple-calendar-color", COLOUR_HEX)
    calendar.add("url", site)
    calendar.add("source", address, parameters={"VALUE": "URI"})
    return _text(calendar)


def _nothing(shelf: Shelf, selection: Selection) -> str:
    """What an empty view says: clients keep old events, or refuse, when a feed has none."""
    since = datetime.fromisoformat(shelf.since)
    shown = FeedEvent(
        uid=f"ingen-frister-{selection.view}@{shelf.domain}",
        day=date(since.year, since.month, since.day),
        summary="Ingen frister i denne visningen",
        description=f"Årshjulet har ingen frister her.\n\n{shelf.site}",
        url=shelf.site,
        categories=(),
        withdrawn=False,
        sequence=0,
        changed_at=since,
    )
    return event_text(shown)


def _alarmed(entry: Entry, days: int) -> str:
    if entry.withdrawn:
        return entry.body
    return f"{entry.body.removesuffix(_EVENT_ENDS)}{_alarm(days)}{_EVENT_ENDS}"


@lru_cache(maxsize=32)
def _alarm(days: int) -> str:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", "Frist i årshjulet")
    alarm.add("trigger", timedelta(days=-days))
    return _text(alarm)


def _text(component: Component) -> str:
    return bytes(component.to_ical(sorted=False)).decode()
