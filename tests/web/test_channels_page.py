"""The page of the channels: what went to each receiver and is not answered, and receipts to settle."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from jobs.register.tables import Outbound
from scheduler.access.roles import Role
from scheduler.ledger import slips
from scheduler.ledger.slips import SlipRow, SlipState
from scheduler.ledger.tables import DecisionRow
from tests.web import seed
from tests.web.people import signed_in
from web import create_app

PAGE = "/drift/kanaler"
HOUR = timedelta(hours=1)
FAULT = "ssb: vertsnøkkelen er en annen enn den som er oppgitt."
SAID = "Kvitteringen mangler summen av filene."


def sent(session, county, answered_at):
    session.add(
        Outbound(
            idempotency_key=f"{county}",
            occurrence_key=seed.delivery_key(county),
            run_id=f"{seed.delivery_key(county)}/1",
            receiver="ssb",
            manifest_sha256="0" * 64,
            intended_at=seed.NOW - HOUR,
            received_at=answered_at,
        )
    )


@pytest.fixture
def told(engine):
    """Two deliveries to SSB, one answered, a receipt that is not whole, and a server that is shut."""
    with Session(engine) as session, session.begin():
        sent(session, "46", seed.NOW)
        sent(session, "34", None)
        slips.note_asked(session, "ssb", FAULT, seed.NOW)
        session.add(
            SlipRow(
                receiver="ssb",
                name="svar.json",
                sha256="1" * 64,
                content="{}",
                state=SlipState.FAULTY,
                said=SAID,
                occurrence_key=seed.delivery_key("34"),
                read_at=seed.NOW,
            )
        )


def row_of(page, receiver):
    (row,) = (row for row in re.findall(r"<tr>.*?</tr>", page, re.DOTALL) if receiver in row)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", row))


@pytest.mark.usefixtures("told")
def test_each_receiver_is_shown_with_its_way_and_what_it_has_not_answered(operator):
    page = operator.get(PAGE).text
    row = row_of(page, "Statistisk sentralbyrå")
    assert "Utboksen, uforseglet" in row
    assert re.search(r" 2 +1 ", row)
    assert FAULT in row


@pytest.mark.usefixtures("told")
def test_a_receipt_is_settled_with_a_reason_and_then_waits_no_longer(operator, engine):
    assert SAID in operator.get(PAGE).text
    with Session(engine) as session:
        (slip,) = slips.open_slips(session)
    address = f"/drift/kvitteringer/{slip.id}"
    assert operator.post(address, data={"grunn": " "}).status_code == 422
    assert SAID in operator.get(PAGE).text
    assert operator.post(address, data={"grunn": "Ringte SSB"}).status_code == 303
    assert SAID not in operator.get(PAGE).text
    again = operator.post(address, data={"grunn": "Ringte SSB"})
    assert (again.status_code, "venter ikke på noen" in again.text) == (422, True)
    with Session(engine) as session:
        said = select(DecisionRow.actor, DecisionRow.reason).where(DecisionRow.action == "slip")
        assert session.execute(said).all() == [("Driftsvakta", "Ringte SSB")]


@pytest.mark.usefixtures("told")
def test_the_inbox_leads_to_the_page(operator):
    assert f'href="{PAGE}"' in operator.get("/drift").text
    assert FAULT in operator.get("/drift").text


def test_nothing_sent_and_nothing_to_settle_is_said(operator):
    page = operator.get(PAGE).text
    assert "Alle kvitteringer som er lest, er hele" in page
    assert re.search(r" 0 +0 +– +–", row_of(page, "Statistisk sentralbyrå"))


def test_a_file_of_channels_that_is_wrong_is_told(config, engine, tmp_path):
    path = tmp_path / "kanaler.yaml"
    path.write_text("ssb: {channel: brevdue}\n", encoding="utf-8")
    app = create_app(config.model_copy(update={"channels": path}), clock=lambda: seed.NOW)

    page = signed_in(app.test_client(), engine, Role.OPERATOR).get(PAGE).text
    assert "kanaler.yaml, linje 1" in page
    assert "Utboksen" not in page


def test_strangers_and_counties_are_shown_no_ways(client, county_contact):
    assert client.get(PAGE).status_code == 303
    assert county_contact.get(PAGE).status_code == 403
    assert PAGE not in client.get("/drift").text
