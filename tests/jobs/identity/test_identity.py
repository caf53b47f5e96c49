"""Identity numbers: kinds, check digits before and from 2032, and the column form."""

from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jobs.identity import (
    NEW_RULE_FROM,
    PRODUCTION,
    SYNTHETIC_ONLY,
    WEIGHTS_1,
    WEIGHTS_2,
    Kind,
    Reason,
    classify,
    kind_expression,
    synthetic_numbers,
)

TODAY = date(2026, 10, 5)
LATER = NEW_RULE_FROM


def number(stem, remainder=0):
    """Eleven digits from nine, with check digits that leave the given first remainder; None if none do."""
    digits = [int(digit) for digit in stem]
    for weights, wanted in ((WEIGHTS_1, remainder), (WEIGHTS_2, 0)):
        total = sum(weight * digit for weight, digit in zip(weights, digits, strict=False))
        digits.append((wanted - total) % 11)
    return None if 10 in digits else "".join(map(str, digits))


def first_number(day, month, year, individuals):
    """The first number with these parts that has check digits."""
    stems = (f"{day:02}{month:02}{year:02}{individual:03}" for individual in individuals)
    return next(filter(None, map(number, stems)))


@pytest.mark.parametrize("published", ["15830650021", "15830650102", "55830650015"])
def test_published_synthetic_numbers_hold_under_both_rules(published):
    assert classify(published, TODAY).kind is Kind.SYNTHETIC_80
    assert classify(published, LATER).kind is Kind.SYNTHETIC_80


@pytest.mark.parametrize("published", ["15830650110", "15830650048", "15830650056"])
def test_other_first_remainders_hold_only_from_2032(published):
    assert classify(published, LATER - timedelta(days=1)).reasons == (Reason.CHECK_DIGITS,)
    assert classify(published, LATER).kind is Kind.SYNTHETIC_80


@pytest.mark.parametrize(
    ("day", "month", "kind"),
    [
        (15, 3, Kind.F),
        (55, 3, Kind.D),
        (15, 43, Kind.H_OR_NAV),
        (15, 68, Kind.NHN),
        (15, 83, Kind.SYNTHETIC_80),
        (55, 83, Kind.SYNTHETIC_80),
    ],
)
def test_day_and_month_tell_the_kind(day, month, kind):
    found = classify(first_number(day, month, 6, range(500, 1000)), TODAY)
    assert (found.kind, found.birth_date) == (kind, date(2006, 3, 15))


@pytest.mark.parametrize("first_digit", "89")
def test_numbers_of_the_health_service_are_known_by_their_first_digit(first_digit):
    assert classify(first_digit + "0" * 10, TODAY).kind is Kind.FH


@pytest.mark.parametrize(("date_part", "county"), [("420591", "02"), ("550491", "19")])
def test_vigos_fictitious_numbers_are_known_though_their_check_digits_do_not_hold(
    date_part, county
):
    for taken in range(10):
        found = classify(f"{date_part}9{taken}1{county}", TODAY)
        assert found.kind in {Kind.VIGO_FICTITIOUS, Kind.D}
    assert classify(f"{date_part}991{county}", TODAY).kind is Kind.VIGO_FICTITIOUS


def test_a_number_that_ends_with_no_county_is_not_fictitious():
    assert classify("42059199" + "2" + "99", TODAY).kind is Kind.INVALID


@pytest.mark.parametrize(
    ("individual", "year", "born"),
    [(0, 40, 1940), (499, 99, 1999), (500, 54, 1854), (500, 39, 2039), (900, 40, 1940)],
)
def test_the_individual_digits_tell_the_century_until_2032(individual, year, born):
    text = first_number(
        1, 81, year, range(individual, individual + 40 if individual != 499 else 500)
    )
    assert classify(text, TODAY).birth_date == date(born, 1, 1)
    assert classify(text, LATER).birth_date is None


def test_individual_digits_without_a_century_are_refused_until_2032():
    text = first_number(1, 81, 45, range(600, 700))
    assert classify(text, TODAY).reasons == (Reason.CENTURY,)
    assert classify(text, LATER).kind is Kind.SYNTHETIC_80


@pytest.mark.parametrize(
    "text", ["", "1583065002", "158306500211", "1583065002x", "１５８３０６５００２１"]
)
def test_anything_but_eleven_digits_is_refused(text):
    assert classify(text, TODAY).reasons == (Reason.FORM,)


@pytest.mark.parametrize(
    ("day", "month"), [(32, 81), (0, 81), (30, 82), (29, 82), (15, 80), (15, 93)]
)
def test_a_date_that_does_not_exist_is_refused(day, month):
    text = first_number(day, month, 6, range(500, 1000))
    assert classify(text, TODAY).reasons == (Reason.DATE,)


def test_one_wrong_digit_is_always_noticed():
    good = "15830650021"
    for place in range(11):
        wrong = f"{good[:place]}{(int(good[place]) + 1) % 10}{good[place + 1 :]}"
        assert classify(wrong, TODAY).kind is Kind.INVALID


def test_demo_and_production_accept_no_kind_in_common():
    assert not PRODUCTION & SYNTHETIC_ONLY


digits = st.text("0123456789", min_size=0, max_size=12)
plausible = st.builds(
    lambda day, month, year, individual, remainder: number(
        f"{day:02}{month:02}{year:02}{individual:03}", remainder
    ),
    st.integers(0, 99),
    st.integers(0, 99),
    st.integers(0, 99),
    st.integers(0, 999),
    st.integers(0, 4),
).filter(bool)
fictitious = st.builds(
    lambda day, month, last, county: f"{day:02}{month:02}919{last:02}{county}",
    st.integers(39, 73),
    st.integers(0, 13),
    st.integers(0, 99),
    st.sampled_from(["02", "19", "46", "99"]),
)


@settings(deadline=None)
@given(
    st.lists(digits | plausible | fictitious | st.none(), max_size=40),
    st.sampled_from([TODAY, LATER]),
)
def test_a_whole_column_gets_the_same_answer_as_number_by_number(numbers, on):
    column = pl.DataFrame({"n": numbers}, schema={"n": pl.String})
    found = column.select(kind_expression("n", on)).to_series().to_list()
    assert found == [None if text is None else classify(text, on).kind.value for text in numbers]


@settings(deadline=None)
@given(st.lists(st.dates(date(1900, 1, 1), date(2039, 12, 31)), min_size=1, max_size=5))
def test_generated_numbers_hold_and_tell_their_birth_date(births):
    numbers = synthetic_numbers(births)
    assert numbers["fodselsnummer"].is_unique().all()
    for birth, text in (
        numbers.group_by("birth").last().select("birth", "fodselsnummer").iter_rows()
    ):
        found = classify(text, TODAY)
        assert (found.kind, found.birth_date) == (Kind.SYNTHETIC_80, birth)


def test_a_date_has_enough_numbers_for_the_country():
    assert synthetic_numbers([date(2010, 3, 4)])["serial"].max() > 400
