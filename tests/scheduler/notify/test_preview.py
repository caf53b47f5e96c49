"""The preview: exactly what is queued when the clock runs, and why the rest is not."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from scheduler.ledger import runs
from scheduler.notify import silences
from scheduler.notify.preview import coming
from scheduler.notify.reminders import remind
from scheduler.notify.tables import MessageRow
from tests.scheduler.notify.setting import CALENDAR, KEY, changed, introduce, oslo, put_in_use


def made(session):
    query = select(MessageRow).where(MessageRow.kind.in_(("reminder", "digest", "escalation")))
    return {(m.id, m.created_at, m.subject, m.text) for m in session.scalars(query)}


@pytest.mark.parametrize(
    "start", [oslo(10, 1, 12), oslo(10, 19, 7), oslo(10, 26, 13), oslo(11, 14, 3)]
)
def test_it_is_what_the_week_brings(session, start):
    introduce(session)
    calendar, text = changed("date: 30. november", "date: 27. november")
    put_in_use(session, oslo(9, 29), calendar, text)
    before = made(session)
    planned = coming(session, calendar, start, 7)
    assert made(session) == before
    foreseen = {
        (item.message.id, item.at, item.message.subject, item.message.text)
        for item in planned
        if item.message
    }
    assert foreseen
    remind(session, calendar, start)
    now = start.replace(minute=0)
    while now < start + timedelta(days=7):
        now += timedelta(hours=1)
        remind(session, calendar, now)
    assert made(session) - before == foreseen


def reasons(session, now, days=7):
    found = coming(session, CALENDAR, now, days)
    return {item.why for item in found if item.key == KEY and not item.sends}


def test_it_says_why_something_is_not_sent(session):
    assert reasons(session, oslo(10, 19)) == {
        (
            "ingen kontakt for «Fylkets ansvarlige for skoledata» (Vestland), heller ikke "
            "nasjonal koordinator"
        )
    }
    introduce(session)
    silences.snooze(session, CALENDAR, KEY, "fylke-skole", date(2026, 10, 23), "kari", oslo(10, 19))
    assert reasons(session, oslo(10, 19)) == {"utsatt til 23.10.2026"}
    runs.waive(session, KEY, "kari", "Ingen skoler.", oslo(10, 19))
    assert reasons(session, oslo(10, 19)) == {"avsluttet: fritatt"}
