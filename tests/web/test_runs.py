"""What runs leave behind: a newer file that was stopped or held, and steps of a replayed year."""

import pytest
from sqlalchemy.orm import Session

from tests.web import seed
from tests.web.test_pages import text_of


@pytest.mark.parametrize(("state", "word"), [("refused", "stoppet"), ("failed", "feilet")])
def test_a_county_whose_newer_file_was_stopped_is_not_plainly_delivered(
    client, engine, state, word
):
    with Session(engine) as session, session.begin():
        seed.undone(session, seed.import_key("46"), state, seed.REASON)
    address = f"/forekomst/{seed.import_key('46')}"
    for page in ("/tavle", "/fylke/46", address):
        assert f"<span>Levert, nyere fil {word}</span>" in client.get(page).text
    assert f"<span>Levert, nyere fil {word}</span>" not in client.get("/fylke/50").text


def test_a_file_that_waits_for_a_person_is_held_and_not_stopped(client, engine):
    with Session(engine) as session, session.begin():
        seed.file_held(session, "46")
    address = f"/forekomst/{seed.import_key('46')}"
    for page in ("/tavle", "/fylke/46", address):
        assert "<span>Levert, nyere fil holdt igjen</span>" in client.get(page).text
    assert "kjøring 2: holdt igjen" in text_of(client, address)


def test_only_a_replayed_run_says_that_its_steps_have_other_times(config, engine):
    site = seed.create_site(config.model_copy(update={"demo": True}))
    replayed, live = seed.delivery_key("46"), seed.delivery_key("42")
    words = "Stegenes tider er fra da demonstrasjonen ble laget"
    assert words in site.test_client().get(f"/forekomst/{replayed}").text
    assert words not in site.test_client().get(f"/forekomst/{live}").text
    site.extensions["aarshjul"].engine.dispose()
