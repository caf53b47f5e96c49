"""A second, naive evaluator: from a trace's JSON facts alone to its nominal and due date.

It knows the holidays library and how to step a day at a time, and nothing of our own code.
"""

from datetime import date, timedelta

import holidays

MONTHS = [
    "januar",
    "februar",
    "mars",
    "april",
    "mai",
    "juni",
    "juli",
    "august",
    "september",
    "oktober",
    "november",
    "desember",
]
WEEKDAYS = ["mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag"]
NORWAY = holidays.Norway(language="no", years=range(2015, 2045))
DAY = timedelta(days=1)


def evaluate(trace):
    """(nominal, due) of a list of steps as JSON."""
    nominal = due = None
    for step in trace:
        due = STEPS[step["kind"]](step["facts"], due)
        if step["kind"] == "rule" or "announced" in step["facts"]:
            nominal = due
    return nominal, due


def on(text, facts):
    """A yearly day such as 24. oktober, in the school year of the facts."""
    day, month = text.split(". ")
    return date(year_with(MONTHS.index(month) + 1, facts), MONTHS.index(month) + 1, int(day))


def year_with(month, facts):
    return int(facts["school_year"][:4] if month >= 8 else facts["school_year"][5:])


def is_free(day, closed=()):
    return day.weekday() > 4 or day in NORWAY or day.isoformat() in closed


def walk(day, step, number, closed):
    while number:
        day += step
        number -= not is_free(day, closed)
    return day


def moved(day, rule, closed=()):
    if rule == "none" or not is_free(day, closed):
        return day
    step = -DAY if rule == "preceding" else DAY
    found = walk(day, step, 1, closed)
    if rule == "modified_following" and found.month != day.month:
        return walk(day, -DAY, 1, closed)
    return found


def why(day):
    """The reasons a public day off has, holidays before weekends."""
    if day in NORWAY:
        return NORWAY[day].split("; ")
    return [f"en {WEEKDAYS[day.weekday()]}"]


def by_rule(facts, _due):
    return RULES[facts["rule"]](facts)


def by_value(facts):
    return on(facts["value"], facts)


def by_working_day(facts):
    month = MONTHS.index(facts["month"]) + 1
    day = date(year_with(month, facts), month, 1)
    if facts["nth"] > 0:
        return walk(day - DAY, DAY, facts["nth"], facts["closed"])
    while day.month == month:
        day += DAY
    return walk(day, -DAY, -facts["nth"], facts["closed"])


def by_nth(facts):
    month = MONTHS.index(facts["month"]) + 1
    day, found = date(year_with(month, facts), month, 1), []
    while day.month == month:
        if WEEKDAYS[day.weekday()] == facts["weekday"]:
            found.append(day)
        day += DAY
    return found[facts["nth"] - (facts["nth"] > 0)]


def by_earliest(facts):
    day = on(facts["earliest"], facts)
    while WEEKDAYS[day.weekday()] != facts["weekday"]:
        day += DAY
    return day


def by_week(facts):
    if "also" in facts:
        return on(facts["also"], facts)
    day = by_earliest(facts | {"earliest": facts["from"]}) + 7 * (facts["number"] - 1) * DAY
    assert day <= on(facts["to"], facts)
    return day


def by_offset(facts):
    day, offset = date.fromisoformat(facts["from"]), facts["offset"]
    if facts["unit"] == "days":
        day += offset * DAY
    else:
        day = walk(day, DAY if offset > 0 else -DAY, abs(offset), facts["closed"])
    return min(day, on(facts["not_after"], facts)) if "not_after" in facts else day


def by_announcement(facts, _due):
    return date.fromisoformat(facts.get("announced") or facts["effective"])


def by_shift(facts, due):
    assert facts["from"] == due.isoformat()
    assert facts["because"] == why(due) or not (due.weekday() > 4 or due in NORWAY)
    return moved(due, facts["rule"])


def by_closure(facts, due):
    found = moved(date.fromisoformat(facts["from"]), facts["rule"], facts["closed"])
    assert facts["because"] == [facts["closed"][due.isoformat()]]
    return found


def by_decision(facts, due):
    assert facts["from"] == due.isoformat()
    return date.fromisoformat(facts["date"])


RULES = {
    "date": by_value,
    "dates": by_value,
    "working_day": by_working_day,
    "nth": by_nth,
    "on_or_after": by_earliest,
    "weekly": by_week,
    "after": by_offset,
}
STEPS = {
    "rule": by_rule,
    "confirmed": by_announcement,
    "shift": by_shift,
    "closure": by_closure,
    "override": by_decision,
}
