"""Assertions written in the calendar file: they hold, and an edit that breaks one is refused."""

from pathlib import Path

import pytest

from scheduler.calendar import CalendarError, parse_calendar
from tests.scheduler.calendar.finding import CALENDAR
from tests.scheduler.calendar.right import RIGHT

FILE = (Path(__file__).parents[3] / "calendar.yaml").read_text(encoding="utf-8")
AGDER_CLOSED = '  - {name: Stengt, from: 12. oktober 2026, to: 30. oktober 2026, counties: ["42"]}\nempty_months:'


def asserting(condition, row="en-levering", text=RIGHT, counties=""):
    """The right calendar with one assertion, which stands on line 21."""
    entry = f"  - {{say: Slik skal det være, row: {row}, {condition}{counties}, evidence: {{label: I}}}}\n"
    return text.replace("deliverables:\n", f"assertions:\n{entry}deliverables:\n", 1)


def faults_of(text):
    with pytest.raises(CalendarError) as raised:
        parse_calendar(text, "prøve.yaml")
    return raised.value.faults


HOLDING = [
    "in_month: oktober",
    "in_month: [september, oktober]",
    "never_in: [mai, juni]",
    "weekday: [mandag, tirsdag, onsdag, torsdag, fredag]",
    "after: en-import",
    "working_days_after: {row: en-import, at_least: 5, at_most: 7}",
    "slack_at_least: 4",
]


@pytest.mark.parametrize("condition", HOLDING)
def test_a_true_assertion_is_no_fault(condition):
    assert len(parse_calendar(asserting(condition), "prøve.yaml").assertions) == 1


@pytest.mark.parametrize(
    ("condition", "row", "words"),
    [
        (
            "in_month: november",
            "en-levering",
            "i 2020-2021: «En levering» har frist torsdag 22. oktober 2020, ikke i november.",
        ),
        (
            "never_in: oktober",
            "en-levering",
            "torsdag 22. oktober 2020, altså i oktober.",
        ),
        (
            "weekday: [mandag, tirsdag]",
            "en-levering",
            "torsdag 22. oktober 2020, ikke en mandag eller tirsdag.",
        ),
        ("before: en-import", "en-levering", "ikke før «en-import» (torsdag 15. oktober 2020)."),
        ("after: en-levering", "en-import", "ikke etter «en-levering» (torsdag 22. oktober 2020)."),
        (
            "working_days_after: {row: en-import, at_least: 6}",
            "en-levering",
            "torsdag 22. oktober 2020, fem arbeidsdager etter «en-import» (torsdag 15. oktober 2020).",
        ),
        (
            "working_days_after: {row: en-import, at_most: 4}",
            "en-levering",
            "fem arbeidsdager etter «en-import»",
        ),
        (
            "working_days_after: {row: reference_date, at_least: 11}",
            "en-import",
            "ti arbeidsdager etter telledatoen (torsdag 1. oktober 2020).",
        ),
        (
            "working_days_after: {row: en-levering, at_least: 1}",
            "en-import",
            "men ingen frist for «en-levering» er på eller før den.",
        ),
        (
            "slack_at_least: 5",
            "en-levering",
            "og slakken etter «en-import» (torsdag 15. oktober 2020) er fire arbeidsdager.",
        ),
    ],
)
def test_a_false_assertion_names_year_dates_and_its_own_words(condition, row, words):
    (fault,) = faults_of(asserting(condition, row))
    assert (fault.line, fault.column) == (21, 5)
    assert "Påstanden «Slik skal det være» holder ikke i 2020-2021" in fault.sentence
    assert words in fault.sentence


def test_a_shifted_date_is_told_with_the_day_in_the_calendar():
    (fault,) = faults_of(asserting("weekday: [mandag, tirsdag, onsdag, torsdag]", "en-import"))
    assert (
        "i 2021-2022: «En import» har frist fredag 15. oktober 2021, ikke en mandag"
        in fault.sentence
    )
    (fault,) = faults_of(
        asserting(
            "never_in: september",
            "en-import",
            RIGHT.replace("date: 15. oktober", "date: 1. oktober"),
        )
    )
    assert (
        "har frist fredag 30. september 2022 (i kalenderen lørdag 1. oktober 2022), altså i september."
        in fault.sentence
    )


def test_a_county_alone_can_break_an_assertion():
    text = RIGHT.replace("empty_months:", AGDER_CLOSED.replace("12. oktober", "20. oktober"))
    condition = "working_days_after: {row: en-import, at_least: 5}"
    assert parse_calendar(asserting(condition), "prøve.yaml")
    (fault,) = faults_of(asserting(condition, text=text))
    assert "holder ikke i 2026-2027 i Agder" in fault.sentence
    assert "har frist mandag 19. oktober 2026 (i kalenderen torsdag 22. oktober" in fault.sentence


def test_an_assertion_for_some_counties_leaves_the_others():
    text = RIGHT.replace("empty_months:", AGDER_CLOSED)
    text = text.replace(
        "due: {date: 15. oktober, shift: preceding}", "due: {date: 15. oktober, shift: following}"
    )
    text = text.replace(
        "{after: en-import, days: 7, shift: preceding}", "{date: 20. november, shift: preceding}"
    )
    november = "never_in: november"
    assert parse_calendar(
        asserting(november, "en-import", text, ', counties: ["46"]'), "prøve.yaml"
    )
    (fault,) = faults_of(asserting(november, "en-import", text, ', counties: ["42"]'))
    assert "i 2026-2027 i Agder" in fault.sentence


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        ("counties: []", "Skriv nøyaktig én betingelse: in_month, never_in"),
        ("in_month: mai, before: en-import", "Skriv nøyaktig én betingelse"),
        ("in_month: mia", "Mente du «mai»?"),
        ("before: en-inport", "Mente du «en-import»?"),
        ("working_days_after: {row: en-import}", "Skriv «at_least», «at_most» eller begge."),
        ("slack_at_least: to", "et helt tall, ikke «to»"),
        ("slak_at_least: 2", "Mente du «slack_at_least»?"),
        ("working_days_after: {row: reference_date, at_least: 1}", "ingen telledato som er en dag"),
    ],
)
def test_an_assertion_that_says_nothing_gets_advice(condition, words):
    found = faults_of(asserting(condition))
    assert any(words in fault.sentence for fault in found), found
    assert {fault.line for fault in found} == {21}


def test_an_order_is_asserted_only_against_a_row_with_one_date():
    text = RIGHT.replace(
        "due: {date: 15. oktober, shift: preceding}", "due: {dates: [1. oktober, 2. oktober]}"
    )
    text = text.replace(
        "{after: en-import, days: 7, shift: preceding}", "{date: 20. oktober, shift: preceding}"
    )
    (fault,) = faults_of(asserting("after: en-import", text=text))
    assert "«en-import» har flere frister i året." in fault.sentence
    distance = "working_days_after: {row: en-import, at_most: 16}"
    assert parse_calendar(asserting(distance, text=text), "prøve.yaml")


def test_an_assertion_about_a_row_without_a_date_is_refused():
    text = RIGHT.replace(
        "due: {after: en-import, days: 7, shift: preceding}", "when: høsten\n    activity: info"
    )
    text = text[: text.index("    confirmed:")] + text[text.index("    evidence: {label: S+P}") :]
    assert any(
        "ingen frist å påstå noe om" in f.sentence
        for f in faults_of(asserting("in_month: mai", text=text))
    )


@pytest.mark.parametrize(
    ("right", "wrong", "words"),
    [
        (
            "due: {date: 7. november,",
            "due: {date: 4. desember,",
            "Endelig ssbElev leveres i november.",
        ),
        (
            "due: {date: 7. november,",
            "due: {date: 2. november,",
            "Fylkene har minst åtte arbeidsdager",
        ),
        (
            "due: {date: 24. september,",
            "due: {date: 30. juli,",
            "Endelig ssbResultat leveres i september.",
        ),
        (
            "due: {date: 5. november,",
            "due: {date: 30. november,",
            "Private skolers sluttere er inne før",
        ),
        (
            "due: {date: 1. mars, shift: following}\n    time",
            "due: {date: 1. mars}\n    time",
            "aldri en lørdag eller søndag",
        ),
        (
            "from: 8. september\n      to: 30. juni\n      also: [5. november, 12. november,",
            "from: 1. desember\n      to: 30. juni\n      also: [5. november,",
            "sluttere som er overført den siste uken",
        ),
    ],
)
def test_an_edit_that_breaks_what_the_real_calendar_asserts_is_refused(right, wrong, words):
    assert right in FILE
    text = FILE.replace(right, wrong) if "mars" in right else FILE.replace(right, wrong, 1)
    found = faults_of(text)
    broken = [fault for fault in found if words in fault.sentence]
    assert broken, found
    assert FILE.splitlines()[broken[0].line - 1].startswith("  - say:")


def test_every_assertion_of_the_real_calendar_says_how_it_is_known():
    assert len(CALENDAR.assertions) >= 10
    for entry in CALENDAR.assertions:
        assert entry.evidence.sources or entry.evidence.note, entry.say
        assert entry.say.endswith("."), entry.say


def test_a_new_delivery_to_udir_in_august_fails_until_the_rule_is_lifted():
    """Moonshot M12: nothing to Udir in August, said once and held."""
    start = FILE.index("\n  fag-data-0101:\n")
    row = FILE[start : FILE.index("\n  fag-udir-kontrakt-mnd:\n")]
    new = row.replace("fag-data-0101", "ny-levering").replace(
        "reference_date: 1. januar", "reference_date: 1. august"
    )
    new = new.replace("due: {date: 10. januar", "due: {date: 20. august")
    (fault,) = faults_of(FILE[:start] + new + FILE[start:])
    assert "Utdanningsdirektoratet skal ikke ha noe i august" in fault.sentence
    exception = (
        "    exceptions:\n      - {deliverable: ny-levering, month: august, reason: Bestilt.}\n"
    )
    lifted = (FILE[:start] + new + FILE[start:]).replace("    exceptions:\n", exception, 1)
    assert "ny-levering" in parse_calendar(lifted, "prøve.yaml").deliverables
