"""Risk: what earlier years say of this one, worked out, worded, and held against ten made-up years."""

import pytest

from scheduler.ledger.risk import LOOKS_AHEAD, NEVER, Arrival, Curve, Known, assess, curves
from tests.scheduler.made_up_years import (
    FALSE_AT_MOST,
    FORETOLD_AT_LEAST,
    SEED,
    back_test,
    history,
)

YEARS = ("2023-2024", "2024-2025", "2025-2026")
PUNCTUAL = [Arrival(year, f"{county}", 6) for year in YEARS for county in range(11, 25)]
LATE = [Arrival(year, "42", -days) for year, days in zip(YEARS, (1, 2, 1), strict=True)]


def test_without_an_earlier_year_nothing_is_said():
    assert assess(Known.of([]), "42", "Agder", 3) is None
    assert assess(Known.of(LATE), "42", "Agder", LOOKS_AHEAD + 1) is None
    assert assess(Known.of(LATE), "42", "Agder", -1) is None


def test_a_county_that_was_always_late_is_at_risk_and_the_others_are_not():
    agder = assess(Known.of([*PUNCTUAL, *LATE]), "42", "Agder", 5)
    assert agder.high
    assert agder.reason == "Agder leverte de 3 siste årene 1–2 arbeidsdager etter fristen."
    assert not assess(Known.of([*PUNCTUAL, *LATE]), "11", "Rogaland", 6).high


def test_the_countys_own_years_weigh_more_the_more_there_are():
    found = [
        assess(Known.of([*PUNCTUAL, *LATE[:n]]), "42", "Agder", 6).probability for n in range(4)
    ]
    assert found == sorted(found)
    assert found[0] < 0.1 < found[1]


def test_the_longer_it_is_out_past_when_others_came_the_likelier_it_is_late():
    found = [
        assess(Known.of([*PUNCTUAL, *LATE]), "11", "Rogaland", left).probability
        for left in (9, 6, 3, 0)
    ]
    assert found == sorted(found)
    assert found[0] < found[-1]


def test_the_estimate_is_called_an_estimate():
    assert assess(Known.of(LATE), "42", "Agder", 3).sentence.startswith("Anslag fra tidligere år: ")


@pytest.mark.parametrize(
    ("arrivals", "words"),
    [
        (LATE[:1], "Agder leverte forrige år én arbeidsdag etter fristen."),
        (
            [*LATE, Arrival("2022-2023", "42", 4)],
            "Agder var for sen 3 av fire ganger i tidligere år.",
        ),
        ([Arrival("2025-2026", "42", NEVER)], "Agder var for sen 1 av én gang i tidligere år."),
        (
            [Arrival("2025-2026", "11", -3), Arrival("2025-2026", "15", 2)],
            "Av 2 som i tidligere år ikke hadde levert på denne tiden, ble 1 for sene.",
        ),
        ([Arrival("2025-2026", "11", 9)], "I tidligere år hadde alle levert på denne tiden."),
    ],
)
def test_the_reason_is_one_sentence(arrivals, words):
    assert assess(Known.of(arrivals), "42", "Agder", 5).reason == words


def test_a_curve_counts_what_had_come():
    (curve,) = curves([Arrival("2025-2026", "11", 5), Arrival("2025-2026", "15", NEVER)])
    assert curve == Curve("2025-2026", (5, NEVER), 2)
    assert [curve.come(left) for left in (6, 5, 0)] == [0, 1, 1]
    assert curve.share(-3) == 0.5


def test_ten_made_up_years_are_foretold_as_well_as_we_promise():
    score = back_test(history(SEED))
    assert score.foretold_share >= FORETOLD_AT_LEAST, (SEED, score)
    assert score.false_share <= FALSE_AT_MOST, (SEED, score)


def test_a_history_is_its_seeds_alone():
    assert history(3) == history(3) != history(4)
