"""Slack along the chains, worked out by hand, and orders that leave too few working days."""

from datetime import date

import pytest

from scheduler.calendar import CalendarError, parse_calendar
from scheduler.calendar.slack import everywhere, slack, tightest
from tests.scheduler.calendar.finding import CALENDAR
from tests.scheduler.calendar.right import RIGHT

ROW = """\
  {name}:
    name: {name}
    areas: [skole]
    kind: delivery
    scope: county
    audience: [alle]
    due: {due}
    lead_days: {lead}
    depends_on: [{before}]
    evidence: {{label: I}}
    description: En prøve.
"""
HEAD = RIGHT[: RIGHT.index("empty_months:")] + "deliverables:\n"


def row(name, due, lead=1, before=""):
    edge = f"{{deliverable: {before}, label: I}}" if before else ""
    return ROW.format(name=name, due=due, lead=lead, before=edge)


# In 2026-2027: county transfer Thursday 1 October, import Thursday 8 October (two days of work),
# first delivery Friday 23 October (five days of work), final delivery Friday 6 November.
CHAIN = HEAD + "".join(
    [
        row("d-endelig", "{date: 7. november, shift: preceding}", 3, "c-forste"),
        row("c-forste", "{date: 24. oktober, shift: preceding}", 5, "b-import"),
        row("b-import", "{date: 8. oktober, shift: preceding}", 2, "a-overforing"),
        row("a-overforing", "{date: 1. oktober, shift: preceding}"),
    ]
)


def read(text):
    return parse_calendar(text, "prøve.yaml")


def test_slack_and_latest_safe_start_are_as_counted_by_hand():
    (chain,) = slack(read(CHAIN), "2026-2027", "46")
    assert [step.deliverable[0] for step in chain.steps] == ["a", "b", "c", "d"]
    # 2, 5, 6, 7 and 8 October less two; 9 to 23 October less five; 26 October to 6 November less three.
    assert [link.working_days for link in chain.links] == [5, 11, 10]
    assert [link.days for link in chain.links] == [3, 6, 7]
    assert chain.smallest is chain.links[0]
    # The work of each step takes its days up to its due date: one, two, five and three.
    assert [step.start_by for step in chain.steps] == [
        date(2026, 10, 1),
        date(2026, 10, 7),
        date(2026, 10, 19),
        date(2026, 11, 4),
    ]
    assert [step.done_by for step in chain.steps] == [step.due for step in chain.steps]


def test_where_there_is_too_little_time_the_steps_before_must_be_done_earlier():
    """A soft order is never a fault, but the days are told all the same."""
    text = CHAIN.replace(
        "{deliverable: b-import, label", "{deliverable: b-import, strength: soft, label"
    )
    text = text.replace("date: 8. oktober", "date: 20. oktober")
    (chain,) = slack(read(text), "2026-2027", "46")
    # Of 21, 22 and 23 October the five days of work have three: two too few.
    assert chain.smallest.days == -2
    assert (chain.steps[1].due, chain.steps[1].done_by) == (date(2026, 10, 20), date(2026, 10, 16))
    # Five days of work end on Friday 23 October and so begin on Monday 19 October.
    assert chain.steps[2].start_by == date(2026, 10, 19)
    assert chain.steps[1].start_by == date(2026, 10, 15)


def test_a_closure_in_one_county_takes_its_slack_and_no_others():
    closed = '  - {name: Stengt, from: 5. oktober 2026, to: 6. oktober 2026, counties: ["42"]}\ndeliverables:'
    calendar = read(CHAIN.replace("deliverables:", closed))
    assert slack(calendar, "2026-2027", "42")[0].smallest.days == 1
    assert slack(calendar, "2026-2027", "46")[0].smallest.days == 3
    least = tightest(calendar, "2026-2027")
    assert (least.county, least.days, least.before.deliverable) == ("42", 1, "a-overforing")


def test_only_the_last_of_several_dates_before_a_step_counts():
    text = HEAD + row("a-ofte", "{dates: [1. oktober, 6. oktober, 15. oktober]}")
    text += row("b-en", "{date: 8. oktober}", 0, "a-ofte")
    (chain,) = slack(read(text), "2026-2027")
    assert [step.due.day for step in chain.steps] == [6, 8]
    assert chain.smallest.days == 2


def test_a_step_that_takes_no_time_may_follow_the_same_day():
    text = HEAD + row("a", "{date: 8. oktober}") + row("b", "{date: 8. oktober}", 0, "a")
    (chain,) = slack(read(text), "2026-2027")
    assert chain.smallest.days == 0
    assert [step.start_by for step in chain.steps] == [date(2026, 10, 8)] * 2


def test_a_weekend_between_is_no_working_day():
    text = (
        HEAD
        + row("a", "{date: 1. november}")
        + row("b", "{date: 2. november, shift: following}", 1, "a")
    )
    (chain,) = slack(read(text), "2026-2027")
    assert chain.smallest.days == 0  # Sunday to Monday
    assert chain.steps[0].done_by == date(2026, 11, 1)


def test_the_tightest_way_to_a_step_is_its_chain():
    text = HEAD + row("a-tidlig", "{date: 1. september}") + row("a-sen", "{date: 6. oktober}")
    text += row("b", "{date: 8. oktober}", 0, "a-tidlig").replace(
        "depends_on: [", "depends_on: [{deliverable: a-sen, label: I}, "
    )
    (chain,) = slack(read(text), "2026-2027")
    assert [step.deliverable for step in chain.steps] == ["a-sen", "b"]


def test_a_calendar_without_orders_has_no_chains():
    calendar = read(HEAD + row("a", "{date: 1. oktober}"))
    assert slack(calendar, "2026-2027") == []
    assert tightest(calendar, "2026-2027") is None


def test_a_ring_of_soft_orders_ends_where_it_began():
    soft = "strength: soft, label"
    text = HEAD + row("a", "{date: 1. oktober}", 1, "b") + row("b", "{date: 1. oktober}", 1, "a")
    found = slack(read(text.replace("label: I}]", f"{soft}: I}}]")), "2026-2027")
    assert found == []  # neither is final


def test_too_little_time_for_a_hard_order_is_a_fault_at_the_order():
    with pytest.raises(CalendarError) as raised:
        read(
            RIGHT.replace("days: 7, shift: preceding", "days: 0, shift: preceding").replace(
                "    confirmed:\n      - {school_year: 2023-2024, announced: 24. oktober 2023, source: S}\n",
                "",
            )
        )
    (fault,) = raised.value.faults
    assert (fault.line, fault.column) == (44, 9)
    assert "Det er null arbeidsdager imellom, men arbeidet trenger én arbeidsdag." in fault.sentence


def test_a_closure_in_one_county_can_make_an_order_too_tight_there():
    closed = '  - {name: Stengt, from: 12. oktober 2026, to: 30. oktober 2026, counties: ["42"]}\nempty_months:'
    with pytest.raises(
        CalendarError, match=r"fredag 9\. oktober 2026, og denne raden fredag 9\. oktober"
    ):
        read(RIGHT.replace("empty_months:", closed))


def too_tight(calendar, cycle):
    return [link for link in everywhere(calendar, cycle) if link.is_fault]


def test_an_order_that_is_too_tight_on_purpose_says_why_and_is_still_shown():
    why = "label: I, tight: Begge går av seg selv samme natt.}"
    text = RIGHT.replace("days: 7, shift", "days: 0, shift").replace(
        "strength: hard, label: I}", f"strength: hard, {why}"
    )
    text = text.replace("announced: 24. oktober 2023", "announced: 13. oktober 2023")
    calendar = read(text)
    assert too_tight(calendar, "2026-2027") == []
    assert tightest(calendar, "2026-2027").days == -1
    without = calendar.deliverables["en-levering"]
    edge = without.depends_on[0].model_copy(update={"tight": None})
    rows = calendar.deliverables | {
        "en-levering": without.model_copy(update={"depends_on": (edge,)})
    }
    (link,) = too_tight(calendar.model_copy(update={"deliverables": rows}), "2026-2027")
    assert (link.before.deliverable, link.after.deliverable) == ("en-import", "en-levering")


@pytest.mark.parametrize("start", range(2020, 2035))
def test_the_real_calendar_leaves_time_for_every_hard_order(start):
    assert too_tight(CALENDAR, f"{start}-{start + 1}") == []


def test_what_is_too_tight_in_the_real_calendar_is_named_with_its_reason():
    excused = {
        (row.id, edge.deliverable)
        for row in CALENDAR.deliverables.values()
        for edge in row.depends_on
        if edge.tight
    }
    assert excused == {
        ("ot-data-1115", "ot-overforing-elevkurs"),
        ("ot-data-0615", "ot-overforing-elevkurs"),
    }
    least = tightest(CALENDAR, "2025-2026")
    assert (least.days, least.before.due, least.after.due) == (
        -1,
        date(2026, 6, 16),
        date(2026, 6, 16),
    )


def test_the_chain_of_the_october_count_runs_from_intake_to_the_final_delivery():
    chains = {chain.steps[-1].deliverable: chain for chain in slack(CALENDAR, "2026-2027", "46")}
    steps = [step.deliverable for step in chains["stat-ist-udir-videresending"].steps]
    assert steps == [
        "stat-ssbresultat-l1",
        "stat-ssbresultat-tilbakemelding",
        "stat-ssbresultat-endelig",
        "stat-ist-udir-videresending",
    ]
    assert chains["stat-ist-udir-videresending"].steps[0].cycle == "2025-2026"
