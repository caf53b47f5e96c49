"""Every way a row may say when, and what closures and announcements do to it."""

from datetime import date

import pytest

from scheduler.calendar import expand, parse_calendar
from scheduler.calendar.occurrence import DateStatus, TraceKind
from tests.scheduler.calendar.finding import the

ROW = """
version: 1
counties: {"42": {name: Agder}, "46": {name: Vestland}}
areas: {skole: {name: Skole}}
parties: {}
audiences: {alle: {name: Alle}}
sources: {}
closures:
  - {name: Julaften, date: 24. desember}
  - {name: Stengt uke, from: 19. oktober 2026, to: 23. oktober 2026, counties: ["42"]}
deliverables:
  en-rad:
    name: En rad
    areas: [skole]
    kind: delivery
    scope: county
    audience: [alle]
    due: %s
    evidence: {label: I}
    description: En prøve.
"""


def one_row(due):
    return parse_calendar(ROW % due, "prøve.yaml")


def test_a_county_closed_on_the_day_delivers_before_and_only_that_county():
    calendar = one_row("{date: 24. oktober, shift: preceding}")
    agder = the("en-rad", "2026-2027", calendar=calendar, county="42")
    vestland = the("en-rad", "2026-2027", calendar=calendar, county="46")
    assert (agder.due, vestland.due) == (date(2026, 10, 16), date(2026, 10, 23))
    assert [step.kind for step in agder.trace] == [
        TraceKind.RULE,
        TraceKind.SHIFT,
        TraceKind.CLOSURE,
    ]
    assert agder.trace[-1].sentence == (
        "Fredag 23. oktober 2026 er det stengt (Stengt uke); fristen flyttes til siste arbeidsdag "
        "før, fredag 16. oktober 2026."
    )


def test_christmas_eve_is_closed_though_it_is_no_public_holiday():
    found = the("en-rad", "2026-2027", calendar=one_row("{date: 24. desember, shift: following}"))
    assert found.due == date(2026, 12, 28)
    assert [step.kind for step in found.trace] == [TraceKind.RULE, TraceKind.CLOSURE]


@pytest.mark.parametrize(
    ("due", "expected"),
    [
        ("{working_day: 1, month: januar}", date(2027, 1, 4)),
        ("{working_day: -1, month: desember}", date(2026, 12, 31)),
        ("{working_day: -2, month: februar}", date(2027, 2, 25)),
        ("{weekday: mandag, nth: 1, month: januar}", date(2027, 1, 4)),
        ("{weekday: fredag, nth: -1, month: mai}", date(2027, 5, 28)),
        ("{weekday: mandag, on_or_after: 2. januar}", date(2027, 1, 4)),
    ],
)
def test_an_anchor_gives_the_day_its_words_say(due, expected):
    assert the("en-rad", "2026-2027", calendar=one_row(due)).nominal == expected


def test_the_last_working_day_of_february_is_the_leap_day_when_there_is_one():
    calendar = one_row("{working_day: -1, month: februar}")
    assert the("en-rad", "2027-2028", calendar=calendar).due == date(2028, 2, 29)
    assert the("en-rad", "2028-2029", calendar=calendar).due == date(2029, 2, 28)


def test_an_announced_sunday_without_an_effective_date_still_moves():
    text = ROW % "{date: 24. oktober, shift: preceding}"
    text = text.replace("sources: {}", "sources: {X: {title: Prøve}}").replace(
        "    evidence:",
        "    confirmed: [{school_year: 2026-2027, announced: 1. november 2026, source: X}]\n    evidence:",
    )
    found = the("en-rad", "2026-2027", calendar=parse_calendar(text, "prøve.yaml"))
    assert (found.nominal, found.due) == (date(2026, 11, 1), date(2026, 10, 30))
    assert found.date_status is DateStatus.CONFIRMED


def test_an_announcement_for_one_county_leaves_the_others():
    text = ROW % "{date: 24. november, shift: preceding}"
    text = text.replace("sources: {}", "sources: {X: {title: Prøve}}").replace(
        "    evidence:",
        "    confirmed:\n      - {school_year: 2026-2027, announced: 2. november 2026, "
        'counties: ["46"], source: X}\n    evidence:',
    )
    calendar = parse_calendar(text, "prøve.yaml")
    assert the("en-rad", "2026-2027", calendar=calendar, county="46").due == date(2026, 11, 2)
    assert the("en-rad", "2026-2027", calendar=calendar, county="42").due == date(2026, 11, 24)


def test_an_extra_day_never_renumbers_the_weeks():
    weeks = "{weekly: tirsdag, from: 1. september, to: 30. juni%s}"
    plain, more = (
        {occurrence.stage: occurrence.nominal for occurrence in expand(one_row(due), "2026-2027")}
        for due in (weeks % "", weeks % ", also: [9. september, 1. juni]")
    )
    assert plain.items() <= more.items()
    # 1 June 2027 is a Tuesday and there already.
    assert set(more.values()) - set(plain.values()) == {date(2026, 9, 9)}
