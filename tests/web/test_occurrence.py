"""The page of one deadline: its pair, and the deadline that went by."""

from sqlalchemy.orm import Session

from scheduler.engine.missed import MISSED, SERVICE
from scheduler.ledger import runs
from tests.web import seed
from tests.web.test_pages import text_of


def test_each_half_of_a_pair_shows_the_other_and_where_it_stands(client):
    first, final = seed.delivery_key("46"), f"stat-ssbelev-endelig/{seed.CYCLE}/final/46"
    shown, page = text_of(client, f"/forekomst/{first}"), client.get(f"/forekomst/{first}").text
    assert "Endelig levering fredag 6. november 2026" in shown
    assert f'href="/forekomst/{final}"' in page
    shown, page = text_of(client, f"/forekomst/{final}"), client.get(f"/forekomst/{final}").text
    assert "Første levering fredag 23. oktober 2026 Levert" in shown
    assert f'href="/forekomst/{first}"' in page
    assert "Første levering" not in text_of(client, f"/forekomst/{seed.import_key('46')}")


def test_what_waits_for_every_county_folds_the_list_of_them(client):
    assert "Vis de 30 fristene" in text_of(client, f"/forekomst/{seed.forwarding_key()}")
    assert "fristene Frist" not in text_of(client, f"/forekomst/{seed.delivery_key('46')}")


def test_a_deadline_that_went_by_stands_among_the_decisions(client, engine):
    key = seed.delivery_key("56")
    with Session(engine) as session, session.begin():
        runs.decide(session, SERVICE, MISSED, key, "Fristen gikk ut. Den starter nå.", seed.NOW)
    assert "Fristen gikk ut, systemet. Fristen gikk ut. Den starter nå." in text_of(
        client, f"/forekomst/{key}"
    )
