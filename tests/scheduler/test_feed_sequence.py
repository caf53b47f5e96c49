"""SEQUENCE of a shared event: one more for each change, whichever counties it touches."""

from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.ledger.database import open_database
from scheduler.ledger.tables import LedgerBase
from tests.feed import events_of
from tests.planned import NOW, WHOLE, in_row, plan_and_build, settings_in
from tests.scheduler.calendar.right import RIGHT

SHARED = "frist-en-import-2026-2027-only-alle@aarshjul"
COUNTIES = ("03", "31", "42", "46")
LISTED = "".join(f'  "{number}": {{name: Fylke {number}}}\n' for number in COUNTIES)
SMALL = RIGHT.replace('  "42": {name: Agder}\n  "46": {name: Vestland}\n', LISTED)
FIRST = {"name": "En import", **dict.fromkeys(COUNTIES, "none")}
# One edit of the file: the name that all counties see, or the announced day of one county; a
# county that is "gone" is not in the file at all.
EDITS = st.one_of(
    st.tuples(st.just("name"), st.sampled_from(["En import", "Første import", "Import"])),
    st.tuples(st.sampled_from(COUNTIES[2:]), st.sampled_from(["none", "12", "13", "gone"])),
    st.tuples(st.sampled_from(COUNTIES[:2]), st.sampled_from(["none", "12", "13"])),
)


def written(state):
    days = {c: day for c, day in state.items() if c in COUNTIES and day not in ("none", "gone")}
    announced = "".join(
        f"      - {{school_year: 2026-2027, announced: {day}. oktober 2026, source: S,"
        f' counties: ["{county}"]}}\n'
        for county, day in days.items()
    )
    text = SMALL.replace("name: En import\n", f"name: {state['name']}\n", 1)
    if announced:
        text = text.replace(
            "    description: En import.\n",
            f"    confirmed:\n{announced}    description: En import.\n",
        )
    for county in COUNTIES:
        if state[county] == "gone":
            text = text.replace(f'  "{county}": {{name: Fylke {county}}}\n', "")
    return text


def changes_of(history):
    """(had it changed, by how much did SEQUENCE grow) of the shared event, edit by edit."""
    with TemporaryDirectory() as folder:
        config = settings_in(Path(folder))
        engine = open_database(config.ledger_url)
        LedgerBase.metadata.create_all(engine)
        state, steps = dict(FIRST), []
        before = events_of(plan_and_build(engine, config, written(state))["alle.ics"])[SHARED]
        for day, (what, value) in enumerate(history, start=1):
            state[what] = value
            feeds = plan_and_build(engine, config, written(state), NOW + timedelta(days=day))
            after = events_of(feeds["alle.ics"]).get(SHARED, before)
            grown = int(after["SEQUENCE"]) - int(before["SEQUENCE"])
            steps.append((after.to_ical() != before.to_ical(), grown))
            before = after
        engine.dispose()
    return steps


@settings(deadline=None, max_examples=25)
@given(st.lists(EDITS, max_size=6))
def test_the_number_grows_with_every_change_and_never_falls(history):
    for changed, grown in changes_of(history):
        assert grown >= 1 if changed else grown == 0


def test_an_edit_of_one_county_or_of_all_is_one_more():
    history = [
        ("name", "Import"),
        ("42", "12"),
        ("46", "13"),
        ("46", "none"),
        ("name", "En import"),
    ]
    assert changes_of(history) == [(True, 1)] * 5


def test_one_edit_of_the_real_calendar_is_one_more_for_fifteen_counties(tmp_path):
    config = settings_in(tmp_path)
    engine = open_database(config.ledger_url)
    LedgerBase.metadata.create_all(engine)
    plan_and_build(engine, config, WHOLE)
    text = in_row(WHOLE, "stat-ssbelev-l1", "date: 24. oktober", "date: 22. oktober")
    feeds = plan_and_build(engine, config, text, NOW + timedelta(days=1))
    uid = "frist-stat-ssbelev-l1-2026-2027-first-alle@aarshjul"
    assert events_of(feeds["alle.ics"])[uid]["SEQUENCE"] == 1
    engine.dispose()
