"""Dates, times and numbers as Norwegian readers write them."""

from datetime import UTC, date, datetime

import pytest
from flask import g

from scheduler.access.api_keys import Key
from scheduler.engine.decide import Why
from web.words import dates, text

TODAY = date(2026, 11, 22)


def test_instants_are_shown_in_norwegian_time():
    assert dates.instant(datetime(2026, 11, 22, 13, 5, tzinfo=UTC)) == "22. november 2026 kl. 14.05"
    assert dates.clock(datetime(2026, 7, 1, 22, 5, 9, tzinfo=UTC)) == "02.07.2026 kl. 00.05.09"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.2, "under ett sekund"),
        (1, "1 sekund"),
        (45.4, "45 sekunder"),
        (75, "1 min 15 s"),
        (3 * 3600 + 120, "3 t 2 min"),
    ],
)
def test_durations_take_the_unit_that_suits_them(seconds, words):
    assert dates.elapsed(seconds) == words


@pytest.mark.parametrize(
    ("day", "words"),
    [(21, "i går"), (22, "i dag"), (23, "i morgen"), (29, "om 7 dager"), (2, "for 20 dager siden")],
)
def test_distance_to_a_day_is_said_in_words(day, words):
    assert dates.days_until(TODAY.replace(day=day), TODAY) == words


def test_thousands_are_parted_by_a_space_that_does_not_break():
    assert text.number(1234567) == "1\u00a0234\u00a0567"


def test_a_run_says_why_it_started_or_who_started_it(app):
    assert text.started(Why.DUE.value, "46") == "Startet fordi: fristen er nådd"
    with app.test_request_context("/api/v1/occurrences"):
        g.api_key = Key("kari", "46")
        assert text.started("kari", "46") == "Startet av kari"


def test_a_receipts_single_values_are_written_out():
    assert text.detail(1209) == "1\u00a0209"
    assert text.detail("a.csv") == "a.csv"
    assert text.detail(None) == "–"
