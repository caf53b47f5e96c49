"""The Monday digest: when it goes, what it holds, and that it is never sent twice a week."""

import pytest
from sqlalchemy import select

from scheduler.notify import digest, silences
from scheduler.notify.relevance import still_true
from scheduler.notify.reminders import remind
from scheduler.notify.tables import MessageRow
from tests.scheduler.notify.setting import CALENDAR, KEY, introduce, oslo


def digests(session, address):
    query = select(MessageRow).where(MessageRow.kind == "digest", MessageRow.address == address)
    return list(session.scalars(query.order_by(MessageRow.created_at)))


def sections(message):
    """Title -> the names under it."""
    found, title = {}, ""
    for line in message.text.splitlines():
        if line and line == line.upper() and line[0].isalpha():
            title = line
        elif line.startswith("* "):
            found.setdefault(title, []).append(line[2:])
    return found


def test_it_goes_once_a_week_on_monday_at_eight(session):
    introduce(session)
    for day in range(12, 18):
        for hour in (7, 8, 9, 16, 20):
            remind(session, CALENDAR, oslo(10, day, hour))
    (sent,) = digests(session, "skole@fylke46.example")
    assert sent.created_at == oslo(10, 12)
    assert sent.id.startswith("oversikt/2026-U42/46/fylke-skole/")


def test_one_that_was_sent_is_not_made_again(session, monkeypatch):
    """Most rounds of a week have nothing new to send, so none of them may set a letter."""
    introduce(session)
    assert remind(session, CALENDAR, oslo(10, 12))
    made = []
    monkeypatch.setattr(digest, "message", lambda *told: made.append(told))
    assert remind(session, CALENDAR, oslo(10, 12, 9)) == 0
    assert made == []


@pytest.mark.parametrize(
    ("stopped_until", "expected"),
    [(oslo(10, 14, 11), oslo(10, 14, 11)), (oslo(10, 17, 11), None)],
)
def test_a_week_begun_late_is_told_late_but_not_in_the_weekend(session, stopped_until, expected):
    introduce(session)
    remind(session, CALENDAR, stopped_until)
    found = [message.created_at for message in digests(session, "skole@fylke46.example")]
    assert found == ([expected] if expected else [])


def test_after_easter_it_goes_on_the_first_working_day(session):
    introduce(session)
    for day, hour in ((29, 8), (30, 7), (30, 8)):
        remind(session, CALENDAR, oslo(3, day, hour, year=2027))
    late = digests(session, "skole@fylke46.example")
    assert [message.created_at for message in late] == [oslo(3, 30, 8, year=2027)]


def test_it_holds_what_is_late_this_week_and_to_come(session):
    introduce(session)
    remind(session, CALENDAR, oslo(10, 26))
    (school,) = digests(session, "skole@fylke46.example")
    assert sections(school) == {"FORSINKET": ["ssbElev, 1. levering"]}
    assert school.subject == "Uke 44: 1 forsinket, ingen frister denne uken"
    (admission,) = digests(session, "inntak@fylke46.example")
    assert sections(admission) == {"DENNE UKEN": ["Sluttere, 28. oktober", "Vitnemål"]}


def test_it_carries_the_steps_before_the_single_ones(session):
    introduce(session)
    told = {}
    for week in (8, 15, 22, 29):
        remind(session, CALENDAR, oslo(9, week - 1))
    for message in digests(session, "skole@fylke46.example"):
        told[message.id.split("/")[1]] = [step["step"] for step in message.steps]
    assert told == {"2026-U37": ["T-30"], "2026-U38": [], "2026-U39": [], "2026-U40": []}
    remind(session, CALENDAR, oslo(10, 5))
    assert digests(session, "skole@fylke46.example")[-1].steps == [{"key": KEY, "step": "T-14"}]


def test_those_above_get_only_what_is_late_enough_for_them(session):
    introduce(session)
    remind(session, CALENDAR, oslo(10, 26))
    assert len(digests(session, "vikar@fylke46.example")) == 1
    assert digests(session, "leder@fylke46.example") == []
    remind(session, CALENDAR, oslo(11, 2))
    assert len(digests(session, "leder@fylke46.example")) == 1
    (national,) = [
        message
        for message in digests(session, "koordinator@nasjonal.example")
        if "/koordinator/" in message.id
    ]
    assert national.created_at == oslo(11, 2)
    assert "Vestland" in national.text


def test_a_week_with_nothing_to_tell_gives_no_digest(session):
    introduce(session)
    remind(session, CALENDAR, oslo(8, 10))
    assert digests(session, "skole@fylke46.example") == []


def test_it_tells_that_a_role_is_on_the_matter(session):
    introduce(session)
    silences.acknowledge(session, CALENDAR, KEY, "fylke-skole", "kari", oslo(10, 16))
    remind(session, CALENDAR, oslo(10, 19))
    (sent,) = digests(session, "skole@fylke46.example")
    assert "«vi er i gang», kari fredag 16. oktober 2026" in " ".join(sent.text.split())


def test_it_is_withheld_once_its_day_is_over(session):
    introduce(session)
    remind(session, CALENDAR, oslo(10, 19))
    (sent,) = digests(session, "skole@fylke46.example")
    assert still_true(session, CALENDAR, sent, oslo(10, 19, 23))
    assert not still_true(session, CALENDAR, sent, oslo(10, 20))
