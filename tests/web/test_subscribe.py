"""The page «Abonner»: the reader's choice becomes addresses that work, with and without a script."""

import re
from html import unescape
from urllib.parse import unquote

import pytest

from web.wheel.qr import qr_svg

CHOSEN = "fylke=46&omrade=ot&rolle=fylke-ot"
BASE = "http://localhost:8000"


@pytest.fixture
def page(client):
    return unescape(client.get(f"/abonner?{CHOSEN}").text)


def test_the_choice_is_in_every_address(page):
    query = "omrade=ot&rolle=fylke-ot"
    assert f'id="adresse">{BASE}/kalender/46.ics?{query}<' in page
    assert f'href="webcal://localhost:8000/kalender/46.ics?{query}"' in page
    assert f'id="oppgaver">{BASE}/kalender/46/oppgaver.ics?{query}<' in page
    for address in (
        f"/kalender/46.csv?{query}",
        f"/kalender/46.json?{query}",
        f"/endringer.atom?{CHOSEN}",
        f"/hjul.pdf?{CHOSEN}&skolear=2026-2027",
    ):
        assert f'href="{BASE}{address}"' in page


def test_google_gets_webcal_and_outlook_https_each_packed_into_one_value(page):
    google = re.search(r'calendar\.google\.com/calendar/r\?cid=([^"]+)"', page)[1]
    assert "&" not in google
    assert unquote(google) == "webcal://localhost:8000/kalender/46.ics?omrade=ot&rolle=fylke-ot"
    outlook = re.search(r'addfromweb\?url=([^"&]+)&name=([^"]+)"', page)
    assert unquote(outlook[1]) == f"{BASE}/kalender/46.ics?omrade=ot&rolle=fylke-ot"
    assert unquote(outlook[2]).startswith("Årshjul – Vestland, ")


def test_the_form_shows_what_was_chosen(page):
    for name, value in (("fylke", "46"), ("omrade", "ot"), ("rolle", "fylke-ot")):
        field = re.search(rf'<select[^>]* name="{name}">(.*?)</select>', page, re.DOTALL)[1]
        assert re.findall(r'value="([^"]*)" selected', field) == [value]


def test_an_unknown_choice_is_as_if_not_made(client):
    page = client.get("/abonner?fylke=99&omrade=tull&rolle=<b>").text
    assert f'id="adresse">{BASE}/kalender/alle.ics<' in page


def test_every_program_is_explained(page):
    for program in ("Outlook på nett", "Klassiske Outlook", "Google", "Mac", "iPhone", "Thunder"):
        assert re.search(rf"<summary>[^<]*{program}", page)


def test_without_a_script_the_copy_buttons_are_not_there(page):
    buttons = re.findall(r"<button[^>]*data-copy[^>]*>", page)
    assert len(buttons) == 2
    assert all(" hidden" in button for button in buttons)


def test_the_qr_code_is_a_drawing_the_policy_allows(page):
    drawing = re.search(r"<svg[^>]*class=\"qr\".*?</svg>", page, re.DOTALL)[0]
    assert drawing == qr_svg("webcal://localhost:8000/kalender/46.ics?omrade=ot&rolle=fylke-ot")
    assert "style" not in drawing
    assert "<script" not in drawing
    assert qr_svg("webcal://a") != qr_svg("webcal://b")
