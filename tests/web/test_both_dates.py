"""Every view of a deadline that is shifted shows the day in the calendar beside the day that holds.

The first delivery of ssbElev in 2026 is said to be on Saturday 24 October and holds on Friday 23rd.
"""

import re

import pytest
from sqlalchemy.orm import Session

from scheduler.cli.record import record_of
from tests.web import changed, seed
from tests.web.test_pages import text_of

LISTED = "23.10.2026 (bekreftet|foreslått) dato lørdag 24.10.2026 ssbElev pr. 01.10, 1. levering"
IN_WORDS = "23. oktober 2026.{0,40}? ssbElev pr. 01.10, 1. levering.{0,30}? I kalenderen lørdag 24. oktober"
VIEWS = {
    "/": LISTED,
    "/?fylke=46&omrade=skole": LISTED,
    "/?fylke=34&omrade=inntak": IN_WORDS,
    "/tavle": "1. levering 23.10.2026 , i kalenderen lørdag 24. oktober",
    "/statistikk": LISTED,
    "/statistikk?fylke=46": LISTED,
    "/fylke/46": LISTED,
    f"/fylke/46?per={seed.NOW.date()}": LISTED,
    "/frist/stat-ssbelev-l1": LISTED,
    "/frist/stat-ssbelev-l1?fylke=46": LISTED,
    f"/forekomst/{seed.delivery_key('46')}": (
        "Frist fredag 23. oktober 2026 bekreftet dato I kalenderen lørdag 24. oktober 2026"
    ),
    f"/forekomst/stat-ssbelev-tilbakemelding/{seed.CYCLE}/feedback/46": LISTED,
    f"/skolear/{seed.CYCLE}": (
        "fredag 23.10.2026 foreslått dato lørdag 24.10.2026 ssbElev pr. 01.10, 1. levering"
    ),
}


@pytest.mark.parametrize("address", VIEWS)
def test_a_shifted_deadline_is_shown_with_both_its_days(client, address):
    assert re.search(VIEWS[address], text_of(client, address))


@pytest.mark.parametrize("address", ["/", "/hjul.svg"])
def test_a_mark_on_the_wheel_says_both_days(client, address):
    says = "23. oktober 2026 (i kalenderen lørdag 24. oktober 2026): ssbElev"
    assert says in client.get(address).text


@pytest.mark.parametrize("address", ["/", "/fylke/46", "/frist/skole-off-telling-okt"])
def test_a_deadline_that_was_not_shifted_says_so_in_the_same_place(client, address):
    said = "15.10.2026 foreslått dato samme dag Elever og fag pr. 01.10"
    assert said in text_of(client, address)


def test_a_change_shows_both_days_before_and_after(client, engine):
    number = changed.move(engine).number
    history = f"/forekomst/{changed.moved_key('46')}"
    for address in (f"/endringer/{number}", history):
        shown = text_of(client, address)
        assert "Før 15.02.2027 i kalenderen samme dag" in shown
        assert "Etter 12.02.2027 i kalenderen lørdag 13.02.2027" in shown


def test_the_command_line_shows_both_days(engine):
    with Session(engine) as session:
        lines = list(record_of(session, seed.delivery_key("46")).lines())
    assert any(line.split() == ["Frist", "23.10.2026"] for line in lines)
    assert any(line.split() == ["I", "kalenderen", "24.10.2026"] for line in lines)


def test_a_county_with_a_date_of_its_own_is_counted_beside_the_others(client, engine):
    row = "    due: {date: 24. oktober, shift: preceding}\n"
    own = """    overrides:
      - school_year: 2026-2027
        counties: ["46"]
        date: 22. oktober 2026
        reason: Fylket har stengt dagen etter.
        decided_by: Fylket
        label: I
"""
    changed.edit(engine, row, row + own)
    shown = text_of(client, "/tavle").split("1. levering")[1]
    assert shown.startswith(
        " 23.10.2026 , i kalenderen lørdag 24. oktober ; en annen dato i ett fylke"
    )
    assert "22.10.2026 foreslått dato lørdag 24.10.2026" in text_of(client, "/fylke/46")
    front = text_of(client, "/")
    assert (
        "22.10.2026 foreslått dato lørdag 24.10.2026 ssbElev pr. 01.10, 1. levering Skole" in front
    )
    assert (
        "23.10.2026 bekreftet dato lørdag 24.10.2026 ssbElev pr. 01.10, 1. levering Skole" in front
    )
