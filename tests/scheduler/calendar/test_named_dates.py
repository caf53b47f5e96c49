"""Dates one can look up: weekends, holidays, Easter, and autumn 2023 as it was announced."""

from dataclasses import replace
from datetime import date

import pytest

from scheduler.calendar import expand, explain
from scheduler.calendar.occurrence import DateStatus
from scheduler.calendar.words import day_and_date, short_date
from scheduler.calendar.workdays import Shift, Unresolvable, Workdays, public_holidays
from tests.scheduler.calendar.finding import CALENDAR, the

PUBLIC = Workdays({})


@pytest.mark.parametrize(
    ("nominal", "rule", "due"),
    [
        (date(2027, 5, 17), Shift.FOLLOWING, date(2027, 5, 18)),  # two holidays on one day
        (date(2027, 5, 17), Shift.PRECEDING, date(2027, 5, 14)),
        (date(2028, 10, 1), Shift.NONE, date(2028, 10, 1)),
        (date(2028, 9, 30), Shift.PRECEDING, date(2028, 9, 29)),
        (date(2028, 9, 30), Shift.FOLLOWING, date(2028, 10, 2)),
        (date(2028, 9, 30), Shift.MODIFIED_FOLLOWING, date(2028, 9, 29)),
        (date(2025, 2, 1), Shift.FOLLOWING, date(2025, 2, 3)),
        (date(2025, 3, 1), Shift.FOLLOWING, date(2025, 3, 3)),
        (date(2026, 2, 1), Shift.FOLLOWING, date(2026, 2, 2)),
        (date(2026, 3, 1), Shift.FOLLOWING, date(2026, 3, 2)),
        (date(2025, 4, 17), Shift.FOLLOWING, date(2025, 4, 22)),  # Easter
        (date(2026, 4, 6), Shift.PRECEDING, date(2026, 4, 1)),
        (date(2027, 3, 25), Shift.FOLLOWING, date(2027, 3, 30)),
        (date(2028, 4, 13), Shift.PRECEDING, date(2028, 4, 12)),
        (date(2012, 9, 30), Shift.PRECEDING, date(2012, 9, 28)),
        (date(2028, 2, 29), Shift.PRECEDING, date(2028, 2, 29)),  # a leap day is a day
        (date(2026, 10, 23), Shift.PRECEDING, date(2026, 10, 23)),
    ],
)
def test_a_date_off_work_moves_as_its_rule_says(nominal, rule, due):
    assert PUBLIC.shift(nominal, rule) == due


@pytest.mark.parametrize(
    ("year", "days"),
    [
        (2025, ["2025-04-17", "2025-04-21", "2025-05-29", "2025-06-09"]),
        (2026, ["2026-04-02", "2026-04-06", "2026-05-14", "2026-05-25"]),
        (2027, ["2027-03-25", "2027-03-29", "2027-05-06", "2027-05-17"]),
        (2028, ["2028-04-13", "2028-04-17", "2028-05-25", "2028-06-05"]),
    ],
)
def test_the_movable_holidays_are_known(year, days):
    fixed = [(1, 1), (5, 1), (5, 17), (12, 25), (12, 26)]
    holidays = public_holidays(year)
    assert {date.fromisoformat(day) for day in days} <= set(holidays)
    assert {date(year, *day) for day in fixed} <= set(holidays)


def test_two_holidays_on_one_day_are_both_named():
    assert PUBLIC.reason(date(2027, 5, 17)) == "Andre pinsedag; Grunnlovsdag"


@pytest.mark.parametrize(
    ("deliverable", "cycle", "nominal", "due"),
    [
        ("kode-programomrade-soknad", "2025-2026", "2025-11-01", "2025-11-01"),
        ("kode-programomrade-soknad", "2026-2027", "2026-11-01", "2026-11-01"),
        ("inn-frist-0102", "2024-2025", "2025-02-01", "2025-02-03"),
        ("inn-frist-0102", "2025-2026", "2026-02-01", "2026-02-02"),
        ("inn-frist-0103", "2024-2025", "2025-03-01", "2025-03-03"),
        ("inn-frist-0103", "2025-2026", "2026-03-01", "2026-03-02"),
        ("fag-laereplass-soknadsfrist", "2025-2026", "2026-03-01", "2026-03-02"),
        ("inn-vigo-apner", "2023-2024", "2024-01-08", "2024-01-08"),
        ("inn-vigo-apner", "2025-2026", "2026-01-05", "2026-01-05"),
        ("stat-ssbelev-l1", "2026-2027", "2026-10-24", "2026-10-23"),
        ("stat-ssbelev-tilbakemelding", "2026-2027", "2026-10-30", "2026-10-30"),
        ("ot-data-1115", "2025-2026", "2025-11-17", "2025-11-17"),
        ("ot-data-1115", "2026-2027", "2026-11-16", "2026-11-16"),
        ("inn-inntaksdata-jul", "2026-2027", "2027-07-09", "2027-07-09"),
    ],
)
def test_a_row_has_the_dates_its_evidence_shows(deliverable, cycle, nominal, due):
    found = the(deliverable, cycle)
    assert (found.nominal.isoformat(), found.due.isoformat()) == (nominal, due)


@pytest.mark.parametrize(
    ("deliverable", "cycle", "reference"),
    [
        ("skole-off-telling-okt", "2028-2029", date(2028, 10, 1)),  # a Sunday
        ("ot-data-1115", "2025-2026", date(2025, 11, 15)),  # a Saturday
        ("ot-data-1115", "2026-2027", date(2026, 11, 15)),  # a Sunday
        ("ot-data-0615", "2024-2025", date(2025, 6, 15)),  # a Sunday
        ("fag-ssbkontrakt-endelig", "2026-2027", date(2026, 10, 1)),  # due in January
        ("fag-data-0101", "2026-2027", date(2027, 1, 1)),
    ],
)
def test_a_reference_date_is_never_moved(deliverable, cycle, reference):
    assert the(deliverable, cycle).reference_date == reference


@pytest.mark.parametrize(
    ("deliverable", "stage", "announced", "effective"),
    [
        ("stat-ssbresultat-endelig", "final", date(2023, 9, 24), date(2023, 9, 22)),
        ("stat-ssbelev-l1", "first", date(2023, 10, 24), date(2023, 10, 24)),
        ("stat-ssbelev-endelig", "final", date(2023, 11, 7), date(2023, 11, 7)),
        ("stat-ist-udir-videresending", "1", date(2023, 9, 25), date(2023, 9, 25)),
        ("stat-ist-udir-videresending", "2", date(2023, 10, 25), date(2023, 10, 25)),
        ("stat-ist-udir-videresending", "3", date(2023, 11, 8), date(2023, 11, 8)),
    ],
)
def test_autumn_2023_stands_as_it_was_announced(deliverable, stage, announced, effective):
    found = the(deliverable, "2023-2024", stage)
    assert (found.nominal, found.due) == (announced, effective)
    assert found.date_status is DateStatus.CONFIRMED
    assert found.trace[-1].source == "NV-KVAL"


@pytest.mark.parametrize("deliverable", ["stat-ssbresultat-endelig", "stat-ssbelev-l1"])
def test_our_rules_alone_also_give_the_dates_of_2023(deliverable):
    announced = the(deliverable, "2023-2024")
    row = CALENDAR.deliverables[deliverable].model_copy(update={"confirmed": ()})
    rows = {**CALENDAR.deliverables, deliverable: row}
    ruled = the(
        deliverable, "2023-2024", calendar=CALENDAR.model_copy(update={"deliverables": rows})
    )
    assert (ruled.nominal, ruled.due) == (announced.nominal, announced.due)
    assert ruled.date_status is DateStatus.PROPOSED


def test_a_shift_is_told_in_words():
    assert explain(the("stat-ssbelev-l1", "2026-2027")) == (
        "Regelen er 24. oktober, som gir lørdag 24. oktober 2026. "
        "24. oktober er en lørdag; fristen flyttes til siste arbeidsdag før, fredag 23. oktober 2026. "
        "Dataene gjelder torsdag 1. oktober 2026 (telledato), som aldri flyttes. "
        "Datoen er foreslått og ikke bekreftet av mottakeren."
    )


def test_an_announcement_is_told_with_its_source():
    text = explain(the("stat-ssbresultat-endelig", "2023-2024"))
    assert "Kunngjort frist i 2023-2024 er søndag 24. september 2023." in text
    assert "Datoen som gjelder, er fredag 22. september 2023." in text
    assert text.endswith("Datoen er bekreftet (kilde: NV-KVAL).")


def test_a_confirmed_date_without_a_source_names_none():
    confirmed = replace(the("stat-ssbelev-l1", "2026-2027"), date_status=DateStatus.CONFIRMED)
    assert explain(confirmed).endswith("som aldri flyttes. Datoen er bekreftet.")


def test_a_week_53_gives_one_more_monday_and_nothing_twice():
    mondays = [
        occurrence.nominal
        for occurrence in expand(CALENDAR, "2026-2027")
        if occurrence.deliverable == "skole-off-sluttere-startere" and occurrence.scope == "03"
    ]
    assert date(2026, 12, 28).isocalendar().week == 53
    assert date(2026, 12, 28) in mondays
    assert len(mondays) == len(set(mondays)) == 43
    assert {day.weekday() for day in mondays} == {0}


def test_easter_monday_moves_the_weekly_import_to_tuesday():
    moved = [
        (occurrence.nominal, occurrence.due)
        for occurrence in expand(CALENDAR, "2026-2027")
        if occurrence.deliverable == "skole-off-sluttere-startere"
        and occurrence.scope == "03"
        and occurrence.nominal != occurrence.due
    ]
    assert moved == [
        (date(2027, 3, 29), date(2027, 3, 30)),
        (date(2027, 5, 17), date(2027, 5, 18)),
    ]


@pytest.mark.parametrize(
    ("deliverable", "opens"),
    [
        ("skole-off-telling-okt", date(2026, 10, 1)),  # an import opens on its reference date
        ("skole-off-termin1-feb", date(2027, 1, 16)),  # or 30 days before it is due
        ("fag-formidlingsperiode", date(2026, 1, 15)),  # as given, before the school year itself
        ("stat-ssbelev-l1", None),
    ],
)
def test_a_row_opens_when_it_says_or_as_imports_do(deliverable, opens):
    assert the(deliverable, "2026-2027").opens == opens


def test_a_place_that_never_opens_is_said_so():
    closed = {date.fromordinal(date(2026, 1, 1).toordinal() + n): "Stengt" for n in range(365)}
    with pytest.raises(Unresolvable, match="stengt mer enn 60 dager"):
        Workdays(closed).shift(date(2026, 6, 1), Shift.FOLLOWING)


def test_working_days_between_two_dates_are_counted_without_the_first():
    assert PUBLIC.between(date(2026, 10, 23), date(2026, 11, 2)) == 6
    assert PUBLIC.between(date(2026, 11, 2), date(2026, 10, 23)) == -6
    assert PUBLIC.between(date(2026, 10, 23), date(2026, 10, 23)) == 0


def test_dates_are_written_as_norwegian_writes_them():
    assert day_and_date(date(2026, 11, 22)) == "søndag 22. november 2026"
    assert short_date(date(2026, 3, 2)) == "02.03.2026"
    assert short_date(None) == ""
