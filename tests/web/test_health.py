"""The health page tells a living scheduler from a silent one."""

from datetime import timedelta
from shutil import copy

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.ledger import pausing
from scheduler.ledger.tables import NodeRow
from scheduler.settings import Settings
from tests.web import seed
from tests.web.seed import NOW


def set_node(engine, **values) -> None:
    with Session(engine) as session, session.begin():
        node = session.scalars(select(NodeRow)).one()
        for name, value in values.items():
            setattr(node, name, value)


def test_a_ticking_scheduler_is_well(client):
    response = client.get("/health")
    assert response.status_code == 200
    assert response.json["ok"] is True
    assert response.json["nodes"][0]["tick_age_seconds"] == 0
    assert response.json["runs"]["refused"] == 1
    assert "Planleggeren går som den skal" in client.get("/helse").text


def test_three_missed_ticks_are_still_well_and_more_are_not(client, engine):
    set_node(engine, ticked_at=NOW - timedelta(seconds=45))
    assert client.get("/health").status_code == 200
    set_node(engine, ticked_at=NOW - timedelta(seconds=46))
    assert client.get("/health").status_code == 503
    page = client.get("/helse")
    assert page.status_code == 503
    assert "har ikke meldt seg" in page.text


def test_a_calendar_fault_is_shown_while_the_last_good_calendar_holds(client, engine):
    fault = "calendar.yaml:12:3: «due» mangler."
    set_node(engine, calendar_fault=fault)
    assert client.get("/health").json["calendar_faults"] == [fault]
    assert fault in client.get("/helse").text
    assert client.get("/").status_code == 200


def test_a_jump_of_a_clock_is_told_until_somebody_has_ended_the_hold(client, engine):
    said = "Klokka på node-1 hoppet 90 minutter fram. Se at den går riktig"
    with Session(engine) as session, session.begin():
        pausing.hold_sends(session, "node-1", said, NOW)
    assert client.get("/health").json["sends_held"] == [said]
    for page in ("/helse", "/drift", "/tavle"):
        assert f"Ingenting sendes: {said}" in client.get(page).text
    assert "Alt som sendes, er på pause" in client.get("/drift").text
    with Session(engine) as session, session.begin():
        pausing.end(session, 1, "kari", "Klokka er stilt", NOW)
    assert client.get("/health").json["sends_held"] == []
    assert "Ingenting sendes" not in client.get("/helse").text


def test_every_calendar_fault_is_a_line_of_its_own(client, engine):
    faults = ["calendar.yaml:12:3: «due» mangler.", "calendar.yaml:14:3: «kind» mangler."]
    set_node(engine, calendar_fault="\n".join(faults))
    assert client.get("/health").json["calendar_faults"] == faults
    assert client.get("/helse").text.count("Feil i calendar.yaml") == 1


def test_what_waits_for_a_person_is_told_as_json(client, engine):
    assert client.get("/health").json["calendar_waiting"] == []
    change, year = "én frist flyttes, 15 fylker berøres", "Skoleåret 2027-2028 er ikke godkjent."
    set_node(engine, calendar_waiting=change, cycle_waiting=year)
    told = client.get("/health").json
    assert (told["calendar_waiting"], told["cycle_waiting"]) == ([change], [year])


@pytest.mark.parametrize("url", ["", "postgresql://127.0.0.1:1/down?connect_timeout=2"])
def test_a_database_that_is_not_there_is_told_as_json_and_never_made(tmp_path, url):
    config = Settings(data_dir=tmp_path / "borte", database_url=url)
    site = seed.create_site(config)
    answer = site.test_client().get("/health")
    assert answer.status_code == 503
    assert answer.json == {"ok": False, "database": False}
    assert site.test_client().get("/tavle").status_code == 503
    assert not config.data_dir.exists()
    site.extensions["aarshjul"].engine.dispose()


def test_a_database_that_comes_later_is_found(config, seeded_file):
    site = seed.create_site(config)
    assert site.test_client().get("/health").json["database"] is False
    copy(seeded_file, config.data_dir)
    assert site.test_client().get("/health").json["database"] is True
    site.extensions["aarshjul"].engine.dispose()


def test_without_a_scheduler_the_service_is_not_well(client, engine):
    with Session(engine) as session, session.begin():
        session.delete(session.scalars(select(NodeRow)).one())
    assert client.get("/health").status_code == 503
    assert "Ingen planlegger har meldt seg ennå" in client.get("/helse").text
