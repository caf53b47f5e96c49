"""Forwarding on the site: what goes on, delivery by delivery, the form for the word, and the card after it."""

from datetime import UTC, datetime

import pytest
from sqlalchemy.orm import Session

from scheduler.ledger.tables import OccurrenceRow
from tests.web import seed
from tests.web.api.asking import V1, bearer, new_key
from tests.web.cards_seeded import LATER, MANIFEST_SHA, sent
from tests.web.pdf_text import text_of
from tests.web.test_cards import FIRST, page, pdf

FORWARDING = seed.forwarding_key()
SENT_ON = "2026-10-26T08:30"


@pytest.fixture
def received(engine):
    """What one county sent is on record; returns the hash of what there is to pass on."""
    with Session(engine) as session, session.begin():
        sent(session, FIRST, confirmed=True)
    return seed.passed_sha256(
        {seed.delivery_key(c): MANIFEST_SHA if c == "46" else "" for c in (*seed.IN_TIME, "18")}
    )


def post(operator, **fields):
    given = {"gjerning": "forwarded", "grunn": "Lagt hos Udir", "tidspunkt": SENT_ON, **fields}
    return operator.post(f"/drift/frist/{FORWARDING}", data=given)


def outcome(engine):
    with Session(engine) as session:
        return session.get_one(OccurrenceRow, FORWARDING).outcome


def test_the_page_says_what_is_not_signed_for_and_after_the_word_who_when_and_what(
    client, engine, operator, received
):
    before = client.get(f"/forekomst/{FORWARDING}").text
    assert "Ingen har bekreftet at filene er videresendt." in before
    assert before.count("Ikke bekreftet videresendt") == 10
    assert before.count("Ikke kvittert av mottakeren ennå") == 4
    form = operator.get(f"/drift/frist/{FORWARDING}").text
    assert f'value="{received}"' in form
    assert post(operator, sha256=received, referanse="U-9").status_code == 303
    own, open_page = (
        operator.get(f"/forekomst/{FORWARDING}").text,
        client.get(f"/forekomst/{FORWARDING}").text,
    )
    for shown in (own, open_page):
        assert "26.10.2026 kl. 08.30" in shown
        assert "U-9" in shown
        assert received in shown
        assert shown.count(">Videresendt<") == 10
    assert "av Driftsvakta. Lagt hos Udir" in own
    assert "av driftsvakt. Lagt hos Udir" in open_page
    assert "Driftsvakta" not in open_page


def test_the_card_of_each_delivery_says_whether_it_was_among_it(client, engine, operator, received):
    assert "ingen har bekreftet den" in page(client, FIRST)
    post(operator, sha256=received, referanse="U-9")
    shown, told = page(client, FIRST), client.get(f"/kort/{FIRST}.json").json["forwardings"][0]
    for text in (shown, text_of(pdf(client, FIRST))):
        assert "dette innholdet var med" in text
        assert "bekreftet 27.10.2026" in text
        assert "Driftsvakta" not in text
    assert told["passed"]["manifest_sha256"] == MANIFEST_SHA
    assert told["passed"]["sha256"] == received
    assert told["passed"]["passed_at"] == "2026-10-26T08:30:00+01:00"
    assert "denne leveringen var ikke med" in page(client, seed.delivery_key("34"))
    with Session(engine) as session, session.begin():
        anew = {"idempotency_key": f"{FIRST}#2", "manifest_sha256": "7" * 64, "received_at": LATER}
        sent(session, FIRST, **anew)
    assert "det nyeste er ikke bekreftet videresendt" in page(client, FIRST)
    assert "Sendt på nytt siden" in client.get(f"/forekomst/{FORWARDING}").text


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"tidspunkt": "i går"}, "er ikke et tidspunkt"),
        ({"tidspunkt": "2026-10-28T08:30"}, "er ikke kommet ennå"),
        ({"sha256": "0" * 64}, "Se over det"),
    ],
)
def test_a_word_that_cannot_stand_is_refused_on_the_page(engine, operator, received, fields, said):
    answer = post(operator, **{"sha256": received, **fields})
    assert answer.status_code == 422
    assert said in answer.text
    assert outcome(engine) is None


def test_the_same_word_from_the_api_with_its_time(client, engine, received):
    body = {"deed": "forwarded", "reason": "Lagt hos Udir", "sha256": received}
    body["passed_at"] = "2026-10-26T08:30:00+01:00"
    key = bearer(new_key(engine, "national", "Driftsvakta"))
    done = client.post(f"{V1}/occurrences/{FORWARDING}/deeds", json=body, headers=key)
    assert done.status_code == 200, done.text
    with Session(engine) as session:
        row = session.get_one(OccurrenceRow, FORWARDING)
        at = datetime(2026, 10, 26, 7, 30, tzinfo=UTC)
        assert (row.outcome, row.outcome_at) == ("done", at)
