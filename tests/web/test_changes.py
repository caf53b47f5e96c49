"""The pages of what changed: every version, who decided, old and new dates, and who has answered."""

import re
from datetime import timedelta

import pytest

from tests.web import changed, seed
from tests.web.test_pages import text_of


@pytest.fixture
def published(engine, moved):
    """The second version, which moved one deadline in every county; three have answered."""
    for county in ("03", "11", "15"):
        changed.answer(engine, moved, county)
    return moved


def panels(client, address: str) -> list[str]:
    found = re.findall(r'<li class="panel">(.*?)</li>', client.get(address).text, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", panel).split()) for panel in found]


def test_the_list_has_the_newest_version_first_with_who_why_and_what(client, published):
    newest, first = panels(client, "/endringer")
    assert newest == (
        "Versjon 2 19. oktober 2026 kl. 10.00 · bestemt av Nasjonal koordinator"
        " To frister flyttet. 3 av 15 fylker har kvittert. Udir ba om tallene &lt;tidligere&gt;."
    )
    assert "lagret i calendar.yaml" in first
    assert "Skoleåret 2026–2027 og 2027–2028 ble satt opp for første gang." in first


def test_a_county_has_answered_when_every_role_there_has(client, engine):
    number = changed.edit(engine, "name: OT-data pr. 15.11", "name: OT-tall pr. 15.11").number
    changed.answer(engine, number, "03", roles=1)
    changed.answer(engine, number, "11", roles=2)
    assert "1 av 15 fylker har kvittert." in text_of(client, f"/endringer/{number}")


def test_a_notice_shows_who_answered_and_who_is_told_next_when(client, published, operator):
    shown = text_of(operator, f"/endringer/{published}").split("Hvem som er varslet")[1]
    assert "Oslo Kvittert 20.10.2026 kl. 10.00 av Skolekontoret Rogaland" in shown
    shown = text_of(client, f"/endringer/{published}").split("Hvem som er varslet")[1]
    assert "Oslo Kvittert 20.10.2026 kl. 10.00 Rogaland" in shown
    assert "Vestland Ikke kvittert stedfortreder varsles 22.10.2026" in shown


def test_a_version_shows_the_old_and_the_new_date_both_as_said_and_as_they_hold(client, published):
    panel, _next_year = panels(client, f"/endringer/{published}")
    assert "Flyttet · 2026–2027 · Alle fylker" in panel
    before, after = panel.split("Før")[1].split("Etter")
    assert before.split() == ["15.02.2027", "i", "kalenderen", "samme", "dag", "foreslått", "dato"]
    assert after.split() == [
        "12.02.2027",
        "i",
        "kalenderen",
        "lørdag",
        "13.02.2027",
        "foreslått",
        "dato",
    ]


def test_a_version_without_a_reason_says_so(client, engine):
    number = changed.edit(engine, "due: {date: 15. februar,", "due: {date: 12. februar,", "").number
    assert "Begrunnelse er ikke oppgitt." in text_of(client, f"/endringer/{number}")


def test_the_list_holds_only_the_versions_that_touched_the_area(client, engine, published):
    renamed = changed.edit(engine, "name: Andreinntak", "name: Inntak nummer to").number

    def shown(area: str) -> list[str]:
        return [words.split()[1] for words in panels(client, f"/endringer?omrade={area}")]

    assert shown("inntak") == [str(renamed), "1"]
    assert shown("skole") == [str(published), "1"]
    assert shown("kodeverk") == ["1"]


def test_a_county_sees_itself_and_the_whole_country(client, published):
    address = f"/endringer/{published}?fylke=46"
    panel, _next_year = panels(client, address)
    assert "Flyttet · 2026–2027 · Vestland" in panel
    assert re.findall(r'<th scope="row">([^<]+)</th>', client.get(address).text) == ["Vestland"]


def test_a_new_name_says_what_the_deadline_was_called(client, engine):
    number = changed.edit(engine, "name: Andreinntak", "name: Inntak nummer to").number
    panel = panels(client, f"/endringer/{number}")[0]
    assert panel.startswith("Inntak nummer to Ny tekst")
    assert "Fristen het tidligere «Andreinntak»." in panel


def test_a_new_name_has_the_same_date_and_says_what_is_new(client, engine):
    number = changed.edit(engine, "name: Andreinntak", "name: Inntak nummer to").number
    panel = panels(client, f"/endringer/{number}")[0]
    assert "Nytt: navnet." in panel
    assert "Datoen er den samme:" in panel
    assert "Beskrivelsen" not in panel


def test_a_new_description_is_shown_beside_the_old_one(client, engine):
    number = changed.edit(engine, "høstens privatisteksamener.", "privatister.").number
    for panel in panels(client, f"/endringer/{number}"):
        assert "Nytt: beskrivelsen." in panel
        was, now = panel.split("Beskrivelsen før")[1].split("Datoen er")[0].split("Beskrivelsen nå")
        assert was.strip() == "Terminkarakterer og høstens privatisteksamener."
        assert now.strip() == "Terminkarakterer og privatister."


def test_what_else_is_new_is_named_also_when_the_date_moved(client, engine):
    moved = "receiver: vigo\n    audience: [fylke-skole]\n    due: {date: 15. februar,"
    new = moved.replace("vigo", "udir").replace("15.", "12.")
    number = changed.edit(engine, moved, new).number
    for panel in panels(client, f"/endringer/{number}"):
        assert "Flyttet" in panel
        assert "Nytt er også: mottakeren." in panel


def test_a_withdrawn_deadline_says_that_it_holds_no_longer(client, engine):
    weeks = "due: {weekly: mandag, from: 1. september, to: "
    number = changed.edit(engine, f"{weeks}30. juni", f"{weeks}26. juni").number
    withdrawn = [p for p in panels(client, f"/endringer/{number}") if "Trukket tilbake" in p]
    assert withdrawn
    assert all("Alle fylker" in panel for panel in withdrawn)
    assert all(panel.endswith("Etter Gjelder ikke lenger") for panel in withdrawn)


def test_a_version_that_is_not_there_is_said_so(client):
    response = client.get("/endringer/99")
    assert response.status_code == 404
    assert "Fant ingen versjon 99 av kalenderen." in response.text


def test_a_number_no_database_holds_is_only_an_unknown_address(client):
    assert client.get(f"/endringer/{10**30}").status_code == 404


def test_the_atom_feed_has_the_same_choice(client):
    assert (
        'href="/endringer.atom?fylke=46&amp;omrade=ot"'
        in client.get("/endringer?fylke=46&omrade=ot").text
    )


def test_an_occurrence_shows_what_the_county_saw(client, published):
    shown = text_of(client, f"/forekomst/{changed.moved_key('46')}").split("Hva fylket så")[1]
    moved, planned = shown.index("19.10.2026 kl. 10.00: flyttet"), shown.index("satt opp første")
    assert moved < planned
    assert "15.02.2027" in shown[moved:planned]
    assert "12.02.2027" in shown[moved:planned]


@pytest.mark.parametrize(
    ("day", "due"), [("2026-10-18", "15.02.2027"), ("2026-10-19", "12.02.2027")]
)
def test_what_a_county_saw_on_a_day_is_what_stood_when_it_ended(client, published, day, due):
    page = client.get(f"/fylke/46?per={day}").text
    row = next(row for row in page.split("<tr>") if changed.moved_key("46") in row)
    assert due in row
    assert "Det kan være endret siden." in page


def test_before_the_first_version_there_was_nothing_to_see(client):
    day = (seed.NOW - timedelta(days=81)).date()
    page = client.get(f"/fylke/46?per={day}").text
    assert "Kalenderen var ikke tatt i bruk denne dagen." in page
    assert "<tbody>" not in page


@pytest.mark.parametrize("day", ["i går", "2026-02-30", "", "2026-10-01T12:00", "'; drop table"])
def test_a_day_that_is_none_is_told_with_a_remedy(client, day):
    response = client.get("/fylke/46", query_string={"per": day})
    assert response.status_code == 404
    assert "Skriv den som for eksempel 2026-10-01." in response.text
