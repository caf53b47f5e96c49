"""A version whose text this release cannot read stops nothing: the next one is told all the same."""

import pytest
from sqlalchemy import select

from scheduler.calendar import CalendarError, parse_calendar
from scheduler.ledger.tables import CalendarVersion
from scheduler.notify.tables import NoticeRow
from tests.scheduler.notify.setting import changed, oslo, put_in_use

OLDER = "version: 0\nfrister: [gammel]\n"


def test_an_unreadable_text_before_a_version_does_not_stop_its_publishing(session):
    with pytest.raises(CalendarError):
        parse_calendar(OLDER, "calendar.yaml")
    session.scalars(select(CalendarVersion)).one().text = OLDER
    session.flush()
    put_in_use(session, oslo(10, 1, 12), *changed("date: 24. oktober", "date: 21. oktober"))
    assert sorted(session.scalars(select(NoticeRow.id))) == [
        "endring/2/42/fylke-skole",
        "endring/2/46/fylke-skole",
    ]
