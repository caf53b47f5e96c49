"""Pauses through the API: read by all, begun and ended with a national key, each on record."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.ledger.tables import DecisionRow
from tests.web import seed
from tests.web.api.asking import V1, bearer, new_key, read, refused

WISH = {"deliverable": seed.DELIVERY, "county": "34", "until": "2026-12-03", "reason": "Flytter"}


@pytest.fixture
def national(engine):
    return bearer(new_key(engine, "national"))


def test_a_pause_is_begun_read_and_ended(client, engine, national):
    begun = client.post(f"{V1}/pauses", json=WISH, headers=national)
    assert begun.status_code == 201
    assert begun.json["holds"] is True
    assert client.get(f"{V1}/pauses", headers=national).json["items"] == [begun.json]
    assert begun.json["actor"] == "nøkkel national"
    (shown,) = read(client, "/pauses")["items"]
    assert shown["actor"] == "den nasjonale nøkkelen"
    assert "(den nasjonale nøkkelen, 27. oktober 2026)" in shown["sentence"]
    status = read(client, f"/occurrences/{seed.delivery_key('34')}")["occurrence"]
    assert status["status_text"] == "Stoppet, forsinket, på pause til 3. desember: Flytter"
    assert (status["status"], status["late"]) == ("refused", True)
    end = f"{V1}/pauses/{begun.json['number']}/end"
    ended = client.post(end, json={"reason": "Ferdig"}, headers=national)
    assert (ended.status_code, ended.json["end_reason"]) == (200, "Ferdig")
    assert read(client, "/pauses")["items"] == []
    assert "alt avsluttet" in refused(
        client.post(end, json={"reason": "Ferdig"}, headers=national), 409
    )
    with Session(engine) as session:
        rows = session.scalars(select(DecisionRow).order_by(DecisionRow.id.desc()).limit(2)).all()
    assert [(row.action, row.actor) for row in rows] == [
        ("resume", "nøkkel national"),
        ("pause", "nøkkel national"),
    ]


def test_a_countys_key_neither_begins_nor_ends_a_pause(client, engine, national):
    number = client.post(f"{V1}/pauses", json=WISH, headers=national).json["number"]
    county = bearer(new_key(engine, "34"))
    for address in ("/pauses", f"/pauses/{number}/end"):
        body = WISH if address == "/pauses" else {"reason": "x"}
        assert "34" in refused(client.post(f"{V1}{address}", json=body, headers=county), 403)
    assert len(read(client, "/pauses")["items"]) == 1


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"deliverable": "tull"}, 409),
        ({"county": "45"}, 409),
        ({"until": "2026-10-27"}, 409),
        ({"until": "03.12.2026"}, 422),
        ({"reason": " "}, 422),
        ({"hvorfor": "x"}, 422),
    ],
)
def test_what_cannot_be_paused_is_said(client, national, changes, status):
    refused(client.post(f"{V1}/pauses", json={**WISH, **changes}, headers=national), status)
    assert read(client, "/pauses")["items"] == []


def test_a_pause_that_is_not_there_is_not_found(client, national):
    answer = client.post(f"{V1}/pauses/99/end", json={"reason": "x"}, headers=national)
    assert "Fant ingen pause 99" in refused(answer, 404)
