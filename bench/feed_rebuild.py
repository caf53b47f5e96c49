"""A feed of 600 events built again after one of them changed, against building all of them."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from statistics import median

from bench.rows import Row, seconds
from scheduler.feeds.events import FeedEvent
from scheduler.feeds.icalendar import calendar_file, event_text
from scheduler.feeds.selection import NOUNS, SHARED, Selection
from scheduler.feeds.shelf import Entry, Shelf

EVENTS, ROUNDS = 600, 15
AT = datetime(2026, 11, 22, 8, tzinfo=UTC)
TEXT = "Frist: fredag 23. oktober 2026\nEtter kalenderen: lørdag 24. oktober 2026\n" * 5


def run() -> Iterator[Row]:
    events = [_event(number) for number in range(EVENTS)]
    full, again = [], []
    for round_number in range(1, ROUNDS + 1):
        event_text.cache_clear()
        full.append(seconds(lambda: _build(events)))
        changed = [*events]
        changed[EVENTS // 2] = _event(EVENTS // 2, sequence=round_number)
        before = event_text.cache_info().misses
        again.append(seconds(lambda built=changed: _build(built)))
        assert event_text.cache_info().misses == before + 1
    yield Row(
        f"Feed of {EVENTS} events built again after one change",
        1000 * median(again),
        1000 * median(full),
        "ms",
        "the same feed built whole; only the changed event is serialised again",
    )


def _build(events: list[FeedEvent]) -> bytes:
    shelf = Shelf(
        AT.isoformat(),
        "https://aarshjul.example",
        "aarshjul",
        {word: {} for word in NOUNS},
        tuple(_entry(event) for event in events),
    )
    return calendar_file(shelf, Selection(), "{view}.ics")


def _entry(event: FeedEvent) -> Entry:
    return Entry(
        view=SHARED,
        counties=(),
        areas=("ot",),
        roles=("fylke-ot",),
        deliverable="en",
        cycle="2026-2027",
        day=event.day.isoformat(),
        uid=event.uid,
        changed_at=event.changed_at.isoformat(),
        withdrawn=False,
        body=event_text(event),
    )


def _event(number: int, sequence: int = 0) -> FeedEvent:
    return FeedEvent(
        uid=f"frist-{number}@aarshjul",
        day=date(2026, 8, 1) + timedelta(days=number),
        summary=f"Frist nummer {number} (foreslått dato)",
        description=TEXT,
        url=f"https://aarshjul.example/forekomst/{number}",
        categories=("Skole", "Vestland"),
        withdrawn=False,
        sequence=sequence,
        changed_at=AT + timedelta(hours=sequence),
    )
