"""The page of those who run the service: read by all, changed by who has signed in, with a reason."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.ledger import pausing
from scheduler.ledger.tables import DecisionRow
from tests.web import seed
from web import create_app

WHY = "Nytt fagsystem"
WISH = {"rad": seed.DELIVERY, "fylke": "34", "til": "2026-12-03", "grunn": WHY}
REFUSED = f"/forekomst/{seed.delivery_key('34')}"


def pauses(engine):
    with Session(engine) as session:
        return pausing.every(session)


def deeds(engine):
    with Session(engine) as session:
        query = select(DecisionRow).where(DecisionRow.action.in_(("pause", "resume")))
        return [(row.action, row.actor, row.reason) for row in session.scalars(query)]


def test_a_pause_from_the_page_is_seen_where_people_look_and_ends_there(client, engine, operator):
    assert "Ingenting er på pause." in client.get("/drift").text
    assert operator.post("/drift/pauser", data=WISH).status_code == 303
    for address in ("/tavle", "/fylke/34", REFUSED, "/drift"):
        for reader, who in ((operator, "Driftsvakta"), (client, "driftsvakt")):
            page = reader.get(address).text
            assert f"til 3. desember: Nytt fagsystem ({who}, 27. oktober 2026)." in page
    for address in ("/fylke/46", f"/forekomst/{seed.delivery_key('46')}"):
        assert WHY not in client.get(address).text
    assert "Stoppet, forsinket, på pause til 3. desember" in client.get(REFUSED).text
    (found,) = pauses(engine)
    ended = operator.post(f"/drift/pauser/{found.number}", data={"grunn": "Klart"})
    assert ended.status_code == 303
    assert WHY not in client.get("/tavle").text
    assert deeds(engine) == [("pause", "Driftsvakta", WHY), ("resume", "Driftsvakta", "Klart")]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"grunn": "  "}, "Skriv hvorfor"),
        ({"grunn": "x" * 501}, "Skriv hvorfor"),
        ({"til": "i morgen"}, "Velg en dag"),
        ({"til": "2026-10-27"}, "er ikke en dag som kommer"),
        ({"rad": "tull"}, "er ikke en rad i årshjulet"),
    ],
)
def test_a_form_that_cannot_be_done_says_why_and_changes_nothing(
    client, engine, operator, changes, said
):
    answer = operator.post("/drift/pauser", data={**WISH, **changes})
    assert answer.status_code == 422
    assert said in answer.text
    assert pauses(engine) == ()


def test_a_countys_contact_runs_nothing_and_a_stranger_is_asked_to_sign_in(
    client, engine, county_contact
):
    answer = county_contact.post("/drift/pauser", data=WISH)
    assert answer.status_code == 403
    assert "driftsvakt, nasjonal koordinator, administrator" in answer.text
    answer = client.post("/drift/pauser", data=WISH)
    assert (answer.status_code, answer.location) == (303, "/logg-inn?neste=")
    assert pauses(engine) == ()


def test_forms_are_shown_to_those_who_may_send_them(client, operator, county_contact):
    assert "Sett på pause" in operator.get("/drift").text
    for page in (client.get("/drift").text, county_contact.get("/drift").text):
        assert "Sett på pause" not in page
        assert "csrf_token" not in page


def test_another_site_cannot_post_the_form(client, engine, operator):
    headers = {"Sec-Fetch-Site": "cross-site"}
    answer = operator.post("/drift/pauser", data=WISH, headers=headers)
    assert answer.status_code == 403
    assert pauses(engine) == ()


def test_a_pause_that_has_run_out_says_so_until_somebody_ends_it(config, engine, operator):
    operator.post("/drift/pauser", data=WISH)
    later = datetime(2026, 12, 3, 8, tzinfo=UTC)
    site = create_app(config, read_steps=seed.recorded_steps, clock=lambda: later)
    assert "holder ingenting igjen lenger" in site.test_client().get("/drift").text
    assert WHY not in site.test_client().get("/tavle").text
    site.extensions["aarshjul"].engine.dispose()
    assert pauses(engine)[0].until == date(2026, 12, 3)
