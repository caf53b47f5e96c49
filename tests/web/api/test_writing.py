"""Writing through the API: with a key that covers it, and never for another county."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.access.tables import FeedTokenRow
from scheduler.ledger.occurrence_view import occurrence_view
from scheduler.ledger.read import current_calendar
from scheduler.ledger.tables import DecisionRow
from scheduler.notify.tables import ContactRow, MessageRow, NoticeRow
from tests.web import seed
from tests.web.api.asking import V1, bearer, new_key, read, refused

ROLE = "fylke-inntak"
ADDRESS = "inntak@fylke46.example"
OPEN = seed.import_key("56")
NOTHING = f"{V1}/occurrences/{OPEN}/nothing-to-report"
REASON = {"reason": "Ingen elever i år."}


@pytest.fixture
def keys(engine) -> dict[str, dict[str, str]]:
    """The headers of a key for two counties and for the country."""
    return {scope: bearer(new_key(engine, scope)) for scope in ("46", "56", "national")}


@pytest.fixture
def noticed(engine) -> str:
    """The address where a notice to county 46 is acknowledged."""
    with Session(engine) as session, session.begin():
        session.add(
            NoticeRow(
                id=f"endring/1/46/{ROLE}",
                version=1,
                scope="46",
                role=ROLE,
                keys=[seed.import_key("46")],
                token="t" * 43,
                created_at=seed.NOW,
            )
        )
    return f"{V1}/notices/1/46/{ROLE}/acknowledgement"


def test_a_county_says_that_there_is_nothing_to_report(client, engine, keys):
    response = client.post(NOTHING, json=REASON, headers=keys["56"])
    assert (response.status_code, response.json["outcome"]) == (200, "nothing")
    with Session(engine) as session:
        view = occurrence_view(session, current_calendar(session), OPEN, seed.NOW)
    assert view.item.outcome == "nothing"
    decision = view.decisions[-1]
    assert (decision.actor, decision.reason) == ("nøkkel 56", "Ingen elever i år.")


def test_what_is_settled_is_not_settled_again(client, keys):
    assert client.post(NOTHING, json=REASON, headers=keys["national"]).status_code == 200
    sentence = refused(client.post(NOTHING, json=REASON, headers=keys["national"]), 409)
    assert "er alt avsluttet" in sentence


def test_a_county_never_answers_for_another_nor_for_the_country(client, engine, keys, noticed):
    national = f"{V1}/occurrences/{seed.PRIVATE_IMPORT}/nothing-to-report"
    attempts = [
        (NOTHING, REASON, "46"),
        (national, REASON, "46"),
        (noticed, None, "56"),
        (f"{V1}/feed-tokens", {"name": "Oslo", "fylke": ["03"]}, "46"),
        (f"{V1}/feed-tokens", {"name": "Alle"}, "46"),
        (f"{V1}/feed-tokens", {"name": "To", "fylke": ["46", "03"]}, "46"),
    ]
    with Session(engine) as session:
        before = len(session.scalars(select(DecisionRow)).all())
    for address, body, scope in attempts:
        sentence = refused(client.post(address, json=body, headers=keys[scope]), 403)
        assert scope in sentence
    with Session(engine) as session:
        assert len(session.scalars(select(DecisionRow)).all()) == before
        assert session.scalars(select(FeedTokenRow)).all() == []
        assert session.scalars(select(NoticeRow)).one().acknowledged_at is None


@pytest.mark.parametrize(
    ("address", "body"), [("nothing-to-report", REASON), ("silence", {"role": ROLE})]
)
def test_an_unknown_occurrence_is_not_found(client, keys, address, body):
    unknown = f"{V1}/occurrences/finnes-ikke/2026-2027/only/46/{address}"
    assert "Fant ingen frist" in refused(client.post(unknown, json=body, headers=keys["46"]), 404)


@pytest.mark.parametrize("reason", ["", "   ", "a\nb", "a\u0000b", "x" * 501, None, 7, ["a"]])
def test_a_reason_is_one_line_of_text(client, keys, reason):
    response = client.post(NOTHING, json={"reason": reason}, headers=keys["56"])
    assert refused(response, 422).startswith("reason: ")


def test_a_notice_is_acknowledged_once_and_the_first_word_stands(client, keys, noticed):
    first = client.post(noticed, headers=keys["46"])
    assert first.json["acknowledged_by"] == "nøkkel 46"
    again = client.post(noticed, headers=keys["national"])
    assert again.json == first.json
    for header, shown in ((keys["46"], "nøkkel 46"), ({}, "fylket"), (keys["56"], "fylket")):
        (notice, *_) = client.get(f"{V1}/notices", headers=header).json["items"]
        assert notice["acknowledged_by"] == shown
    missing = noticed.replace("/1/", "/2/")
    assert "Fant ikke varselet." in refused(client.post(missing, headers=keys["46"]), 404)


@pytest.fixture
def sent(engine) -> None:
    """Three messages to a county and one to another, the last of them failed."""
    with Session(engine) as session, session.begin():
        for number, scope in enumerate(("46", "46", "46", "03")):
            contact = ContactRow(
                scope=scope, role=ROLE, level=number + 1, address=ADDRESS, created_at=seed.NOW
            )
            session.add(contact)
            session.flush()
            at = seed.NOW + timedelta(minutes=number // 2)
            session.add(
                MessageRow(
                    id=f"purring/{number}",
                    kind="reminder",
                    contact_id=contact.id,
                    scope=scope,
                    role=ROLE,
                    channel="email",
                    address=ADDRESS,
                    subject="Frist om tre dager",
                    text="hemmelig lenke",
                    html="hemmelig lenke",
                    created_at=at,
                    next_try_at=at,
                    state="failed" if number == 3 else "sent",
                    fault=f"{ADDRESS} finnes ikke" if number == 3 else "",
                )
            )


@pytest.mark.usefixtures("sent")
def test_a_message_shows_its_address_only_to_a_key_that_covers_it(client, keys):
    open_to_all = client.get(f"{V1}/messages")
    assert ADDRESS not in open_to_all.text
    assert "i***@fylke46.example" in open_to_all.text
    for_county = client.get(f"{V1}/messages", headers=keys["46"]).json["items"]
    shown = {(m["scope"], m["address"] == ADDRESS, bool(m["fault"])) for m in for_county}
    assert shown == {("46", True, False), ("03", False, False)}
    for_all = client.get(f"{V1}/messages", headers=keys["national"])
    assert "finnes ikke" in for_all.text
    assert "hemmelig lenke" not in for_all.text


@pytest.mark.usefixtures("sent")
def test_messages_come_newest_first_and_in_pages(client):
    found, cursor = [], ""
    while cursor is not None:
        part = read(client, "/messages", limit=1, cursor=cursor)
        found, cursor = found + part["items"], part["next"]
    assert [m["id"] for m in found] == ["purring/3", "purring/2", "purring/1", "purring/0"]
    assert {m["scope"] for m in read(client, "/messages", fylke="46")["items"]} == {"46"}
    assert [m["id"] for m in read(client, "/messages", state="failed")["items"]] == ["purring/3"]
    assert read(client, "/messages", kind="notice")["items"] == []


def test_a_county_makes_lists_and_takes_back_its_own_feed_address(client, engine, keys):
    wish = {"name": "Inntakskontoret", "fylke": ["46"], "omrade": ["ot"]}
    made = client.post(f"{V1}/feed-tokens", json=wish, headers=keys["46"])
    assert made.status_code == 201
    assert made.json["events"].endswith("/arshjul.ics")
    listed = client.get(f"{V1}/feed-tokens", headers=keys["46"])
    [address] = listed.json["items"]
    assert address["selection"] == {"fylke": ["46"], "omrade": ["ot"], "rolle": [], "frist": []}
    token = made.json["events"].split("/")[-2]
    assert token not in listed.text
    assert client.get(f"{V1}/feed-tokens", headers=keys["56"]).json["items"] == []
    assert "allerede" in refused(
        client.post(f"{V1}/feed-tokens", json=wish, headers=keys["46"]), 409
    )
    one = f"{V1}/feed-tokens/{address['id']}"
    assert refused(client.delete(one, headers=keys["56"]), 403)
    assert client.delete(one, headers=keys["46"]).status_code == 204
    assert "alt trukket tilbake" in refused(client.delete(one, headers=keys["46"]), 409)
    assert refused(client.delete(f"{V1}/feed-tokens/{'0' * 64}", headers=keys["46"]), 404)
    with Session(engine) as session:
        assert session.scalars(select(FeedTokenRow)).one().revoked_by == "nøkkel 46"


def test_feed_addresses_are_listed_only_for_those_with_a_key(client):
    refused(client.get(f"{V1}/feed-tokens"), 401)


def test_a_feed_address_of_an_unknown_area_is_refused(client, keys):
    wish = {"name": "x", "fylke": ["46"], "omrade": ["otx"]}
    response = client.post(f"{V1}/feed-tokens", json=wish, headers=keys["46"])
    assert "Mente du «ot»?" in refused(response, 422)
