"""The page of one deadline: its dates and why, its runs, receipts and decisions, and what it waits for."""

from sqlalchemy.orm import Session

from tests.web import seed
from tests.web.test_pages import text_of


def test_an_occurrence_shows_both_dates_why_and_how_we_know(client):
    shown = text_of(client, f"/forekomst/{seed.import_key('46')}")
    for words in (
        "torsdag 15. oktober 2026",
        "1. oktober 2026 (flyttes aldri)",
        "Regelen er 15. oktober",
        "Raden bygger på Kildedokumentet og en offentlig kilde (S+P)",
        "Dagen bygger på Vårt forslag (I)",
        "Ajourhold av inntaket",
    ):
        assert words in shown


def test_an_occurrence_shows_its_run_steps_and_receipt(client):
    shown = text_of(client, f"/forekomst/{seed.delivery_key('46')}")
    assert "kjøring 1: fullført" in shown
    assert "Statistisk sentralbyrå, 23.10.2026 kl. 06.00.13" in shown
    assert "Startet fordi: fristen er nådd." in shown
    assert "kv-0001" in shown
    assert f"Fil Rader Sha256 ssbElev_46.csv 812 {'9f2c' * 16} manifest.json –" in shown


def test_a_refused_delivery_says_why_and_where_it_stopped(client):
    shown = text_of(client, f"/forekomst/{seed.delivery_key('34')}")
    assert seed.REASON in shown
    assert "Skriver og kontrollerer filene Stoppet her" in shown
    assert "Sender filene Ikke startet" in shown


def test_a_running_delivery_shows_the_step_it_is_at(client):
    shown = text_of(client, f"/forekomst/{seed.delivery_key('42')}")
    assert "Skriver og kontrollerer filene Fullført 27.10.2026 kl. 12.30.00 1 min 15 s" in shown
    assert "Noterer hva som skal sendes Pågår" in shown
    assert "Sender filene Ikke startet" in shown


def test_a_waiver_shows_who_and_why(client, operator):
    path = f"/forekomst/{seed.delivery_key('55')}"
    assert "Fritak, kari. Ingen elever i år." in text_of(operator, path)
    assert "Fritak, en person. Ingen elever i år." in text_of(client, path)


def test_an_occurrence_that_waits_names_what_it_waits_for(client):
    shown = text_of(client, f"/forekomst/{seed.delivery_key('56')}")
    assert "Venter på Elever og fag pr. 01.10, forsinket" in shown
    assert "Ingen kjøringer ennå." in shown


def test_an_occurrence_the_calendar_no_longer_holds_is_still_shown(client, engine):
    with Session(engine) as session, session.begin():
        seed.withdrawn(session, "borte/2026-2027/only/46")
    shown = text_of(client, "/forekomst/borte/2026-2027/only/46")
    assert "Trukket tilbake" in shown
    assert "har ikke lenger denne raden" in shown
