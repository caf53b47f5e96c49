"""A delivery's card shows every fact of it, what is missing too, and no person, school or line."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from scheduler.access.accounts import named, take
from scheduler.access.roles import Grant, Role
from scheduler.access.tables import GrantRow
from scheduler.ledger import runs
from scheduler.ledger.slips import SlipRow
from scheduler.ledger.tables import CalendarVersion
from tests.jobs.frames import identity_number
from tests.web import seed
from tests.web.cards_seeded import (
    ENVELOPE_SHA,
    LATER,
    MANIFEST_SHA,
    REASON,
    SCHOOL,
    SENT_AT,
    SLIP_SHA,
    SOURCE_SHA,
    approved,
    final_key,
    rejected,
    sent,
    slip,
)
from tests.web.pdf_text import metadata_of, text_of
from tests.web.people import new_account
from web.deliveries import cards

GOLDEN = Path(__file__).parent / "golden"
NUMBER = identity_number(0)
FIRST, FINAL = seed.delivery_key("46"), final_key("46")


@pytest.fixture
def first(engine):
    """A first delivery, sealed, receipted by the receiver's own file."""
    with Session(engine) as session, session.begin():
        sent(session, FIRST)
        slip(session, FIRST)


@pytest.fixture
def final(engine):
    """A final delivery that a person with a role has approved, and that no receipt has come for."""
    new_account(engine, "signerer", Grant(Role.COORDINATOR), Grant(Role.OT, "46"))
    with Session(engine) as session, session.begin():
        seed.request(session, FINAL, SENT_AT).state = "sent"
        session.execute(update(GrantRow).values(given_at=SENT_AT - timedelta(days=1)))
        approved(session, FINAL, "signerer")
        sent(session, FINAL, stage="END", confirmed=False)


def page(client, key):
    response = client.get(f"/kort/{key}")
    assert response.status_code == 200
    return response.text


def pdf(client, key):
    response = client.get(f"/kort/{key}.pdf")
    assert (response.status_code, response.mimetype) == (200, "application/pdf")
    return response.data


def test_the_facts_are_those_of_the_golden_card(client, engine, first, final):
    with Session(engine) as session:
        calendar = session.scalars(select(CalendarVersion.sha256)).one()
    for name, key in (("first", FIRST), ("final", FINAL)):
        found = client.get(f"/kort/{key}.json").text.replace(calendar, "0" * 64)
        golden = (GOLDEN / f"card_{name}.json").read_text(encoding="utf-8")
        assert found == golden


def test_the_page_tells_files_controls_times_and_receipts(client, first):
    shown = page(client, FIRST)
    for words in (
        "Kvittert av mottakeren",
        "ssbElev_46_20261001_L1.csv",
        "9f2c" * 16,
        MANIFEST_SHA,
        ENVELOPE_SHA,
        SLIP_SHA,
        SOURCE_SHA,
        "SFTP til mottakeren",
        "feil: 0, advarsler: 3, opplysninger: 1",
        "CR-STAT-02",
        "versjon 1, i bruk fra 08.08.2026",
        "1. oktober 2026",
        "23.10.2026 kl. 09.00.00",
        "Kvitteringsfil, for dette innholdet",
        "ingen har bekreftet den",
        "Kortet til endelig levering",
    ):
        assert words in shown
    assert "mangler" not in shown


def test_the_pdf_is_for_the_archive_and_holds_the_same_hashes(client, first):
    made = pdf(client, FIRST)
    text, about = text_of(made), metadata_of(made)
    assert "Kvittert av mottakeren" in text
    whole = "".join(text.replace("\u200b", "").split())  # a hash may go over lines
    for sha256 in (MANIFEST_SHA, ENVELOPE_SHA, SLIP_SHA, SOURCE_SHA, "9f2c" * 16):
        assert sha256 in whole
    assert "<pdfaid:part>2<" in about
    assert "<pdfaid:conformance>A<" in about
    assert "<pdfuaid:part>1<" in about
    assert "Leveringskort: ssbElev pr. 01.10, 1. levering, Vestland" in about


def test_the_same_facts_are_the_same_bytes_made_anew_in_any_language(client, first):
    made = pdf(client, FIRST)
    cards._typeset.cache_clear()
    assert client.get(f"/kort/{FIRST}.pdf?lang=en").data == made
    cards._typeset.cache_clear()
    assert pdf(client, FIRST) == made


def test_another_fact_is_another_card(client, engine, first):
    before = pdf(client, FIRST)
    with Session(engine) as session, session.begin():
        session.scalars(select(SlipRow)).one().state = "settled"
    assert pdf(client, FIRST) != before


def test_an_approval_is_bound_to_the_content_and_told_by_role(client, final):
    for text in (page(client, FINAL), text_of(pdf(client, FINAL)).replace("\u200b", "")):
        assert "23.10.2026 kl. 05.55.00 av nasjonal koordinator, for dette manifestet" in text
        assert REASON in text
        assert "signerer" not in text
        assert "OT-kontakt" not in text  # a role by which nothing is approved
        assert "Kvitteringen fra mottakeren mangler." in text


def test_an_identity_number_in_a_reason_does_not_reach_the_card(client, engine):
    with Session(engine) as session, session.begin():
        seed.request(session, FINAL, SENT_AT)
        runs.decide(session, "kari", "run", FINAL, f"Gjelder {NUMBER}.", LATER, {})
    shown = page(client, FINAL)
    assert "Gjelder &lt;nummer fjernet&gt;." in shown
    assert NUMBER not in shown + client.get(f"/kort/{FINAL}.json").text


def test_a_role_taken_back_since_was_still_held_then(client, engine, final):
    with Session(engine) as session, session.begin():
        take(session, named(session, "signerer"), Grant(Role.COORDINATOR), "x", LATER)
    assert "av nasjonal koordinator, for dette manifestet" in page(client, FINAL)


def test_an_approval_of_other_content_is_none_of_this(client, engine):
    with Session(engine) as session, session.begin():
        seed.request(session, FINAL, SENT_AT)
        approved(session, FINAL, "kari", sha256="1" * 64)
        sent(session, FINAL, confirmed=False)
    shown = page(client, FINAL)
    assert "Ingen har godkjent dette innholdet, enda det har advarsler." in shown
    assert "for dette manifestet" not in shown
    assert "kari" not in shown


def test_what_is_not_sent_says_so(client, engine):
    assert "Ikke sendt" in page(client, FINAL)
    assert "Ingenting er sendt, og ingenting er kvittert." in page(client, FINAL)
    refused = client.get(f"/kort/{FINAL}.pdf")
    assert refused.status_code == 404
    assert "ikke noe å arkivere" in refused.text
    waived = page(client, seed.delivery_key("55"))
    assert "Skal ikke leveres" in waived
    assert "Leveringen er fritatt, og ingenting er sendt." in waived


def test_what_is_receipted_without_a_note_of_the_files_says_so(client):
    shown = page(client, FIRST)
    assert "Kvittert av mottakeren" in shown
    assert "hva som ble sendt, er ikke notert" in shown


def test_a_rejection_stands_on_the_card(client, engine):
    with Session(engine) as session, session.begin():
        seed.undone(session, FINAL, "refused", "SSB avviste leveringen.")
        rejected(session, FINAL)
    shown = page(client, FINAL)
    assert "Avvist av mottakeren" in shown
    assert "Kvitteringen fra mottakeren mangler" not in shown


def test_a_receipt_by_a_person_s_word_is_told_as_such(client, engine):
    with Session(engine) as session, session.begin():
        run = seed.request(session, FINAL, SENT_AT)
        sent(session, FINAL)
        said = {"kind": "delivery", "receiver": "ssb", "reference": "R-7"}
        detail = {"sha256": MANIFEST_SHA, "oppgitt_av": "kari"}
        runs.settle_done(session, run.id, {**said, "detail": detail}, LATER)
    shown = page(client, FINAL)
    assert "Kvittering, oppgitt av et menneske" in shown
    assert "kari" not in shown


def test_two_contents_of_one_delivery_stand_apart_each_with_its_own_receipt(client, engine, first):
    with Session(engine) as session, session.begin():
        run = seed.request(session, FIRST, LATER)
        again = {"idempotency_key": run.id, "manifest_sha256": "77aa" * 16, "receipt": {}}
        sent(session, FIRST, confirmed=False, **again)
    shown = page(client, FIRST)
    one, two = shown.split("Det som ble sendt, kjøring 2")
    assert "Det som ble sendt, kjøring 1" in one
    assert SLIP_SHA in one
    assert SLIP_SHA not in two
    assert "sendt uten konvolutt" in two
    assert "Kvitteringen fra mottakeren mangler." in two


def test_no_school_and_no_line_is_on_a_card(client, operator, first, final):
    for browser in (client, operator):
        for key in (FIRST, FINAL):
            for shown in (
                page(browser, key),
                browser.get(f"/kort/{key}.json").text,
                text_of(pdf(browser, key)),
            ):
                assert SCHOOL not in shown.replace(key, "")
                assert "hadde 13 rader" not in shown
                assert "linje 17" not in shown


@pytest.mark.parametrize(
    "key",
    ["finnes-ikke", seed.import_key("46"), "ot-overforing-sokere/2026-2027/only/46", "../../etc"],
)
def test_what_is_no_delivery_has_no_card(client, key):
    for address in (f"/kort/{key}", f"/kort/{key}.pdf", f"/kort/{key}.json"):
        assert client.get(address).status_code == 404


def test_the_delivery_s_page_leads_to_its_card(client):
    assert f"/kort/{FIRST}" in client.get(f"/forekomst/{FIRST}").text
    assert "/kort/" not in client.get(f"/forekomst/{seed.import_key('46')}").text


def test_the_page_is_whole_in_each_language(client, first, final):
    assert "Receipted by the receiver" in client.get(f"/kort/{FIRST}?lang=en").text
    assert "Kvittert av mottakaren" in client.get(f"/kort/{FIRST}?lang=nn").text
