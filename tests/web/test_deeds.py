"""Deeds from the site, signed in, and the API, with a national key: for a reason, each one row in the log."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.ledger import runs
from scheduler.ledger.pausing import begin
from scheduler.ledger.read import current_calendar
from scheduler.ledger.tables import DecisionRow, OccurrenceRow, RunRow
from tests.web import seed
from tests.web.api.asking import V1, bearer, new_key, refused

FAILED, RUNNING = seed.delivery_key("39"), seed.delivery_key("42")
REFUSED, WAIVED = seed.delivery_key("34"), seed.delivery_key("55")
LATE = seed.import_key("56")
WAITING = seed.delivery_key("56")
HELD = seed.import_key("46")
SHA256 = "1" * 64
# Deed, what it is done to, what else the form says.
DEEDS = [
    ("run", REFUSED, {}),
    ("force", WAITING, {}),
    ("approve", HELD, {"sha256": SHA256}),
    ("retry", FAILED, {"step": "send"}),
    ("cancel", RUNNING, {}),
    ("waive", LATE, {}),
    ("unwaive", WAIVED, {}),
    ("received", FAILED, {"sha256": SHA256, "reference": "SSB-77"}),
    ("resend", FAILED, {"sha256": SHA256}),
    ("forwarded", seed.forwarding_key(), {"sha256": seed.passed_sha256(), "reference": "U-1"}),
]


@pytest.fixture
def key(engine):
    return new_key(engine, "national", "Driftsvakta")


@pytest.fixture
def held(engine):
    """A newer file from county 46 that waits for a yes, and a delivery of 39 that is uncertain."""
    with Session(engine) as session, session.begin():
        seed.left_uncertain(session, FAILED)
        seed.file_held(session, "46")
        for file in session.scalars(select(seed.Delivery).where(seed.Delivery.state == "held")):
            file.skolear = seed.CYCLE.replace("-", "")


def log(engine, of_key):
    with Session(engine) as session:
        query = select(DecisionRow).where(DecisionRow.occurrence_key == of_key)
        rows = session.scalars(query.order_by(DecisionRow.id)).all()
        return [(row.action, row.actor, row.reason, row.at) for row in rows]


def post(operator, deed, about, **more):
    fields = {"gjerning": deed, "grunn": "Avtalt"}
    more = {
        {"step": "steg", "reference": "referanse"}.get(name, name): value
        for name, value in more.items()
    }
    return operator.post(f"/drift/frist/{about}", data={**fields, **more})


@pytest.mark.usefixtures("held")
@pytest.mark.parametrize(("deed", "about", "more"), DEEDS)
def test_every_deed_is_offered_on_the_page_and_leaves_one_row(engine, operator, deed, about, more):
    before = log(engine, about)
    assert f'name="gjerning" value="{deed}"' in operator.get(f"/drift/frist/{about}").text
    answer = post(operator, deed, about, **more)
    assert (answer.status_code, answer.location) == (303, f"/forekomst/{about}")
    assert log(engine, about)[len(before) :] == [(deed, "Driftsvakta", "Avtalt", seed.NOW)]


@pytest.mark.usefixtures("held")
@pytest.mark.parametrize(("deed", "about", "more"), DEEDS)
def test_every_deed_is_done_through_the_api_and_leaves_one_row(
    client, engine, key, deed, about, more
):
    before, body = log(engine, about), {"deed": deed, "reason": "Avtalt", **more}
    address = f"{V1}/occurrences/{about}/deeds"
    scope = about.rpartition("/")[2]
    county = bearer(new_key(engine, "46" if scope == "national" else scope))
    assert "styre driften" in refused(client.post(address, json=body, headers=county), 403)
    refused(client.post(address, json={**body, "reason": " "}, headers=bearer(key)), 422)
    assert log(engine, about) == before
    done = client.post(address, json=body, headers=bearer(key))
    assert (done.status_code, done.json["deed"]) == (200, deed), done.text
    assert log(engine, about)[len(before) :] == [(deed, "Driftsvakta", "Avtalt", seed.NOW)]


@pytest.mark.usefixtures("held")
def test_a_file_that_was_changed_since_it_was_seen_is_not_approved(engine, operator):
    answer = post(operator, "approve", HELD, sha256="2" * 64)
    assert answer.status_code == 422
    assert f"men {SHA256}. Se over det" in answer.text
    assert post(operator, "approve", HELD).status_code == 422
    assert "approve" not in {action for action, *_ in log(engine, HELD)}


def test_a_run_is_asked_to_stop_and_says_who_asked(client, engine, operator):
    post(operator, "cancel", RUNNING)
    with Session(engine) as session:
        run = session.scalars(select(RunRow).where(RunRow.occurrence_key == RUNNING)).one()
        assert (run.state, run.reasons) == ("cancelling", ["Avtalt"])
    with Session(engine) as session, session.begin():
        runs.settle_cancelled(session, f"{RUNNING}#1", seed.NOW)
    page = operator.get(f"/forekomst/{RUNNING}").text
    assert "Avbrutt, forsinket" in page
    assert "Avbrutt, Driftsvakta. Avtalt" in page
    assert "Avbrutt, driftsvakt. Avtalt" in client.get(f"/forekomst/{RUNNING}").text


def test_what_is_on_hold_starts_only_when_that_is_said(engine, operator):
    with Session(engine) as session, session.begin():
        begin(session, current_calendar(session), None, "34", None, "ola", "Flytter", seed.NOW)
    answer = post(operator, "run", REFUSED)
    assert answer.status_code == 422
    assert "på pause: Flytter" in answer.text
    assert post(operator, "run", REFUSED, **{"over-pause": "ja"}).status_code == 303
    assert log(engine, REFUSED)[-1][0] == "force"


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"gjerning": "slett"}, "Velg hva som skal gjøres."),
        ({"grunn": ""}, "Skriv hvorfor"),
    ],
)
def test_a_form_that_cannot_be_done_says_why(engine, operator, more, said):
    fields = {"gjerning": "waive", "grunn": "x", **more}
    answer = operator.post(f"/drift/frist/{LATE}", data=fields)
    assert answer.status_code == 422
    assert said in answer.text
    with Session(engine) as session:
        assert session.get_one(OccurrenceRow, LATE).outcome is None


def test_another_site_cannot_post_the_form_and_an_unknown_deadline_is_not_found(operator):
    fields = {"gjerning": "waive", "grunn": "x"}
    cross = {"Sec-Fetch-Site": "cross-site"}
    assert operator.post(f"/drift/frist/{LATE}", data=fields, headers=cross).status_code == 403
    assert operator.get("/drift/frist/tull").status_code == 404
    assert operator.post("/drift/frist/tull", data=fields).status_code == 404
