"""The planning page says what is tight, what each county has of days, and what is open."""

import re

import pytest
from sqlalchemy.orm import Session

from scheduler.calendar import load_calendar
from scheduler.calendar.county_load import effective_days
from scheduler.calendar.slack import slack, tightest
from scheduler.calendar.words import short_date, working_days
from scheduler.settings import PROJECT_ROOT
from tests.web import seed
from tests.web.test_pages import but_for_languages, row_of, text_of
from web.deadlines.planning import OPEN_CHAINS

CALENDAR = load_calendar(PROJECT_ROOT / "calendar.yaml")
YEARS = ("2026-2027", "2027-2028")
CLOSED = """closures:
  - name: Prøvestengt
    from: 29. oktober 2026
    to: 29. oktober 2026
    counties: ["46"]
"""


def cells(row: str) -> list[str]:
    return [" ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in row.split("<td")[1:]]


def edit(engine, old: str, new: str) -> None:
    with Session(engine) as session, session.begin():
        seed.rename(session, old, new)


@pytest.mark.parametrize("year", YEARS)
def test_the_smallest_slack_is_said_first(client, year):
    least = tightest(CALENDAR, year)
    names = [CALENDAR.deliverables[step.deliverable].name for step in (least.before, least.after)]
    page = text_of(client, f"/planlegging?skolear={year}")
    said = f"Minste slakk er {working_days(least.days)} , fra {names[0]} til {names[1]}"
    assert said in page


@pytest.mark.parametrize("county", ["", "46"])
def test_every_chain_has_its_slack_and_the_latest_safe_start(client, county):
    page = client.get(f"/planlegging?skolear={YEARS[0]}&fylke={county}").text
    tables = page.split('class="chain"')[1:]
    chains = slack(CALENDAR, YEARS[0], county or None)
    assert len(tables) == len(chains) > 10
    for table, chain in zip(tables, chains, strict=True):
        rows = [cells(row) for row in table.split("</table>")[0].split("<tr>")[2:]]
        assert [row[-3].split(">")[-1].strip() for row in rows] == [
            "–",
            *(str(link.days) for link in chain.links),
        ]
        assert [row[-1].split(">")[-1].strip() for row in rows] == [
            short_date(step.start_by) for step in chain.steps
        ]


def test_the_three_tightest_chains_stand_open_and_the_others_can_be_opened(client):
    page = client.get(f"/planlegging?skolear={YEARS[0]}").text.split('id="dager"')[0]
    chains = slack(CALENDAR, YEARS[0])
    assert page.count('<div class="chain">') == OPEN_CHAINS
    summaries = re.findall(r"<summary>(.*?)</summary>", page)
    assert len(summaries) == page.count('<details class="chain">') == len(chains) - OPEN_CHAINS
    for summary, chain in zip(summaries, chains[OPEN_CHAINS:], strict=True):
        assert f"minste slakk {working_days(chain.smallest.days)}" in summary


def test_what_is_open_says_in_words_how_it_is_known(client):
    page = text_of(client, "/planlegging").split("Påstander som holder")[1]
    asked = [row for row in CALENDAR.deliverables.values() if row.undecided]
    assert all(row.evidence.in_words in page for row in asked)


def test_a_moved_date_is_shown_with_the_day_in_the_calendar(client):
    row = row_of(client, f"/planlegging?skolear={YEARS[0]}", "ssbElev pr. 01.10, 1. levering")
    assert "23.10.2026" in row
    assert "lørdag <time" in row
    assert "24.10.2026" in row
    assert "foreslått dato" in row


def test_a_confirmed_date_is_called_so_and_no_other(client, engine):
    assert "bekreftet dato" not in client.get("/planlegging").text
    old = "announced: 24. oktober 2023, source: NV-KVAL}\n"
    new = "      - {school_year: 2026-2027, announced: 24. oktober 2026, source: NV-KVAL}\n"
    edit(engine, old, old + new)
    row = row_of(client, f"/planlegging?skolear={YEARS[0]}", "ssbElev pr. 01.10, 1. levering")
    assert "bekreftet dato" in row


def test_a_countys_days_are_counted_without_its_breaks(client):
    page = client.get(f"/planlegging?skolear={YEARS[0]}&fylke=46").text.split('id="dager"')[1]
    row = next(row for row in page.split("<tr>") if ">Elever og fag pr. 01.10<" in row)
    assert [cell.split(">")[-1].strip() for cell in cells(row)[-3:]] == ["10", "5", "5"]
    assert "Høstferie 5.–9. oktober (I)" in row


def test_all_counties_stand_side_by_side(client):
    page = client.get(f"/planlegging?skolear={YEARS[0]}").text.split('id="dager"')[1]
    row = next(row for row in page.split("<tr>") if ">Elever og fag pr. 01.10<" in row)
    shown = [cell.split(">")[-1].strip() for cell in cells(row)[-len(CALENDAR.counties) :]]
    counted = [
        str(load.effective)
        for county in CALENDAR.counties
        for load in effective_days(CALENDAR, YEARS[0], county)
        if load.occurrence.deliverable == seed.IMPORT
    ]
    assert shown == counted
    assert len(set(counted)) > 1


def test_a_closed_office_counts_only_in_its_county(client, engine):
    edit(engine, "closures:\n", CLOSED)
    vestland, agder = (
        client.get(f"/planlegging?skolear={YEARS[0]}&fylke={county}").text
        for county in ("46", "42")
    )
    rows = [row for row in vestland.split("<tr>") if "Stengt: Prøvestengt" in row]
    assert any(">ssbElev pr. 01.10, endelig levering<" in row for row in rows)
    assert "Prøvestengt" not in agder


def test_school_breaks_say_how_they_are_known(client):
    page = text_of(client, f"/planlegging?skolear={YEARS[0]}")
    assert "Høstferie 05.10.2026 09.10.2026 Vestfold En offentlig kilde (P)" in page
    assert "Vårt forslag (I)" in page


def test_what_is_open_asserted_and_empty_is_all_there(client):
    page = text_of(client, "/planlegging")
    asked = [row.undecided.question for row in CALENDAR.deliverables.values() if row.undecided]
    claimed = [entry.say for entry in CALENDAR.assertions]
    assert len(asked) > 5
    assert len(claimed) > 5
    assert [sentence for sentence in [*asked, *claimed] if sentence not in page] == []
    assert "får ikke noe i august, april og mai." in page
    assert "Kjent motsigelse: ssbKontrakt til Udir hver måned" in page


def test_what_the_file_says_is_never_markup(client, engine):
    edit(engine, "say: Endelig ssbElev leveres i november.", "say: Endelig <b>ssbElev</b>.")
    page = client.get("/planlegging").text
    assert "Endelig &lt;b&gt;ssbElev&lt;/b&gt;." in page


def test_an_unknown_county_or_year_is_as_if_not_given(client):
    asked = but_for_languages(client, "/planlegging?fylke=99&skolear=x")
    assert asked == but_for_languages(client, "/planlegging")
