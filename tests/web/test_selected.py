"""The wheel's own address, which with another ending is the same selection in another form."""

import re

import pytest


@pytest.mark.parametrize(
    ("asked", "led_to"),
    [
        ("/hjul", "/"),
        ("/hjul?fylke=46&omrade=ot", "/?fylke=46&omrade=ot"),
        ("/hjul.ics", "/kalender/alle.ics"),
        ("/hjul.csv?fylke=46&omrade=ot", "/kalender/46.csv?omrade=ot"),
        ("/hjul.json?omrade=ot&tull=1", "/kalender/alle.json?omrade=ot"),
        ("/hjul.ics?fylke=46&skolear=2026-2027", "/kalender/46.ics?skolear=2026-2027"),
    ],
)
def test_the_wheels_address_with_another_ending_is_the_same_selection(client, asked, led_to):
    answer = client.get(asked)
    assert (answer.status_code, answer.location) == (302, led_to)


def test_the_front_page_offers_its_selection_in_every_form(client):
    page = client.get("/?fylke=46").text
    for ending in ("svg", "pdf", "ics", "csv"):
        assert re.search(rf"/hjul\.{ending}\?[^\"]*fylke=46", page), ending
    assert client.get("/hjul.exe").status_code == 404
