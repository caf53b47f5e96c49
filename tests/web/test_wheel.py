"""The wheel puts every mark at its day, and hides none."""

from datetime import date, timedelta
from math import dist

from hypothesis import given
from hypothesis import strategies as st

from scheduler.ledger.state import State, Status
from web.wheel.drawing import CENTRE, INNER, OUTER, Mark, Wheel, angle, draw

START = date(2026, 8, 1)
TODAY = date(2026, 10, 27)
AREAS = [("inntak", "Inntak"), ("skole", "Skole"), ("ot", "OT")]
DAYS = st.integers(0, 364).map(lambda days: START + timedelta(days=days))


def mark(
    due: date, area: str = "skole", opens: date | None = None, *, followed: bool = False
) -> Mark:
    return Mark(area, due, opens, Status(State.PLANNED), f"/{area}/{due}", "merke", followed)


def wheel(*marks: Mark, today: date = TODAY) -> Wheel:
    return draw("2026-2027", AREAS, marks, today)


def placed(drawn: Wheel):
    return [place for ring in drawn.rings for place in ring.marks]


def test_the_year_begins_in_august_at_the_top_and_runs_clockwise():
    assert 0 < angle(START, START) < 1
    assert 91 < angle(START, date(2026, 11, 2)) < 93
    assert 359 < angle(START, date(2027, 7, 31)) < 360
    assert [month.number for month in wheel().months][:3] == [8, 9, 10]


@given(st.lists(st.tuples(DAYS, st.sampled_from([key for key, _ in AREAS])), max_size=80))
def test_no_mark_is_hidden_and_each_lies_in_its_own_ring(days):
    drawn = wheel(*(mark(due, area) for due, area in days))
    assert len(placed(drawn)) == len(days)
    for (key, _), ring in zip(AREAS, drawn.rings, strict=True):
        assert INNER - 1 <= ring.inner < ring.outer <= OUTER
        for place in ring.marks:
            assert place.mark.area == key
            assert ring.inner < dist((place.x, place.y), (CENTRE, CENTRE)) < ring.outer


@given(st.lists(DAYS, min_size=2, max_size=60))
def test_no_two_marks_stand_at_the_same_place(days):
    places = [(place.x, place.y) for place in placed(wheel(*map(mark, days)))]
    assert len(set(places)) == len(places)


@given(DAYS)
def test_the_hand_points_at_today_in_this_year(today):
    assert wheel(today=today).today is not None


def test_there_is_no_hand_in_another_year():
    assert wheel(today=date(2026, 7, 31)).today is None
    assert wheel(today=date(2027, 8, 1)).today is None


def test_what_is_followed_up_stands_out_and_is_not_crowded():
    followed, shown = placed(wheel(mark(TODAY, followed=True), mark(TODAY)))
    assert followed.scale == 2 * shown.scale
    reach = 9 * followed.scale + 7 * shown.scale  # the disc, and half a ring
    assert dist((followed.x, followed.y), (shown.x, shown.y)) > reach


def test_a_window_is_an_arc_and_a_day_is_not():
    window, day = placed(wheel(mark(date(2026, 9, 30), opens=date(2026, 9, 1)), mark(TODAY)))
    assert window.arc.startswith("M")
    assert day.arc == ""


def test_a_window_that_opened_last_year_begins_at_the_top():
    opened_before, opened_at_start = (
        placed(wheel(mark(date(2026, 9, 15), opens=opens)))[0].arc
        for opens in (date(2026, 1, 15), START)
    )
    assert opened_before == opened_at_start


def test_the_month_of_today_is_marked():
    assert [month.number for month in wheel().months if month.current] == [10]
