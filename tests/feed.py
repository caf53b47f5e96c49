"""A feed's bytes, read as a subscriber's program reads them."""

import re
from functools import lru_cache

import icalendar


@lru_cache(maxsize=16)  # a test's question is short, reading a country's feed is long
def read_feed(feed: bytes) -> icalendar.Calendar:
    return icalendar.Calendar.from_ical(feed)


def events_of(feed: bytes) -> dict[str, icalendar.Event]:
    return {str(e["UID"]): e for e in read_feed(feed).walk("VEVENT")}


def components(feed: bytes) -> list[icalendar.Component]:
    """The events and the tasks."""
    return [*read_feed(feed).walk("VEVENT"), *read_feed(feed).walk("VTODO")]


def blocks_of(feed: bytes) -> dict[bytes, bytes]:
    """UID -> the event's own bytes."""
    blocks = re.findall(rb"BEGIN:VEVENT\r\n.*?END:VEVENT\r\n", feed, flags=re.DOTALL)
    return {re.search(rb"\r\nUID:(.*?)\r\n(?! )", b, re.DOTALL)[1]: b for b in blocks}


def changed_between(before: bytes, after: bytes) -> set[bytes]:
    old, new = blocks_of(before), blocks_of(after)
    return {uid for uid in old.keys() | new.keys() if old.get(uid) != new.get(uid)}
