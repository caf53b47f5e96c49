"""Beside where a delivery stands: its pair, the feedback on it, its forwarding, and what a county sent."""

from datetime import timedelta

from sqlalchemy.orm import Session

from jobs.ot.controls import controls
from scheduler.engine.forwarding import note_forwarded
from scheduler.ledger.read import current_calendar
from tests.web import seed
from tests.web.cards_seeded import LATER, MANIFEST_SHA, SENT_AT, final_key, sent
from tests.web.statistics_shown import plain, row, said
from tests.web.test_cards_feedback import OF, SECRET, feedback_line

FIRST, FINAL, FORWARDING = seed.delivery_key("46"), final_key("46"), seed.forwarding_key()
NEXT, ARCHIVE = "2027-2028", f"/kort/skolear/{seed.CYCLE}"


def pass_on(engine, **sha256):
    with Session(engine) as session, session.begin():
        calendar = current_calendar(session)
        given = (seed.passed_sha256(**sha256), "R-1", None, "Kari", "Lagt på SFTP.", seed.NOW)
        note_forwarded(session, calendar, FORWARDING, *given)


def sent_by(engine, key=FIRST, **more):
    with Session(engine) as session, session.begin():
        sent(session, key, **more)


def test_a_final_delivery_leads_to_its_first_also_over_the_summer(client):
    own = row(client, "ssbElev pr. 01.10, endelig levering", "/statistikk?fylke=46")
    assert f'<a class="ds-link" href="/forekomst/{FIRST}"><time datetime="2026-10-23">' in own
    assert ", levert" in plain(own)
    everybody = row(client, "ssbElev pr. 01.10, endelig levering")
    assert f'href="/frist/stat-ssbelev-l1?skolear={seed.CYCLE}"' in everybody
    july = row(client, "ssbResultat, 1. levering")
    assert f'href="/frist/stat-ssbresultat-endelig?skolear={NEXT}"' in july
    name = "ssbResultat fra forrige skoleår, endelig levering"
    september = row(client, name, f"/statistikk?skolear={NEXT}")
    assert f'href="/frist/stat-ssbresultat-l1?skolear={seed.CYCLE}"' in september
    assert "Første levering : 15. juli 2027" in plain(september)


def test_whether_feedback_has_come_is_told_as_numbers_and_no_row(client, engine):
    names = ("Tilbakemelding fra SSB på ssbElev", "ssbElev pr. 01.10, endelig levering")
    for name in names:
        assert "Ingen tilbakemelding er tatt inn." in said(client, name)
    with Session(engine) as session, session.begin():
        outbound = sent(session, FIRST, speaks_for=OF)
        session.flush()
        for line, mended in ((1, None), (2, 1), (3, 1)):
            at = mended and LATER
            feedback_line(session, outbound, line, mended_by=mended, mended_at=at)
    for name in names:
        assert "Tilbakemelding tatt inn for ett av 15 fylker" in said(client, name)
        own = row(client, name, "/statistikk?fylke=46")
        assert "Tilbakemelding tatt inn : åpne: 1, rettet: 2, begrunnet: 0" in plain(own)
        assert f'href="/forekomst/{FIRST}#tilbakemeldinger"' in own
        assert "Ingen tilbakemelding er tatt inn." in said(client, name, "/statistikk?fylke=34")
    assert "Tilbakemelding" not in said(client, "ssbElev pr. 01.10, 1. levering")
    assert SECRET not in client.get("/statistikk?fylke=46").text


def test_feedback_on_the_first_counts_once_though_the_final_speaks_of_the_same(client, engine):
    with Session(engine) as session, session.begin():
        outbound = sent(session, FIRST, speaks_for=OF)
        session.flush()
        feedback_line(session, outbound, 1)
        seed.request(session, FINAL)
        sent(session, FINAL, stage="END", confirmed=False, speaks_for=OF)
    name = "ssbElev pr. 01.10, endelig levering"
    assert "åpne: 1, rettet: 0" in said(client, name, "/statistikk?fylke=46")


def test_a_forwarding_is_unconfirmed_until_somebody_has_signed(client, engine):
    name = "IST videresender filene til Udir, 26. oktober"
    assert "Ingen har bekreftet at filene er videresendt." in said(client, name)
    pass_on(engine)
    shown = said(client, name)
    assert "Bekreftet videresendt 27.10.2026 kl. 12.30: 10 av 15 fylker var med" in shown
    assert "Kari" not in client.get("/statistikk").text
    last = said(client, "IST videresender filene til Udir, 9. november")
    assert "Ingen har bekreftet" in last
    assert f'href="/forekomst/{FORWARDING}"' in row(client, name)


def test_a_county_sees_whether_what_it_sent_was_passed_on(client, engine):
    name = "IST videresender filene til Udir, 26. oktober"
    sent_by(engine)
    contents = {seed.delivery_key(c): "" for c in (*seed.IN_TIME, "18")} | {FIRST: MANIFEST_SHA}
    pass_on(engine, contents=contents)
    own, lacking = "/statistikk?fylke=46", "/statistikk?fylke=34"
    assert "dette innholdet var med" in said(client, name, own)
    assert "denne leveringen er ikke kvittert ennå" in said(client, name, lacking)
    more = {"idempotency_key": "2", "manifest_sha256": "9" * 64}
    sent_by(engine, confirmed=False, **more)
    assert "dette innholdet var med" in said(client, name, own)
    received = {**more, "idempotency_key": "3", "received_at": SENT_AT + timedelta(days=4)}
    sent_by(engine, **received)
    assert "det nyeste er ikke bekreftet videresendt" in said(client, name, own)


def test_a_county_sees_its_own_state_rows_and_controls_with_the_way_to_page_and_card(
    client, engine
):
    sent_by(engine)
    own = row(client, "ssbElev pr. 01.10, 1. levering", "/statistikk?fylke=46")
    assert f'<a class="ds-link" href="/forekomst/{FIRST}">ssbElev' in own
    assert f'href="/kort/{FIRST}"' in own
    shown = plain(own)
    assert "Levert ssbElev: 812 rader ssbElevFag: 6 011 rader Feil: 0, advarsler: 3" in shown
    other = row(client, "ssbElev pr. 01.10, 1. levering", "/statistikk?fylke=34")
    assert "Stoppet, forsinket" in plain(other)
    assert "812" not in other
    assert "/kort/" not in other
    assert FIRST not in client.get("/statistikk?fylke=34").text


def test_a_number_of_young_people_that_is_small_is_not_shown(client, engine):
    key = f"ot-data-1115/{seed.CYCLE}/only/46"
    rule = next(control.id for control in controls() if control.alvor.value == "WARN")
    file = {"name": "OT_46.csv", "kind": "OT-data", "sha256": "1" * 64, "bytes": 9, "rows": 40}
    kept = {"oppsett": {"versjon": "1"}, "filer": [file], "kontroller": {rule: 2}}
    with Session(engine) as session, session.begin():
        seed.request(session, key)
        sent(session, key, manifest=kept, receiver="udir")
    shown = said(client, "OT-data pr. 15.11", "/statistikk?fylke=46")
    assert "OT-data: 40 rader Feil: 0, advarsler: få" in shown


def test_the_archive_is_for_those_who_may_have_it(client, operator, county_contact):
    assert f'href="{ARCHIVE}/46.zip"' in county_contact.get("/statistikk?fylke=46").text
    assert f'href="{ARCHIVE}.zip"' in operator.get("/statistikk").text
    for browser, address in (
        (client, "/statistikk?fylke=46"),
        (county_contact, "/statistikk?fylke=34"),
        (county_contact, "/statistikk"),
    ):
        assert "/kort/skolear" not in browser.get(address).text
