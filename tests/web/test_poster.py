"""The poster holds the selection's deadlines as text, each with its doubt, and says so the same way twice."""

import hashlib
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy.orm import Session

from scheduler.cli import poster as command
from tests.web import seed
from tests.web.pdf_text import metadata_of, pages_in, text_of
from tests.web.test_vendored import ENOUGH_FOR_TEXT, contrast
from web.site import ledger
from web.wheel import poster, typesetting
from web.wheel.poster_sheet import INKS


def made(client, query: str) -> bytes:
    response = client.get(f"/hjul.pdf?{query}")
    assert (response.status_code, response.mimetype) == (200, "application/pdf")
    return response.data


def sheet(app, query: str):
    with app.test_request_context(f"/hjul.pdf?{query}") as context, ledger() as at:
        return poster.sheet_of(at, poster.chosen(at, context.request.args.to_dict(flat=False)))


def test_it_is_one_tagged_page_in_bokmaal_with_a_title(client):
    pdf = made(client, "fylke=46&omrade=ot")
    about = metadata_of(pdf)
    assert pages_in(pdf) == 1
    assert "Årshjul 2026–2027: Vestland, Oppfølgingstjenesten (OT)</rdf:li>" in about
    assert "<dc:language><rdf:Bag><rdf:li>nb</rdf:li>" in about
    assert "<pdfuaid:part>1<" in about
    assert b"MediaBox[0 0 1190.5511 841.8898]" in pdf  # A3, lying


@pytest.mark.parametrize("query", ["", "fylke=46", "omrade=fagopplaering&fylke=03"])
def test_every_deadline_of_the_selection_can_be_read(app, client, query):
    pdf = made(client, query)
    text, lists = text_of(pdf), sheet(app, query)
    entries = [entry for month in lists["months"] for entry in month["entries"]]
    assert len(entries) > 10
    assert pages_in(pdf) == 1
    for entry in [*entries, *lists["weekly"]]:
        assert re.sub(r"\s+", " ", entry["name"]) in text
    counted = len(entries) + len(lists["weekly"])
    assert len(re.findall(r"(?:foreslått \([SPIG+]+\)|bekreftet(?! av))", text)) == counted


def test_both_dates_and_the_time_of_day_are_said(client):
    text = text_of(made(client, "fylke=46"))
    said = (
        "fr. 23. ssbElev pr. 01.10, 1. levering i kalenderen lørdag 24. oktober · bekreftet Levert"
    )
    assert said in text
    assert "Søknadsfrist 1. mars kl. 23.59 · foreslått (P)" in text


def test_a_proposed_date_is_never_shown_as_confirmed(client, engine):
    assert text_of(made(client, "fylke=46")).count("· bekreftet") == 1  # as the seed confirmed
    with Session(engine) as session, session.begin():
        seed.confirm(session, "kode-fag-grep")
        row = "Fagkoder importeres fra Grep"
    text = text_of(made(client, "fylke=46"))
    assert f"{row} bekreftet" in text
    assert text.count("bekreftet") == 3  # one of them is the legend's sentence


def test_what_is_undecided_says_so(client):
    text = text_of(made(client, "omrade=ot&fylke=46"))
    assert "VIGO til OT, elever i eget fylke foreslått (I) ikke avklart" in text
    assert text.count("ikke avklart") == 1


def test_what_comes_every_week_is_one_line_with_its_moved_days(client):
    text = text_of(made(client, "fylke=46&omrade=skole"))
    assert text.count("Sluttere og startere") == 1
    assert "hver mandag fra 7. september til 28. juni, 43 ganger i alt." in text
    assert "17. mai (mandag) → tirsdag 18. mai 2027." in text


def test_an_area_and_a_county_leave_the_others_out(client):
    text = text_of(made(client, "fylke=46&omrade=kodeverk"))
    assert "Nye programområdekoder er godkjent" in text
    assert "ssbElev" not in text
    assert "1 levert etter fristen" in text_of(made(client, ""))
    assert "etter fristen" not in text_of(made(client, "fylke=46"))


def test_a_role_and_a_row_choose_too(client):
    assert "VIGO til OT, søkere" in text_of(made(client, "frist=ot-overforing-sokere"))
    assert "Sluttere" not in text_of(made(client, "rolle=fylke-ot"))


def test_a_selection_without_deadlines_says_so(client):
    text = text_of(made(client, "frist=ot-overforing-sokere&omrade=kodeverk"))
    assert "Ingen frister i dette utvalget." in text


def test_it_tells_where_to_subscribe_and_how_old_it_is(client):
    text = text_of(made(client, "fylke=46&omrade=ot&skolear=2026-2027"))
    assert "/kalender/46.ics?omrade=otKalenderversjon" in text.replace(" ", "")
    assert "Kalenderversjon 1, i bruk fra 8. august 2026. Skrevet ut 27. oktober 2026." in text


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("fylke=99", "«99» er ikke et fylkesnummer i årshjulet."),
        ("fylke=46&fylke=bergen", "«bergen» er ikke et fylkesnummer i årshjulet."),
        ("omrade=skle", "«skle» er ikke et område i årshjulet. Mente du «skole»?"),
        ("rolle=%00", "er ikke en målgruppe i årshjulet."),
        ("frist=ukjent", "«ukjent» er ikke en frist i årshjulet."),
        ("skolear=1999-2000", "«1999-2000» er ikke et skoleår i årshjulet."),
        ("skolear=2026-2027&skolear=2027-2028", "Den viser ett skoleår om gangen."),
        ("fylke=%3Cscript%3E", "«&lt;script&gt;» er ikke et fylkesnummer"),
    ],
)
def test_an_unknown_value_gets_a_sentence(client, query, said):
    response = client.get(f"/hjul.pdf?{query}")
    assert response.status_code == 404
    assert "Fant ikke plakaten: " in response.text
    assert said in response.text


def test_equal_data_are_equal_bytes_made_anew(client):
    first = made(client, "omrade=voksen&omrade=ot")
    poster._typeset.cache_clear()
    assert made(client, "omrade=ot&omrade=voksen&ukjent=1") == first


def test_a_changed_word_or_state_is_on_the_next_poster(client, engine):
    before = made(client, "fylke=46&omrade=skole")
    with Session(engine) as session, session.begin():
        seed.rename(session, "Elever og fag pr. 01.10\n", "Elever og fag høsten\n")
        seed.undone(session, seed.import_key("46"), "refused", seed.REASON)
    after = text_of(made(client, "fylke=46&omrade=skole"))
    assert "Elever og fag høsten" in after
    assert "Levert, nyere fil stoppet" in after
    assert "nyere fil" not in text_of(before)


def test_more_than_a_page_holds_goes_on_to_the_next(app):
    whole = sheet(app, "")
    whole["months"] = [
        month | {"name": f"{month['name']} nr. {turn}"}
        for turn in range(1, 4)
        for month in whole["months"]
    ]
    pdf = poster.pdf_of(whole)
    text = text_of(pdf)
    assert pages_in(pdf) > 1
    assert all(month["name"] in text for month in whole["months"])
    assert "<pdfuaid:part>1<" in metadata_of(pdf)


def test_names_are_words_and_never_commands(app):
    hostile = '#panic("x") $a$ [b] *c* _d_ <e> @f // g \\ "h" ' + "ø" * 300
    changed = sheet(app, "omrade=kodeverk")
    changed["shown"] = changed["months"][0]["entries"][0]["name"] = hostile
    text = text_of(poster.pdf_of(changed))
    assert text.count('#panic("x") $a$ [b] *c* _d_ <e> @f // g \\ "h"') == 2


def test_posters_asked_for_at_once_are_each_their_own(app):
    queries = [f"omrade={area}" for area in ("ot", "voksen", "kodeverk", "inntak")] * 2
    poster._typeset.cache_clear()
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda query: made(app.test_client(), query), queries))
    assert found[:4] == found[4:]
    assert len(set(found)) == 4


def resident_megabytes() -> float:
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(re.search(r"VmRSS:\s+(\d+) kB", status)[1]) / 1024


def test_typesetting_many_posters_gives_the_memory_back(app):
    whole = sheet(app, "")
    poster.pdf_of(whole)
    before = resident_megabytes()
    for turn in range(8):
        for entry in (entry for month in whole["months"] for entry in month["entries"]):
            entry["name"] = f"{entry['name']} {turn}"
        poster.pdf_of(whole)
    assert resident_megabytes() - before < 100


def test_each_ring_can_be_read_on_white():
    assert all(contrast(ink, "#fff") >= ENOUGH_FOR_TEXT for ink in INKS)
    assert len(set(INKS)) == len(INKS)


def test_the_font_is_the_one_we_recorded():
    lines = (typesetting.FONTS / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    recorded = {name: checksum for checksum, name in (line.split() for line in lines)}
    assert set(recorded) == {"SourceSans3.ttf", "LICENSE"}
    for name, checksum in recorded.items():
        assert hashlib.sha256((typesetting.FONTS / name).read_bytes()).hexdigest() == checksum
    assert "SIL Open Font License" in (typesetting.FONTS / "LICENSE").read_text(encoding="utf-8")


@pytest.fixture
def ordered(config, engine, monkeypatch, tmp_path):
    monkeypatch.setattr(command, "settings", lambda: config)
    monkeypatch.setattr("scheduler.cli.operate.settings", lambda: config)

    def run(*arguments: str):
        out = tmp_path / "hjul.pdf"
        words = [*arguments, "--out", str(out)]
        return CliRunner().invoke(command.poster, words), out

    return run


def test_the_command_line_writes_the_same_poster(ordered):
    result, out = ordered("--county", "46", "--area", "ot", "--school-year", "2026-2027")
    assert result.output == f"Plakaten er skrevet til {out}.\n"
    assert "Vestland, Oppfølgingstjenesten (OT)" in text_of(out.read_bytes())


def test_the_command_line_refuses_an_unknown_county_and_writes_nothing(ordered):
    result, out = ordered("--county", "99", "--school-year", "2026-2027")
    assert result.exit_code == 1
    assert "«99» er ikke et fylkesnummer i årshjulet." in result.output
    assert not out.exists()
