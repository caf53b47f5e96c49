"""Reminders through the API: what is coming, and a county's word that stops or puts off some."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.ledger.read import current_calendar
from scheduler.notify.preview import coming
from scheduler.notify.tables import ContactRow, SilenceRow
from tests.web import seed
from tests.web.api.asking import V1, bearer, new_key, read, refused

ADDRESS = "rapportering@fylke46.example"


@pytest.fixture
def ahead(client) -> dict[str, str]:
    """A deadline of county 46 that lies ahead, with a role that has it."""
    listed = read(client, "/occurrences", fylke="46", limit=500, **{"from": "2026-12-01"})
    found = next(item for item in listed["items"] if item["scope"] == "46")
    return {"key": found["key"], "role": found["audience"][0], "due": found["due"]}


@pytest.fixture
def key46(engine) -> dict[str, str]:
    return bearer(new_key(engine, "46"))


def say(client, ahead, headers, **body):
    address = f"{V1}/occurrences/{ahead['key']}/silence"
    return client.post(address, json={"role": ahead["role"], **body}, headers=headers)


def test_a_county_is_on_the_matter_or_wants_peace_until_a_day(client, engine, ahead, key46):
    assert say(client, ahead, key46).json["kind"] == "acknowledge"
    snoozed = say(client, ahead, key46, until="2026-11-20").json
    assert (snoozed["kind"], snoozed["until"]) == ("snooze", "2026-11-20")
    with Session(engine) as session:
        rows = session.scalars(select(SilenceRow).order_by(SilenceRow.id)).all()
    assert [(row.kind, row.actor) for row in rows] == [
        ("acknowledge", "nøkkel 46"),
        ("snooze", "nøkkel 46"),
    ]


def test_no_peace_past_the_deadline_nor_for_a_role_that_has_it_not(client, engine, ahead, key46):
    assert "kan ikke utsettes forbi" in refused(say(client, ahead, key46, until="2027-07-31"), 409)
    assert "ikke fram i tid" in refused(say(client, ahead, key46, until="2026-01-01"), 409)
    assert "har ikke fristen" in refused(say(client, ahead, key46, role="finnes-ikke"), 409)
    assert "er ikke en dato" in refused(say(client, ahead, key46, until="snart"), 422)
    other = bearer(new_key(engine, "03"))
    assert "fylke 03" in refused(say(client, ahead, other), 403)
    with Session(engine) as session:
        assert session.scalars(select(SilenceRow)).all() == []


def test_the_preview_is_what_will_be_decided_with_addresses_only_for_the_county(
    client, engine, ahead, key46
):
    with Session(engine) as session, session.begin():
        session.add(
            ContactRow(scope="46", role=ahead["role"], address=ADDRESS, created_at=seed.NOW)
        )
    with Session(engine) as session:
        expected = coming(session, current_calendar(session), seed.NOW, 14)
    everything = read(client, "/reminders/preview", days=14)["items"]
    assert len(everything) == len(expected)
    assert [item["why"] for item in everything] == [item.why for item in expected]
    mine = client.get(f"{V1}/reminders/preview?days=14&fylke=46", headers=key46)
    assert {item["scope"] for item in mine.json["items"]} <= {"46", "national"}
    assert ADDRESS in mine.text
    assert ADDRESS not in client.get(f"{V1}/reminders/preview?days=14").text
