"""Every page shows what the ledger holds, in Norwegian, with each state in words."""

import re

import pytest
from sqlalchemy.orm import Session

from tests.web import seed

PAGES = (
    "/",
    "/hjul.svg",
    "/tavle",
    "/tavle?vis=alle",
    "/fylke/34",
    "/kvalitet/34/skole-off-telling-okt",
    "/frist/stat-ssbelev-l1",
    f"/forekomst/{seed.delivery_key('34')}",
    "/planlegging",
    "/planlegging?fylke=46",
    "/ot",
    "/ot?fylke=46",
    "/drift",
    "/helse",
    "/om",
    "/abonner",
)


def text_of(client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    words = re.sub(r"<[^>]+>", " ", response.text)
    return " ".join(words.split())


def but_for_languages(client, address: str) -> str:
    """The page without the links that repeat what was asked: other languages, and back from signing in."""
    page = client.get(address).text
    page = re.sub(r'<link rel="alternate" hreflang=[^>]*>', "", page)
    page = re.sub(r'<a [^>]*href="/logg-inn[^>]*>', "", page)
    return re.sub(r'<nav class="languages".*?</nav>', "", page, flags=re.DOTALL)


def row_of(client, address: str, name: str) -> str:
    rows = client.get(address).text.split("<tr>")
    return next(row.split("</tr>")[0] for row in rows if f">{name}" in row)


@pytest.mark.parametrize("address", PAGES)
def test_every_page_answers(operator, address):
    assert operator.get(address).status_code == 200


def test_the_front_page_leads_to_each_month_of_its_table(client):
    page = client.get("/").text
    months = re.findall(
        r'<a class="ds-link" href="#(maaned-[0-9-]+)"( aria-current="date")?>', page
    )
    headings = re.findall(r'<th scope="rowgroup" colspan="6" id="(.*?)">', page)
    assert [anchor for anchor, _ in months] == headings
    assert len(headings) == 12
    assert [anchor for anchor, now in months if now] == ["maaned-2026-10"]


def test_the_front_page_says_the_date_in_words_and_counts_what_is_late(client):
    shown = text_of(client, "/")
    assert "I dag er det tirsdag 27. oktober 2026." in shown
    assert ". 33 frister er forsinket eller stoppet" in shown
    assert "13 levert · 1 levert etter fristen · 1 forsinket" in shown


def test_beside_the_wheel_stand_what_is_late_and_what_is_next_and_little_of_each(client):
    late, coming = re.findall(r'<ol class="coming">(.*?)</ol>', client.get("/").text, re.DOTALL)
    assert late.count("<li>") == coming.count("<li>") == 6
    assert late.count('class="status tone-danger"') == 6
    assert 'href="#tabell">27 til, i tabellen</a>' in client.get("/").text
    assert "til, i tabellen" not in client.get("/?omrade=kodeverk").text


def test_the_wheel_and_the_table_hold_the_same_deadlines(client):
    page = client.get("/").text
    wheel, table = page.split("De samme fristene i tabell")
    marks = re.findall(r'class="mark[^"]*"[^>]* href="([^"]+)"', wheel)
    rows = re.findall(r'<th scope="row"><a class="ds-link" href="([^"]+)"', table)
    assert len(marks) > 100
    assert sorted(marks) == sorted(rows)


def test_a_mark_says_its_date_name_area_and_state(client):
    label = re.search(
        r'aria-label="(\d+\. oktober 2026[^"]*: ssbElev[^"]+)"', client.get("/?fylke=34").text
    )
    assert label is not None
    assert label[1] == (
        "23. oktober 2026 (i kalenderen lørdag 24. oktober 2026):"
        " ssbElev pr. 01.10, 1. levering, Skole, Inntak."
        " Status: stoppet, forsinket."
    )


def test_a_proposed_date_is_never_shown_as_confirmed(client):
    county = client.get("/fylke/46").text
    assert "foreslått dato" in county
    assert county.count("bekreftet dato") == 1  # only the delivery that the seed confirmed
    assert "foreslått dato" in text_of(client, f"/forekomst/{seed.import_key('46')}")
    assert "Foreslått dato" in client.get("/hjul.svg").text


def test_the_filters_narrow_the_year(client):
    everything, one_area = client.get("/").text, client.get("/?omrade=kodeverk&fylke=46").text
    assert "Søknad om ny programområdekode" in one_area
    assert "ssbElev" in everything
    assert "ssbElev" not in one_area


def test_unknown_filters_are_as_if_not_given(client):
    asked = but_for_languages(client, "/?omrade=tull&fylke=99&skolear=1814-1815")
    assert asked == but_for_languages(client, "/")


def test_the_board_shows_each_county_its_own_state(client):
    line = row_of(client, "/tavle", "ssbElev pr. 01.10, 1. levering")
    states = re.findall(r"</svg><span>([^<]+)</span>", line)
    assert len(states) == 15
    assert states.count("Levert") == 9
    others = {"Stoppet, forsinket", "Feilet, forsinket", "Pågår, forsinket", "Fritatt"}
    assert others | {"Levert etter fristen", "Venter, forsinket"} <= set(states)


def test_the_board_shows_what_is_not_followed_up_only_on_request(client):
    assert "Andreinntak" not in client.get("/tavle").text
    line = row_of(client, "/tavle?vis=alle", "Andreinntak")
    assert "Følges ikke opp her ennå" in line
    assert "orsinket" not in line


def test_a_county_page_shows_its_newest_file_with_its_faults(client):
    shown = text_of(client, "/fylke/34")
    assert "Lest inn 1\u00a0234 3 å se på 0" in shown.replace("1 234", "1\u00a0234")
    assert "Stoppet, forsinket" in shown


def test_a_recurring_deadline_is_told_apart_by_its_day(client):
    shown = text_of(client, "/frist/ot-overforing-elevkurs?fylke=46")
    assert "VIGO til OT, avsluttede elevkurs, 3. november" in shown
    assert "VIGO til OT, avsluttede elevkurs, 5. november" in shown
    assert "nr. " not in shown
    assert "VIGO til OT, avsluttede elevkurs, 3." not in text_of(client, "/tavle?vis=alle")


def test_a_county_page_looks_sixty_days_ahead(client):
    shown = text_of(client, "/fylke/34")
    assert "Sluttere og startere, 21. desember" in shown
    assert "Sluttere og startere, 28. desember" not in shown


def test_odd_names_are_text_not_markup(client, engine):
    with Session(engine) as session, session.begin():
        seed.rename(session, "name: Andreinntak", "name: \"<script>alert('x')</script> & co\"")
    for address in ("/", "/tavle?vis=alle", "/hjul.svg", "/frist/inn-2inntak"):
        page = client.get(address).text
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert" in page


def test_the_subscribe_page_lists_every_feed(client):
    page = client.get("/abonner").text
    for name in ("alle", "03", "46", "56"):
        assert f"http://localhost:8000/kalender/{name}.ics" in page
        assert f"webcal://localhost:8000/kalender/{name}.ics" in page


@pytest.mark.parametrize(
    "address",
    ["/fylke/99", "/frist/tull", "/forekomst/tull", "/kvalitet/46/tull", "/finnes-ikke"],
)
def test_what_does_not_exist_is_said_in_norwegian(operator, address):
    response = operator.get(address)
    assert response.status_code == 404
    assert "Fant ikke siden" in response.text


def test_the_wheel_as_a_file_needs_no_stylesheet(client):
    response = client.get("/hjul.svg")
    assert response.content_type.startswith("image/svg+xml")
    assert "style=" not in response.text
    assert "#b81a1a" in response.text


def test_the_demonstration_says_so_on_every_page(config, engine):
    demo = seed.create_site(config.model_copy(update={"demo": True}))
    assert "Demonstrasjon" in demo.test_client().get("/om").text
    demo.extensions["aarshjul"].engine.dispose()


def test_only_the_demonstration_says_it_is_one(client):
    assert "Demonstrasjon" not in client.get("/").text
