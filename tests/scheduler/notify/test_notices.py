"""Notices: one for each role in each county that a version touches, none for others, and answers."""

import pytest
from sqlalchemy import select

from scheduler.calendar import parse_calendar
from scheduler.ledger import runs
from scheduler.ledger.runs import LedgerError
from scheduler.ledger.tables import DecisionRow
from scheduler.notify import notices
from scheduler.notify.relevance import still_true
from scheduler.notify.reminders import remind
from scheduler.notify.tables import MessageRow, NoticeRow
from tests.scheduler.notify.setting import KEY, changed, introduce, oslo, put_in_use

# Thursday; three, five and eight working days on are 6, 8 and 13 October.
NOW = oslo(10, 1, 12)
MOVED = changed("date: 24. oktober", "date: 21. oktober")


def publish(session, version=MOVED, now=NOW):
    calendar, text = version
    return put_in_use(session, now, calendar, text)


def messages(session, kind="notice"):
    query = select(MessageRow).where(MessageRow.kind == kind).order_by(MessageRow.id)
    return list(session.scalars(query))


def notice_ids(session):
    return sorted(session.scalars(select(NoticeRow.id)))


def test_a_first_plan_tells_nobody(session):
    introduce(session)
    assert notice_ids(session) == []


def test_a_moved_deadline_gives_one_notice_to_each_county_and_none_to_others(session):
    introduce(session)
    publish(session)
    assert notice_ids(session) == ["endring/2/42/fylke-skole", "endring/2/46/fylke-skole"]
    assert [m.address for m in messages(session)] == [
        "skole@fylke42.example",
        "skole@fylke46.example",
    ]


def test_what_touches_one_county_tells_that_county_alone(session):
    introduce(session)
    opened = 'from: 19. oktober 2026, to: 23. oktober 2026, counties: ["42"]'
    publish(session, changed(opened, opened.replace("23.", "22.")))
    assert [row for row in notice_ids(session) if row.endswith("fylke-skole")] == [
        "endring/2/42/fylke-skole"
    ]


def test_a_national_deadline_tells_its_county_roles_everywhere(session):
    introduce(session)
    publish(session, changed("date: 20. oktober", "date: 21. oktober"))
    assert notice_ids(session) == ["endring/2/42/fylke-inntak", "endring/2/46/fylke-inntak"]


def test_a_notice_says_what_when_who_and_why(session):
    introduce(session)
    publish(session)
    message = messages(session)[1]
    notice = session.get_one(NoticeRow, "endring/2/46/fylke-skole")
    assert message.subject == (
        "Endret frist: ssbElev, 1. levering (21. oktober i stedet for 23. oktober), også neste skoleår"
    )
    for told in (
        "versjon 2. Bestemt av: Novari. Begrunnelse: Mottakeren ba om det",
        "Ny frist: onsdag 21. oktober 2026",
        "Før: fredag 23. oktober 2026 (i kalenderen lørdag 24. oktober 2026)",
        "Datoen: Foreslått, ikke bekreftet",
        f"/kvitter/{notice.token}",
        "/endringer/2",
        "stedfortreder tirsdag 6. oktober 2026",
        "koordinator tirsdag 13. oktober 2026",
        "kalenderen, viser den endringen av seg selv",
    ):
        assert " ".join(told.split()) in " ".join(message.text.split())
        assert told.split()[0] in message.html


def test_a_removed_deadline_is_told_to_those_who_had_it(session):
    introduce(session)
    calendar, text = changed("audience: [ist]", "audience: [fylke-skole]")
    publish(session, (calendar, text))
    assert "endring/2/national/ist" in notice_ids(session)
    assert "endring/2/46/fylke-skole" in notice_ids(session)


def test_a_change_to_what_is_settled_is_told_as_such(session):
    introduce(session)
    runs.waive(session, KEY, "kari", "Ingen skoler.", oslo(9, 1))
    publish(session)
    for_agder, for_vestland = messages(session)
    assert "alt avsluttet (fritatt)" in " ".join(for_vestland.text.split())
    assert "alt avsluttet" not in for_agder.text


def test_a_place_without_any_contact_is_noted(session):
    publish(session)
    assert len(notice_ids(session)) == 2
    assert messages(session) == []
    said = session.scalars(select(DecisionRow).where(DecisionRow.action == "no-contact")).all()
    assert len(said) == 2
    assert "Ingen kontakt for «fylke-skole»" in said[0].reason


def test_an_acknowledgement_stands_and_a_second_changes_nothing(session):
    introduce(session)
    publish(session)
    token = session.get_one(NoticeRow, "endring/2/46/fylke-skole").token
    first = notices.acknowledge(session, token, " Skolekontoret\n i  Vestland ", NOW)
    assert (first.acknowledged_by, first.acknowledged_at) == ("Skolekontoret i Vestland", NOW)
    again = notices.acknowledge(session, token, "En annen", oslo(10, 2))
    assert (again.acknowledged_by, again.acknowledged_at) == ("Skolekontoret i Vestland", NOW)


@pytest.mark.parametrize(
    ("token", "by", "told"),
    [
        ("finnes-ikke", "Kari", "Fant ikke noe varsel"),
        ("", "Kari", "Fant ikke noe varsel"),
        (None, " ", "Skriv hvem som kvitterer"),
        (None, "x" * 81, "Skriv hvem som kvitterer"),
        (None, "\x07", "Skriv hvem som kvitterer"),
    ],
)
def test_a_wrong_acknowledgement_is_refused(session, token, by, told):
    publish(session)
    notice = session.get_one(NoticeRow, "endring/2/46/fylke-skole")
    with pytest.raises(LedgerError, match=told):
        notices.acknowledge(session, notice.token if token is None else token, by, NOW)
    assert notice.acknowledged_at is None


def raised(session):
    return [
        (m.created_at, m.address)
        for m in messages(session, "escalation")
        if m.id.startswith("endring/2/46/")
    ]


def test_a_notice_nobody_answers_goes_up_after_three_five_and_eight_working_days(session):
    introduce(session)
    calendar, _ = MOVED
    publish(session)
    for day in range(2, 16):
        for hour in (7, 8, 12):
            remind(session, calendar, oslo(10, day, hour))
    assert raised(session) == [
        (oslo(10, 6), "vikar@fylke46.example"),
        (oslo(10, 8), "leder@fylke46.example"),
        (oslo(10, 13), "koordinator@nasjonal.example"),
    ]
    assert session.get_one(NoticeRow, "endring/2/46/fylke-skole").level == 4


def test_after_a_long_stop_every_level_is_told_once(session):
    introduce(session)
    calendar, _ = MOVED
    publish(session)
    remind(session, calendar, oslo(10, 14))
    remind(session, calendar, oslo(10, 15))
    assert [at for at, _ in raised(session)] == [oslo(10, 14)] * 3


def test_an_acknowledged_notice_goes_no_further_and_a_queued_escalation_is_withheld(session):
    introduce(session)
    calendar, _ = MOVED
    publish(session)
    remind(session, calendar, oslo(10, 6))
    notice = session.get_one(NoticeRow, "endring/2/46/fylke-skole")
    (mine,) = messages(session, "escalation")
    assert still_true(session, calendar, mine, oslo(10, 6))
    notices.acknowledge(session, notice.token, "Skolekontoret", oslo(10, 6, 9))
    assert not still_true(session, calendar, mine, oslo(10, 6, 9))
    remind(session, calendar, oslo(10, 14))
    assert len(raised(session)) == 1
    told = next(m for m in messages(session) if "/46/" in m.id)
    assert still_true(session, calendar, told, oslo(10, 14))


def test_publishing_the_same_again_tells_nobody(session):
    introduce(session)
    publish(session)
    publish(session, now=oslo(10, 2))
    assert len(notice_ids(session)) == 2


def test_what_a_later_version_tells_anew_goes_no_further(session):
    """Moved and moved back: only the last word goes up, and a queued earlier one is withheld."""
    introduce(session)
    calendar, _ = MOVED
    publish(session)
    remind(session, calendar, oslo(10, 6))
    (queued,) = [m for m in messages(session, "escalation") if m.id.startswith("endring/2/46/")]
    back = changed("date: 24. oktober", "date: 22. oktober")
    publish(session, back, oslo(10, 6, 12))
    assert not still_true(session, calendar, queued, oslo(10, 6, 12))
    remind(session, back[0], oslo(10, 19))
    assert raised(session) == [(oslo(10, 6), "vikar@fylke46.example")]
    later = [m for m in messages(session, "escalation") if m.id.startswith("endring/3/46/")]
    assert len(later) == 3


def test_a_later_version_about_another_deadline_overtakes_nothing(session):
    introduce(session)
    publish(session)
    other = MOVED[1].replace("date: 20. oktober", "date: 21. oktober")
    calendar = parse_calendar(other, "calendar.yaml")
    publish(session, (calendar, other), oslo(10, 2))
    remind(session, calendar, oslo(10, 6))
    assert len(raised(session)) == 1
