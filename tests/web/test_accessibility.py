"""Where to write when a page cannot be used: as the installation says, and else that nobody has said."""

import pytest

from scheduler.settings import SettingsError, read_settings
from tests.web.seed import create_site

UNSET = "har ikke oppgitt en kontaktadresse ennå"


def page_with(config, contact):
    app = create_site(config.model_copy(update={"contact": contact}))
    shown = app.test_client().get("/tilgjengelighet").text
    app.extensions["aarshjul"].engine.dispose()
    return shown


@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize(
    ("contact", "link"),
    [
        ("tilgjengelig@aarshjul.example", "mailto:tilgjengelig@aarshjul.example"),
        ("https://aarshjul.example/kontakt", "https://aarshjul.example/kontakt"),
    ],
)
def test_the_address_of_the_installation_is_shown(config, contact, link):
    shown = page_with(config, contact)
    assert f'href="{link}">{contact}</a>' in shown
    assert UNSET not in shown


@pytest.mark.usefixtures("engine")
def test_a_missing_address_is_told_of(config):
    shown = page_with(config, "")
    assert UNSET in shown
    assert "AARSHJUL_CONTACT" in shown
    assert "mailto:" not in shown


@pytest.mark.parametrize("wrong", ["ring oss", "http://aarshjul.example", "javascript:alert(1)"])
def test_what_is_no_address_stops_the_start(monkeypatch, wrong):
    monkeypatch.setenv("AARSHJUL_CONTACT", wrong)
    with pytest.raises(SettingsError, match="AARSHJUL_CONTACT: må være en e-postadresse"):
        read_settings()
