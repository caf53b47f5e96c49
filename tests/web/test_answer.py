"""Answering a reminder: reading changes nothing, a role answers for itself, and it stops the ladder."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.ledger.tables import OccurrenceRow
from scheduler.notify.tables import ContactRow, MessageRow, SilenceRow
from tests.web.seed import CYCLE, NOW

AHEAD = f"skole-off-termin1-feb/{CYCLE}/only/46"
LATE = f"skole-off-telling-okt/{CYCLE}/only/56"
BY = "Skolekontoret"


def contact_in(engine, scope, role="fylke-skole"):
    with Session(engine, expire_on_commit=False) as session, session.begin():
        row = ContactRow(
            scope=scope, role=role, address=f"{role}@fylke{scope}.example", created_at=NOW
        )
        session.add(row)
        session.flush()
        return row


@pytest.fixture
def token(engine):
    return contact_in(engine, "46").token


def silences(engine):
    with Session(engine) as session:
        return [(row.kind, row.actor) for row in session.scalars(select(SilenceRow))]


def outcome(engine, key):
    with Session(engine) as session:
        return session.get_one(OccurrenceRow, key).outcome


def post(client, token, key, **said):
    return client.post(f"/svar/{token}/{key}", data={"hvem": BY, **said})


def test_reading_changes_nothing_and_shows_both_days(client, engine, token):
    for ask in (client.get, client.head):
        assert ask(f"/svar/{token}/{AHEAD}").status_code == 200
    page = client.get(f"/svar/{token}/{AHEAD}")
    assert "15.02.2027" in page.text
    assert "I kalenderen" in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert silences(engine) == []


def test_on_it_is_noted_with_who_said_so(client, engine, token):
    assert post(client, token, AHEAD, svar="i-gang").status_code == 303
    assert silences(engine) == [("acknowledge", BY)]
    assert f"Vi er i gang, {BY}" in client.get(f"/svar/{token}/{AHEAD}").text


def test_reminders_are_put_off_to_a_day_before_the_deadline(client, engine, token):
    assert post(client, token, AHEAD, svar="utsett", dag="2027-01-20").status_code == 303
    assert "Utsatt til 20. januar 2027" in client.get(f"/svar/{token}/{AHEAD}").text
    for day in ("", "i morgen", "2027-03-01", "2026-01-01"):
        refused = post(client, token, AHEAD, svar="utsett", dag=day)
        assert refused.status_code == 422
        assert "--" not in refused.text.partition("validation-message")[2].partition("</p>")[0]
    assert silences(engine) == [("snooze", BY)]


def test_nothing_to_report_settles_it_with_one_receipt(client, engine):
    token = contact_in(engine, "56").token
    assert post(client, token, LATE, svar="ingenting", grunn=" ").status_code == 422
    assert outcome(engine, LATE) is None
    assert post(client, token, LATE, svar="ingenting", grunn="Ingen elever.").status_code == 303
    assert outcome(engine, LATE) == "nothing"
    assert "avsluttet" in client.get(f"/svar/{token}/{LATE}").text
    again = post(client, token, LATE, svar="ingenting", grunn="Ingen elever.")
    assert again.status_code == 422
    with Session(engine) as session:
        kinds = session.scalars(select(MessageRow.kind)).all()
    assert kinds == ["receipt"]


def test_what_is_late_offers_no_silence(client, engine):
    page = client.get(f"/svar/{contact_in(engine, '56').token}/{LATE}").text
    assert "Ingenting å rapportere" in page
    assert "Utsett" not in page


@pytest.mark.parametrize("said", [{}, {"svar": "slett"}, {"svar": "i-gang", "hvem": " "}])
def test_a_form_that_says_nothing_changes_nothing(client, engine, token, said):
    assert post(client, token, AHEAD, **said).status_code == 422
    assert silences(engine) == []


@pytest.mark.parametrize("key", [AHEAD.replace("/46", "/42"), "tull", f"tull/{CYCLE}/only/46"])
def test_a_token_answers_for_its_own_deadlines_only(client, engine, token, key):
    assert client.get(f"/svar/{token}/{key}").status_code == 404
    assert post(client, token, key, svar="i-gang").status_code == 404
    assert silences(engine) == []


def test_another_role_in_the_same_county_may_not_answer(client, engine):
    other = contact_in(engine, "46", "fylke-ot").token
    assert post(client, other, AHEAD, svar="i-gang").status_code == 404


@pytest.mark.parametrize("wrong", ["x", "u" * 32, "%00" * 10])
def test_a_wrong_token_tells_nothing(client, engine, wrong):
    for answer in (client.get(f"/svar/{wrong}/{AHEAD}"), post(client, wrong, AHEAD)):
        assert answer.status_code in {404, 422}
        assert "Elevdata" not in answer.text


def test_another_site_cannot_post_the_form(client, engine, token):
    answer = client.post(
        f"/svar/{token}/{AHEAD}",
        data={"hvem": BY, "svar": "i-gang"},
        headers={"Sec-Fetch-Site": "cross-site"},
    )
    assert answer.status_code == 403
    assert silences(engine) == []
