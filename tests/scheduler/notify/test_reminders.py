"""Reminders: what is queued as the clock runs, through stops, silences, moves and answers."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from scheduler.ledger import runs
from scheduler.ledger.runs import LedgerError
from scheduler.notify import contacts, silences
from scheduler.notify.receipts import report_nothing
from scheduler.notify.relevance import still_true
from scheduler.notify.reminders import remind
from scheduler.notify.tables import MessageRow
from scheduler.notify.warnings import warn
from tests.scheduler.notify.setting import (
    CALENDAR,
    KEY,
    LADDER,
    changed,
    introduce,
    oslo,
    put_in_use,
)

ROLE = "fylke-skole"


def queued(session, start=LADDER):
    """(step, address, instant) of every message on a ladder, in order of time."""
    query = select(MessageRow).where(MessageRow.id.startswith(start))
    rows = session.scalars(query.order_by(MessageRow.created_at, MessageRow.id))
    return [(row.payload["step"], row.address.split("@")[0], row.created_at) for row in rows]


def message(session, step):
    query = select(MessageRow).where(MessageRow.id.startswith(f"{LADDER}/{step}/"))
    return session.scalars(query.order_by(MessageRow.id)).first()


def live(session, first, last, calendar=CALENDAR):
    """Let the clock run from the first day to the last, early and late."""
    day = date(2026, *first)
    while day <= date(2026, *last):
        for hour in (0, 7, 8, 9, 16, 18):
            remind(session, calendar, oslo(day.month, day.day, hour))
        day += timedelta(days=1)


def test_a_ladder_as_the_weeks_go_by(session):
    introduce(session)
    live(session, (10, 16), (10, 30))
    assert queued(session) == [
        ("T-3", "skole", oslo(10, 20)),
        ("T-1", "skole", oslo(10, 22)),
        ("T", "skole", oslo(10, 23)),
        ("T+1", "skole", oslo(10, 26)),
        ("T+1", "vikar", oslo(10, 26)),
        ("T+2", "skole", oslo(10, 27)),
        ("T+2", "vikar", oslo(10, 27)),
        ("T+3", "skole", oslo(10, 28)),
        ("T+3", "vikar", oslo(10, 28)),
        ("T+3", "leder", oslo(10, 28)),
        ("T+4", "skole", oslo(10, 29)),
        ("T+4", "vikar", oslo(10, 29)),
        ("T+5", "skole", oslo(10, 30)),
        ("T+5", "vikar", oslo(10, 30)),
        ("T+5", "koordinator", oslo(10, 30)),
    ]


def test_a_county_that_is_closed_hears_nothing_while_it_is(session):
    introduce(session)
    live(session, (10, 12), (10, 27))
    agder = queued(session, "purring/levering/2026-2027/only/42/")
    closed = range(19, 24)
    assert agder
    assert not [at for _, _, at in agder if at.month == 10 and at.day in closed]


def test_after_a_stop_only_the_newest_step_goes_and_the_others_are_noted(session):
    introduce(session)
    remind(session, CALENDAR, oslo(10, 20))
    remind(session, CALENDAR, oslo(10, 27, 13))
    assert [step for step, who, _ in queued(session) if who == "skole"] == ["T-3", "T+2"]
    steps = message(session, "T+2").steps
    assert [step["step"] for step in steps] == ["T-1", "T", "T+1", "T+2"]
    assert [step["step"] for step in steps if step.get("passed")] == ["T-1", "T", "T+1"]


def test_what_cannot_be_seen_done_is_reminded_of_until_its_day_and_says_so(session):
    introduce(session)
    live(session, (10, 26), (11, 10))
    ladder = queued(session, "purring/vitnemal/2026-2027/only/46/")
    assert [(step, at) for step, _, at in ladder] == [
        ("T-3", oslo(10, 27)),
        ("T-1", oslo(10, 29)),
        ("T", oslo(10, 30)),
    ]
    row = session.scalars(
        select(MessageRow).where(MessageRow.id.startswith("purring/vitnemal/2026-2027/only/46/"))
    ).first()
    assert "vi ser ikke om den er levert" in " ".join(row.text.split())
    assert "ikke levert" not in row.subject


def test_a_weekly_row_and_a_milestone_give_no_ladder(session):
    introduce(session)
    live(session, (10, 5), (10, 16))
    assert {step for step, _, _ in queued(session, "purring/ukentlig/2026-2027/2/46")} == {
        "T-1",
        "T",
    }
    assert queued(session, "purring/milepael") == []


def test_a_settled_deadline_is_silent_and_what_was_queued_is_withheld(session):
    introduce(session)
    remind(session, CALENDAR, oslo(10, 20))
    waiting = message(session, "T-3")
    assert still_true(session, CALENDAR, waiting, oslo(10, 20, 9))
    runs.waive(session, KEY, "kari", "Ingen skoler.", oslo(10, 20, 10))
    assert not still_true(session, CALENDAR, waiting, oslo(10, 20, 10))
    live(session, (10, 21), (10, 27))
    assert len(queued(session)) == 1


def test_nothing_to_report_stops_the_ladder_with_one_receipt(session):
    introduce(session)
    remind(session, CALENDAR, oslo(10, 26))
    assert (
        report_nothing(session, CALENDAR, KEY, "Skolekontoret", "Ingen elever.", oslo(10, 26, 9))
        == 1
    )
    live(session, (10, 27), (10, 30))
    assert {step for step, _, _ in queued(session)} == {"T+1"}
    assert not still_true(session, CALENDAR, message(session, "T+1"), oslo(10, 26, 10))
    (receipt,) = session.scalars(select(MessageRow).where(MessageRow.kind == "receipt"))
    assert receipt.subject == "Ingenting å rapportere (23. oktober): ssbElev, 1. levering"
    assert still_true(session, CALENDAR, receipt, oslo(10, 26, 10))
    row = runs.occurrence_row(session, KEY)
    assert (row.outcome, row.due_when_settled) == ("nothing", date(2026, 10, 23))
    with pytest.raises(LedgerError, match="alt avsluttet"):
        report_nothing(session, CALENDAR, KEY, "kari", "igjen", oslo(10, 27))


def test_nothing_to_report_needs_a_reason(session):
    with pytest.raises(LedgerError, match="begrunnelse"):
        report_nothing(session, CALENDAR, KEY, "kari", "  ", oslo(10, 26))
    assert runs.occurrence_row(session, KEY).outcome is None


def test_a_deadline_that_moves_starts_its_ladder_anew_and_the_old_words_are_withheld(session):
    introduce(session)
    remind(session, CALENDAR, oslo(10, 20))
    calendar, text = changed("date: 24. oktober", "date: 30. oktober")
    put_in_use(session, oslo(10, 20, 9), calendar, text)
    assert not still_true(session, calendar, message(session, "T-3"), oslo(10, 20, 10))
    live(session, (10, 21), (10, 30), calendar)
    moved = queued(session, "purring/levering/2026-2027/only/46/2026-10-30")
    assert [step for step, _, _ in moved] == ["T-3", "T-1", "T"]
    assert len(queued(session)) == 1


def test_being_on_the_matter_leaves_out_one_step_and_never_what_is_late(session):
    introduce(session)
    live(session, (10, 20), (10, 20))
    silences.acknowledge(session, CALENDAR, KEY, ROLE, "kari", oslo(10, 20, 12))
    live(session, (10, 21), (10, 26))
    assert [step for step, who, _ in queued(session) if who == "skole"] == ["T-3", "T", "T+1"]


def test_a_silence_withholds_what_is_queued(session):
    introduce(session)
    remind(session, CALENDAR, oslo(10, 20))
    silences.snooze(session, CALENDAR, KEY, ROLE, date(2026, 10, 22), "kari", oslo(10, 20, 9))
    assert not still_true(session, CALENDAR, message(session, "T-3"), oslo(10, 20, 9))
    live(session, (10, 21), (10, 22))
    assert [step for step, _, _ in queued(session)] == ["T-3", "T-1"]


@pytest.mark.parametrize(
    ("key", "role", "until", "told"),
    [
        (KEY, ROLE, date(2026, 10, 20), "ikke fram i tid"),
        (KEY, ROLE, date(2026, 10, 24), "ikke utsettes forbi"),
        (KEY, "fylke-inntak", date(2026, 10, 22), "Rollen «fylke-inntak» har ikke fristen"),
        ("finnes/ikke/only/46", ROLE, date(2026, 10, 22), "Fant ingen forekomst"),
    ],
)
def test_a_wrong_snooze_is_refused(session, key, role, until, told):
    with pytest.raises(LedgerError, match=told):
        silences.snooze(session, CALENDAR, key, role, until, "kari", oslo(10, 20))


def test_a_contact_that_wants_the_digest_only_is_still_told_what_is_late(session):
    people = introduce(session)
    people["skole@fylke46.example"].singles = False
    live(session, (10, 19), (10, 26))
    assert [step for step, who, _ in queued(session) if who == "skole"] == ["T+1"]


def test_what_is_queued_is_withheld_when_the_next_step_has_come_or_the_contact_is_gone(session):
    people = introduce(session)
    remind(session, CALENDAR, oslo(10, 20))
    waiting = message(session, "T-3")
    assert still_true(session, CALENDAR, waiting, oslo(10, 22, 7))
    assert not still_true(session, CALENDAR, waiting, oslo(10, 22, 8))
    contacts.remove(session, people["skole@fylke46.example"].id)
    assert not still_true(session, CALENDAR, waiting, oslo(10, 20, 9))


def test_a_role_with_nobody_is_answered_for_by_the_coordinator(session):
    introduce(session, "national")
    remind(session, CALENDAR, oslo(10, 20))
    assert [who for _, who, _ in queued(session)] == ["koordinator"]
    assert "ingen står som ansvarlig" in " ".join(message(session, "T-3").text.split())
    assert "(Vestland)" in message(session, "T-3").subject


def test_an_unapproved_year_is_told_once_for_each_step_to_more_as_it_nears(session):
    introduce(session)

    def warned(*steps):
        before = set(session.scalars(select(MessageRow.id)))
        number = warn(session, [("2027-2028", days) for days in steps], oslo(5, 3, year=2027))
        new = set(session.scalars(select(MessageRow.id))) - before
        assert number == len(new)
        return sorted(session.get_one(MessageRow, made).address for made in new)

    assert warned(90) == ["koordinator@nasjonal.example"]
    assert warned(90) == []
    assert warned(90, 30) == ["drift@ist.example", "koordinator@nasjonal.example"]
    assert warned(90, 30) == []


def test_a_delivery_after_nothing_to_report_counts_as_delivered(session):
    report_nothing(session, CALENDAR, KEY, "kari", "Ingen elever.", oslo(10, 20))
    row = runs.occurrence_row(session, KEY)
    run = runs.request_run(session, row, 1, "import-school", {}, "fil mottatt", oslo(10, 21))
    receipt = {"kind": "import", "receiver": "ssb", "reference": "1", "detail": {}}
    runs.settle_done(session, run.id, receipt, oslo(10, 21))
    assert (row.outcome, row.outcome_at) == ("done", oslo(10, 21))
