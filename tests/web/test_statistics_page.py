"""The page of the year's statistics: every delivery of the calendar, file by file, and how the counties stand."""

import re

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from scheduler.calendar.kinds import Kind
from scheduler.ledger.pausing import begin
from scheduler.ledger.read import current_calendar, items
from scheduler.ledger.state import State
from scheduler.ledger.tables import OccurrenceRow
from tests.web import changed, seed
from tests.web.statistics_shown import courses, plain, row, rows, said
from tests.web.test_pages import text_of
from web.wheel.shapes import SHAPES

FIRST, NEXT = seed.delivery_key("46"), "2027-2028"
NEW_ROW = """  stat-nytt-sprak:
    name: Nytt språk
    areas: [skole]
    kind: delivery
    scope: county
    sender: fylke
    receiver: udir
    audience: [fylke-skole]
    due: {date: 3. mars, shift: preceding}
    evidence: {label: S, sources: [S]}
    description: En levering som ingen hadde tenkt på.

"""
OWN_DATE = """    overrides:
      - school_year: 2026-2027
        counties: ["42"]
        date: 9. november 2026
        reason: Kontoret flytter.
        decided_by: SSB
        label: I
"""


def withdraw(engine, *conditions):
    with Session(engine) as session, session.begin():
        session.execute(update(OccurrenceRow).where(*conditions).values(outcome="withdrawn"))


def test_every_delivery_of_the_calendar_stands_there_once_and_nothing_that_is_none(client, engine):
    with Session(engine) as session:
        known = items(session, current_calendar(session), seed.CYCLE, seed.NOW, ["46", "national"])
    wanted = {item.name for item in known if item.deliverable.kind is Kind.DELIVERY}
    shown = [re.search(r'<th scope="row">\s*<a [^>]*>(.*?)</a>', row)[1] for row in rows(client)]
    assert len(wanted) > 20
    assert [name for name in wanted if shown.count(name) != 1] == []
    kinds = {item.deliverable.kind for item in known if item.name in shown}
    assert kinds == {Kind.DELIVERY, Kind.FEEDBACK, Kind.FORWARDING}


def test_a_new_delivery_in_the_calendar_needs_no_code(client, engine):
    assert "Nytt språk" not in text_of(client, "/statistikk")
    changed.edit(engine, "  stat-ssbelev-l1:\n", f"{NEW_ROW}  stat-ssbelev-l1:\n")
    assert "03.03.2027 foreslått dato samme dag Nytt språk Levering" in said(client, "Nytt språk")
    assert "Nytt språk Utdanningsdirektoratet" in courses(client)


def test_a_file_goes_from_its_first_delivery_to_its_forwarding_in_order_of_time(client):
    found = courses(client)
    stages = [
        plain(re.search(r'<p class="small">(.*?)</p>', row)[1]).split(",")[0]
        for row in found["ssbElev og ssbElevFag Statistisk sentralbyrå"]
    ]
    forwarded = "Videresending til Utdanningsdirektoratet"
    assert stages == [
        "Første levering",
        forwarded,
        "Tilbakemelding til Fylkeskommunen",
        "Endelig levering",
        forwarded,
    ]
    days = [re.search(r'<time datetime="([^"]+)"', of[0])[1] for of in found.values()]
    assert days == sorted(days)
    for receiver in ("Statistisk sentralbyrå", "Utdanningsdirektoratet"):
        assert f"ssbKontrakt og ssbAvlagteProver {receiver}" in found
    assert "Levering av OT-data Utdanningsdirektoratet" in found


def test_a_line_has_deadline_reference_date_and_receivers(client):
    shown = said(client, "ssbElev pr. 01.10, 1. levering")
    assert "23.10.2026 bekreftet dato lørdag 24.10.2026" in shown
    assert "Første levering, kopi til Utdanningsdirektoratet 01.10.2026" in shown
    assert "slutten av skoleåret" in said(client, "ssbResultat, 1. levering")


def test_what_nobody_has_confirmed_never_looks_confirmed(client, engine):
    table = rows(client)
    confirmed = [row for row in table if "bekreftet dato" in row]
    assert [">ssbElev pr. 01.10, 1. levering<" in row for row in confirmed] == [True]
    assert all(("foreslått dato" in row) is (row not in confirmed) for row in table)
    assert "Ikke avklart" in said(client, "ssbResultat, 1. levering")
    assert "Neste frist er fredag 6. november 2026 (om 10 dager): ssbElev" in (
        shown := text_of(client, "/statistikk")
    )
    assert "endelig levering, foreslått dato ." in shown
    with Session(engine) as session, session.begin():
        seed.confirm(session, "stat-ssbelev-endelig")
    assert "endelig levering, bekreftet dato ." in text_of(client, "/statistikk")


def test_the_counties_are_counted_by_state_each_with_its_shape_and_word(client, engine):
    with Session(engine) as session, session.begin():
        seed.left_uncertain(session, seed.delivery_key("56"))
    html = row(client, "ssbElev pr. 01.10, 1. levering")
    shown = plain(html)
    assert "10 av 15 bekreftet mottatt" in shown
    told = {
        State.FAILED: "1 feilet, forsinket",
        State.REFUSED: "1 stoppet, forsinket",
        State.UNCONFIRMED: "1 sendt, ikke bekreftet, forsinket",
        State.RUNNING: "1 pågår, forsinket",
        State.DONE_LATE: "1 levert etter fristen",
        State.DONE: "9 levert",
        State.WAIVED: "1 fritatt",
    }
    for state, words in told.items():
        assert f'd="{SHAPES[state]}"/></svg><span>{words}</span>' in html
    assert shown.index("1 feilet") < shown.index("9 levert")
    assert "15 planlagt" in said(client, "Fagopplæringsdata pr. 01.01")
    assert "mottatt" not in said(client, "Fagopplæringsdata pr. 01.01")


def test_a_county_with_a_date_of_its_own_has_a_line_of_its_own_and_is_no_delivery_more(
    client, engine
):
    before = re.search(r"\d+ av \d+", text_of(client, "/statistikk"))[0]
    text = "    due: {date: 7. november, shift: preceding}\n"
    changed.edit(engine, text, text + OWN_DATE)
    name = "ssbElev pr. 01.10, endelig levering"
    shown = [plain(row) for row in rows(client) if f">{name}</a>" in row]
    assert ["14 planlagt" in row or "14 nærmer seg" in row for row in shown] == [True, False]
    assert "09.11.2026" in shown[1]
    assert "· Agder" in shown[1]
    assert re.search(r"\d+ av \d+", text_of(client, "/statistikk"))[0] == before


def test_the_lead_counts_what_is_done_and_late(client, engine):
    assert "0 av 22 leveringer er ferdige i alle fylker. 8 er forsinket eller stoppet." in text_of(
        client, "/statistikk"
    )
    own = "1 av 22 leveringer er ferdige. 7 er forsinket eller stoppet."
    assert own in text_of(client, "/statistikk?fylke=46")
    with Session(engine) as session, session.begin():
        for county in ("34", "39", "42", "56"):
            seed.done(session, seed.delivery_key(county), seed.NOW)
    assert "1 av 22 leveringer er ferdige i alle fylker. 7 er" in text_of(client, "/statistikk")
    later = text_of(client, f"/statistikk?skolear={NEXT}")
    assert "Ingen er forsinket eller stoppet. Neste frist er" in later


def test_when_nothing_more_is_due_there_is_no_next_deadline(client, engine):
    withdraw(engine, OccurrenceRow.due >= seed.NOW.date())
    shown = text_of(client, "/statistikk?fylke=46")
    assert "Ingen flere frister dette skoleåret." in shown
    assert "Neste frist" not in shown


def test_nothing_to_show_says_so_and_leads_on(client, engine):
    page = client.get("/statistikk?omrade=kodeverk&fylke=46")
    assert "Ingen statistikkleveranser i dette utvalget." in page.text
    assert f'href="/statistikk?skolear={seed.CYCLE}"' in page.text
    assert "<table" not in page.text
    withdraw(engine, OccurrenceRow.scope == "46")
    own = text_of(client, "/statistikk?fylke=46")
    assert "leveringer er ferdige" not in own
    assert "Ingen statistikkleveranser i dette utvalget." in own
    withdraw(engine)
    assert "Det er ingen statistikkleveranser i dette skoleåret." in text_of(client, "/statistikk")


def test_area_and_county_stand_in_the_address_and_unknown_ones_are_as_if_not_given(client):
    page = client.get("/statistikk?omrade=voksen&fylke=46").text
    assert '<option value="46" selected>' in page
    assert list(courses(client, "/statistikk?omrade=voksen")) == [
        "Voksensøkere Utdanningsdirektoratet"
    ]
    assert courses(client, "/statistikk?omrade=tull&fylke=99&skolear=1999-2000") == courses(client)


def test_what_is_on_hold_is_told_of_where_it_concerns(client, engine):
    with Session(engine) as session, session.begin():
        calendar = current_calendar(session)
        begin(session, calendar, None, "46", None, "Kari", "Flytting.", seed.NOW)
    told = {
        county: "Flytting." in client.get(f"/statistikk?fylke={county}").text
        for county in ("", "34", "46")
    }
    assert told == {"": True, "34": False, "46": True}


def test_what_is_in_the_calendar_and_not_in_use_is_named_apart(client):
    shown = text_of(client, "/statistikk").split("I kalenderen, men ikke i bruk:")[1]
    assert "ssbKontrakt til Udir hver måned Ikke avklart , OT-data pr. 01.02" in shown


def test_what_is_withdrawn_is_not_there(client, engine):
    with Session(engine) as session, session.begin():
        seed.withdrawn(session, FIRST.replace("/first/", "/borte/"))
    assert "borte" not in client.get("/statistikk?fylke=46").text


def test_the_words_are_explained_once_and_the_table_is_told_to_all(client):
    page = client.get("/statistikk").text
    for term in ("telledato", "ssbelev", "forste-levering", "tilbakemelding"):
        assert page.count(f'href="/ordliste#{term}"') == 1
    assert re.search(r"<caption[^>]*>Statistikkleveranser i skoleåret 2026–2027, fil for fil", page)
    assert len(re.findall(r'<th scope="col">', page)) == 5
    assert 'tabindex="0"' in page
    assert len(re.findall(r'<th scope="rowgroup" colspan="5">', page)) == len(courses(client))


@pytest.mark.parametrize(
    ("page", "way"),
    [
        ("/om", "/statistikk"),
        ("/?fylke=46", f"/statistikk?skolear={seed.CYCLE}&amp;fylke=46"),
        ("/tavle?omrade=ot", f"/statistikk?skolear={seed.CYCLE}&amp;omrade=ot"),
        (f"/skolear/{NEXT}", f"/statistikk?skolear={NEXT}"),
        ("/fylke/46", "/statistikk?fylke=46"),
        ("/veiledning/fylke", "/statistikk"),
    ],
)
def test_the_ways_there(client, page, way):
    assert f'href="{way}"' in client.get(page).text
