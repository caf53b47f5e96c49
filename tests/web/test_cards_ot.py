"""The delivery of OT data has a card like the statistics, from its real manifest, with no person and no small number."""

import zipfile
from datetime import date
from io import BytesIO

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from jobs.ot.figures import SMALLEST_SHOWN
from jobs.register.people import Person
from jobs.register.tables import Outbound
from scheduler.ledger import runs
from tests.jobs.ot.test_delivery import deliver
from tests.jobs.ot.test_figures import event
from tests.jobs.ot.transfers import BROKE_OFF, adding, prepared, transfer
from tests.web import seed
from tests.web.pdf_text import text_of
from tests.web.test_cards import page, pdf

KEY = f"ot-data-1115/{seed.CYCLE}/only/46"
FEW = 2


@pytest.fixture
def sent(engine, tmp_path):
    """OT data of a county, really written and received: some unknown, few with a status that is wrong."""
    prepared(engine)
    people = [adding(engine, kurs=BROKE_OFF) for _ in range(SMALLEST_SHOWN + FEW)]
    transfer(engine, tmp_path)
    for person in people[:FEW]:
        event(engine, person, date(2026, 11, 14), otstatus="OTEV")
    with Session(engine) as session, session.begin():
        seed.request(session, KEY)
    receipt = deliver(engine, tmp_path)["receipt"]
    with Session(engine) as session, session.begin():
        runs.settle_done(session, f"{KEY}#1", receipt, seed.NOW)
        outbound = session.scalars(select(Outbound).where(Outbound.occurrence_key == KEY)).one()
        numbers = session.scalars(select(Person.fodselsnummer).where(Person.id.in_(people))).all()
        return outbound.manifest_sha256, list(numbers)


def test_the_card_shows_file_hash_controls_and_receipt_and_nobody(client, sent):
    sha256, numbers = sent
    told = client.get(f"/kort/{KEY}.json").json
    (sending,) = told["sendings"]
    assert (told["standing"], sending["manifest_sha256"]) == ("confirmed", sha256)
    assert [(f["name"], f["rows"], f["layout"]) for f in sending["files"]] == [
        ("OT_46_20261115.csv", SMALLEST_SHOWN + FEW, "1")
    ]
    assert sending["lacks"] == []
    assert [receipt["kind"] for receipt in sending["receipts"]] == ["delivery"]
    for text in (
        page(client, KEY),
        text_of(pdf(client, KEY)),
        client.get(f"/kort/{KEY}.json").text,
    ):
        assert "OT_46_20261115.csv" in text.replace("\u200b", "")
        assert not [number for number in numbers if number in text]
    assert f'href="/kort/{KEY}"' in client.get(f"/forekomst/{KEY}").text


def test_a_number_of_rows_that_is_small_is_not_shown(client, sent):
    (sending,) = client.get(f"/kort/{KEY}.json").json["sendings"]
    broken = {each["rule"]: each["count"] for each in sending["controls"]}
    assert broken == {"CR-OT-03": SMALLEST_SHOWN, "CR-OT-04": None}
    assert sending["counts"] == {"ERROR": 0, "WARN": None, "INFO": SMALLEST_SHOWN}
    assert f"feil: 0, advarsler: få, opplysninger: {SMALLEST_SHOWN}" in page(client, KEY)


def test_it_is_among_the_years_cards(operator, sent):
    answer = operator.get(f"/kort/skolear/{seed.CYCLE}/46.zip")
    with zipfile.ZipFile(BytesIO(answer.data)) as archive:
        assert f"46/ot-data-1115_{seed.CYCLE}_only_46.pdf" in archive.namelist()
        index = archive.read("innhold.csv").decode("utf-8-sig")
    (row,) = [line for line in index.splitlines() if line.startswith(KEY)]
    assert sent[0] in row


def test_a_transfer_is_no_delivery_and_has_no_card(client):
    assert client.get("/kort/ot-overforing-sokere/2026-2027/only/46").status_code == 404
