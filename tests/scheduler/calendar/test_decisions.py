"""What people decide about one year's date: overrides, beside announcements, and open questions."""

from datetime import date

import pytest

from scheduler.calendar import CalendarError, expand, explain, parse_calendar
from scheduler.calendar.occurrence import NATIONAL, DateStatus, TraceKind
from tests.scheduler.calendar.finding import CALENDAR, the
from tests.scheduler.calendar.right import RIGHT

DECIDED = "decided_by: SSB, label: P}"


def with_entries(*lines, where="    description: En import.\n"):
    """The right calendar with lines at the end of its first row."""
    text = "".join(f"    {line}\n" for line in lines)
    return RIGHT.replace(where, where + text, 1)


def moved(*entries):
    return with_entries(
        "overrides:", *(f"  - {{{entry}, reason: Kontoret flytter., {DECIDED}" for entry in entries)
    )


def faults_of(text):
    with pytest.raises(CalendarError) as raised:
        parse_calendar(text, "prøve.yaml")
    return [(fault.line, fault.column, fault.sentence) for fault in raised.value.faults]


def test_a_decision_moves_the_date_for_the_counties_it_names():
    text = moved('school_year: 2026-2027, counties: ["42"], date: 19. oktober 2026')
    calendar = parse_calendar(text, "prøve.yaml")
    agder = the("en-import", "2026-2027", calendar=calendar, county="42")
    vestland = the("en-import", "2026-2027", calendar=calendar, county="46")
    assert (agder.nominal, agder.due) == (date(2026, 10, 15), date(2026, 10, 19))
    assert vestland.due == date(2026, 10, 15)
    assert the("en-import", "2027-2028", calendar=calendar, county="42").due == date(2027, 10, 15)
    assert agder.trace[-1].sentence == (
        "Kontoret flytter. Besluttet av SSB: fristen er mandag 19. oktober 2026 "
        "i stedet for torsdag 15. oktober 2026."
    )
    assert agder.trace[-1].facts == {
        "from": "2026-10-15",
        "date": "2026-10-19",
        "decided_by": "SSB",
        "reason": "Kontoret flytter.",
        "label": "P",
        "because": [],
    }


def test_a_decision_is_the_last_word_after_shift_and_closure():
    closed = "  - {name: Stengt, from: 15. oktober 2027, to: 15. oktober 2027}\nempty_months:"
    text = moved("school_year: 2027-2028, date: 12. oktober 2027").replace("empty_months:", closed)
    text = text.replace("date: 15. oktober,", "date: 16. oktober,")
    found = the("en-import", "2027-2028", calendar=parse_calendar(text, "prøve.yaml"))
    kinds = [step.kind for step in found.trace]
    assert kinds == [TraceKind.RULE, TraceKind.SHIFT, TraceKind.CLOSURE, TraceKind.OVERRIDE]
    assert [step.date.day for step in found.trace] == [16, 15, 14, 12]
    assert found.due == date(2027, 10, 12)


def test_a_decided_day_off_is_told_and_never_moved():
    text = moved("school_year: 2026-2027, date: 17. oktober 2026")
    found = the("en-import", "2026-2027", calendar=parse_calendar(text, "prøve.yaml"))
    assert found.due == date(2026, 10, 17)
    assert found.trace[-1].sentence.endswith("Dagen er en lørdag, men flyttes ikke videre.")


def test_a_decided_date_is_never_shown_as_confirmed():
    text = moved("school_year: 2026-2027, date: 19. oktober 2026")
    found = the("en-import", "2026-2027", calendar=parse_calendar(text, "prøve.yaml"))
    assert found.date_status is DateStatus.PROPOSED
    assert explain(found).endswith("Datoen er foreslått og ikke bekreftet av mottakeren.")


def test_a_decision_for_a_county_goes_before_one_for_all():
    text = moved(
        "school_year: 2026-2027, date: 19. oktober 2026",
        'school_year: 2026-2027, counties: ["42"], date: 20. oktober 2026',
    )
    calendar = parse_calendar(text, "prøve.yaml")
    dues = {
        found.scope: found.due.day
        for found in expand(calendar, "2026-2027")
        if found.deliverable == "en-import"
    }
    assert dues == {"42": 20, "46": 19}


def test_a_row_counted_from_a_moved_one_moves_with_it_in_that_county_only():
    text = moved('school_year: 2026-2027, counties: ["42"], date: 19. oktober 2026')
    calendar = parse_calendar(text, "prøve.yaml")
    days = [the("en-levering", "2026-2027", calendar=calendar, county=c).due for c in ("42", "46")]
    assert days == [date(2026, 10, 26), date(2026, 10, 22)]


def test_a_national_row_has_the_nations_date_also_in_a_closed_county():
    """A county's closure moves its own rows, and what they are counted from only if it is theirs."""
    closed = '  - {name: Stengt, from: 15. oktober 2026, to: 15. oktober 2026, counties: ["42"]}\nempty_months:'
    text = RIGHT.replace("scope: county", "scope: national", 1).replace("empty_months:", closed)
    calendar = parse_calendar(text, "prøve.yaml")
    agder = the("en-levering", "2026-2027", calendar=calendar, county="42")
    assert the("en-import", "2026-2027", calendar=calendar).due == date(2026, 10, 15)
    assert (agder.trace[0].facts["from"], agder.due) == ("2026-10-15", date(2026, 10, 22))


@pytest.mark.parametrize(
    ("entries", "place", "words"),
    [
        (
            ["school_year: 2026-2027, date: 19. oktober 2027"],
            (34, 9),
            "Datoen ligger i skoleåret 2027-2028, ikke i 2026-2027. En frist kan ikke flyttes ut",
        ),
        (
            [
                "school_year: 2026-2027, date: 19. oktober 2026",
                "school_year: 2026-2027, date: 20. oktober 2026",
            ],
            (35, 9),
            "en annen besluttet dato for det samme i 2026-2027",
        ),
        (
            [
                'school_year: 2026-2027, counties: ["42", "46"], date: 19. oktober 2026',
                'school_year: 2026-2027, counties: ["42"], date: 20. oktober 2026',
            ],
            (35, 9),
            "en annen besluttet dato for det samme i 2026-2027",
        ),
        (
            ["school_year: 2026-2027, stage: final, date: 19. oktober 2026"],
            (34, 41),
            "Raden har ikke trinnet «final» i 2026-2027.",
        ),
        (
            ['school_year: 2026-2027, counties: ["99"], date: 19. oktober 2026'],
            (34, 45),
            "«99» er ikke et fylkesnummer",
        ),
        (["school_year: 2026-2027, date: 19. oktober"], (34, 40), "en dato med årstall"),
    ],
)
def test_a_decision_that_cannot_hold_is_told_at_its_place(entries, place, words):
    found = faults_of(moved(*entries))
    assert [fault[:2] for fault in found if words in fault[2]] == [place], found


def test_a_date_both_announced_and_decided_is_for_a_person_to_settle():
    entry = (
        "    overrides: [{school_year: 2023-2024, date: 26. oktober 2023, reason: Sykdom, "
        f"{DECIDED}]\n"
    )
    ((line, _, sentence),) = faults_of(RIGHT + entry)
    assert line == 49
    assert (
        "både kunngjort (tirsdag 24. oktober 2023) og flyttet til torsdag 26. oktober" in sentence
    )
    assert "Spør mottakeren hvilken som gjelder" in sentence


def test_an_announcement_and_a_decision_for_different_counties_live_together():
    entry = (
        '    overrides: [{school_year: 2023-2024, counties: ["42"], date: 26. oktober 2023, '
        f"reason: Sykdom, {DECIDED}]\n"
    )
    text = (RIGHT + entry).replace("2023, source", '2023, counties: ["46"], source')
    calendar = parse_calendar(text, "prøve.yaml")
    agder = the("en-levering", "2023-2024", calendar=calendar, county="42")
    vestland = the("en-levering", "2023-2024", calendar=calendar, county="46")
    assert (agder.due, agder.date_status) == (date(2023, 10, 26), DateStatus.PROPOSED)
    assert (vestland.due, vestland.date_status) == (date(2023, 10, 24), DateStatus.CONFIRMED)


def test_a_national_row_has_no_dates_for_single_counties():
    text = moved('school_year: 2026-2027, counties: ["42"], date: 19. oktober 2026')
    found = faults_of(text.replace("scope: county", "scope: national", 1))
    assert "Raden er nasjonal og har én dato for alle." in found[0][2]


def test_an_override_into_an_empty_month_is_refused():
    found = faults_of(
        RIGHT.replace(
            "      - {school_year: 2023-2024, announced: 24. oktober 2023, source: S}\n",
            "      - {school_year: 2023-2024, announced: 24. oktober 2023, source: S}\n"
            "    overrides: [{school_year: 2026-2027, date: 5. april 2027, reason: Utsatt, "
            f"{DECIDED}]\n",
        )
    )
    assert any("Udir skal ikke ha noe i april" in sentence for *_, sentence in found)


def test_open_questions_of_the_real_calendar_are_carried_with_who_must_answer():
    open_rows = {row.id: row.undecided for row in CALENDAR.deliverables.values() if row.undecided}
    assert open_rows.keys() >= {
        "ot-overforing-elever",
        "skole-priv-telling-apr",
        "fag-nor-register",
        "stat-ssbresultat-l1",
    }
    osmo = open_rows["ot-overforing-elever"]
    assert osmo.in_words == (
        "Ikke avklart (OSMO): Når på året skal ungdom som ikke har oppnådd studie- eller "
        "yrkeskompetanse (OSMO), overføres? Avgjøres av fylkene og Novari. Overføringen "
        "er bare en prøvekjøring i fylker som ikke selv har valgt OSMO. Sju fylker overførte gruppen i 2024-2025."
    )


def test_an_open_question_never_hides_a_date_and_never_confirms_it():
    found = [the(row, "2026-2027") for row in ("ot-overforing-elever", "skole-priv-telling-apr")]
    assert [occurrence.date_status for occurrence in found] == [DateStatus.PROPOSED] * 2
    assert {occurrence.scope for occurrence in found} == {"46", NATIONAL}


def test_a_question_must_say_who_decides():
    text = with_entries("undecided: {question: Når?, label: S}")
    assert "«decided_by» mangler" in faults_of(text)[0][2]
