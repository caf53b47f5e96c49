"""The letters about a forwarding speak of the word that is missing, not of a file."""

from sqlalchemy import select

from scheduler.calendar.occurrence import NATIONAL
from scheduler.ledger import runs
from scheduler.notify.reminders import remind
from scheduler.notify.tables import MessageRow
from tests.scheduler.notify.setting import CALENDAR, introduce, oslo

KEY = "videresending/2026-2027/only/national"


def letters(session):
    query = select(MessageRow).where(MessageRow.id.startswith(f"purring/{KEY}"))
    return session.scalars(query.order_by(MessageRow.created_at, MessageRow.id)).all()


def test_a_forwarding_is_reminded_of_until_somebody_has_signed_for_it(session):
    introduce(session, NATIONAL)
    remind(session, CALENDAR, oslo(11, 27))
    remind(session, CALENDAR, oslo(12, 1))
    ahead, late = (" ".join(letter.text.split()) for letter in letters(session)[:2])
    assert "ingen har bekreftet ennå at filene er videresendt" in ahead
    assert "ingen har bekreftet at filene er videresendt" in late
    assert "ikke bekreftet" in letters(session)[1].subject
    assert "Følges ikke opp" not in ahead


def test_what_is_signed_for_is_reminded_of_no_more(session):
    introduce(session, NATIONAL)
    runs.settle(runs.occurrence_row(session, KEY), "done", oslo(11, 26))
    remind(session, CALENDAR, oslo(11, 27))
    remind(session, CALENDAR, oslo(12, 1))
    assert letters(session) == []
