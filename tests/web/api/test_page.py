"""The page about the API shows every address of its description, and what a key is needed for."""

from web.api import description
from web.api.reference import operations


def test_every_address_is_shown_with_its_words(client):
    page = client.get("/api").text
    found = operations(description())
    assert len(found) > 30
    for operation in found:
        assert f"<code>{operation.method} {operation.path}</code>" in page
    assert page.count("krever nøkkel") == sum(operation.needs_key for operation in found)
    assert "Fylkesnummer; nasjonale frister er alltid med." in page


def test_the_page_is_found_and_leads_to_the_description(client):
    assert 'href="/api"' in client.get("/").text
    assert 'href="/api/openapi.json"' in client.get("/api").text
    assert client.get("/api/openapi.json").status_code == 200
