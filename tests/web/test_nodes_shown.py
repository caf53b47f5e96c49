"""Nodes and take-overs as people and monitoring see them."""

from datetime import timedelta

import pytest
from sqlalchemy import text, update
from sqlalchemy.orm import Session

from scheduler.inbox import general
from scheduler.ledger import nodes
from scheduler.ledger.database import open_database
from scheduler.ledger.health import NodeState, health
from scheduler.ledger.run_ids import id_of_run
from scheduler.ledger.tables import NodeRow
from scheduler.ledger.take_overs import TakeOverRow
from scheduler.matters.matter import Kind
from tests.web import seed
from tests.web.seed import NOW
from tests.web.test_metrics import gauges
from tests.web.test_pages import text_of

KEY = seed.delivery_key("46")


def add_node(engine, name, seen, **values):
    row = NodeRow(name=name, process_id=1, started_at=NOW - timedelta(days=9), ticked_at=seen)
    row.tick_seconds = 15
    for field, value in values.items():
        setattr(row, field, value)
    with Session(engine) as session, session.begin():
        session.add(row)


def states(client):
    return {node["name"]: node["state"] for node in client.get("/health").json["nodes"]}


def test_a_silent_node_is_shown_and_waits_for_a_person_while_another_ticks(client, engine):
    add_node(engine, "node-2", NOW - timedelta(hours=2))
    assert client.get("/health").status_code == 200
    assert states(client) == {"node-1": "living", "node-2": "silent"}
    for page in ("/helse", "/drift"):
        assert "node-2 Svarer ikke for 2 t 0 min siden" in text_of(client, page)
    waits = "Noden node-2 svarer ikke; de andre har overtatt. Start den igjen."
    assert waits in text_of(client, "/drift")
    found = gauges(client.get("/metrics"))
    assert [found["nodes", state] for state in NodeState] == [1, 1, 0]
    assert found["up",] == 1


def test_a_node_that_ended_in_order_is_stopped_and_waits_for_nobody(client, engine):
    add_node(engine, "node-2", NOW, stopped_at=NOW)
    assert states(client) == {"node-1": "living", "node-2": "stopped"}
    assert "node-2 Stoppet" in text_of(client, "/drift")
    assert "Start den igjen." not in text_of(client, "/drift").partition("Planleggere")[0]
    assert ("tick_age_seconds", "node-2") not in gauges(client.get("/metrics"))
    set_stopped(engine)
    assert client.get("/health").status_code == 503, "nobody ticks"


def set_stopped(engine):
    with Session(engine) as session, session.begin():
        session.execute(update(NodeRow).values(stopped_at=NOW))


@pytest.mark.parametrize(("days", "shown"), [(6, True), (8, False)])
def test_a_name_that_is_used_no_more_is_left_out_after_a_week(client, engine, days, shown):
    add_node(engine, "node-2", NOW - timedelta(days=days))
    assert ("node-2" in states(client)) is shown
    set_node_silent(engine)
    assert "node-2" in states(client), "when nobody ticks, all are shown"


def set_node_silent(engine):
    with Session(engine) as session, session.begin():
        row = session.get_one(NodeRow, "node-1")
        row.ticked_at = NOW - timedelta(days=1)


def test_a_node_that_beats_no_more_is_silent_before_its_tick_is_stale(postgres_url):
    database = open_database(postgres_url)
    with Session(database) as session, session.begin():
        nodes.register(session, "node-1", NOW, 10)
        session.get_one(NodeRow, "node-1").tick_seconds = 15
    with Session(database) as session:
        assert health(session, NOW).ok
        session.execute(update(NodeRow).values(beat_at=text("now() - interval '11 seconds'")))
        (node,) = health(session, NOW).nodes
    assert (node.state, node.alive, round(node.seen_seconds_ago)) == ("silent", False, 11)
    database.dispose()


def test_a_node_that_beats_and_does_nothing_keeps_what_it_has_and_is_to_be_started_anew(
    postgres_url,
):
    database = open_database(postgres_url)
    with Session(database) as session, session.begin():
        for name in ("node-1", "node-2"):
            nodes.register(session, name, NOW, 10)
            session.get_one(NodeRow, name).tick_seconds = 15
        session.get_one(NodeRow, "node-2").ticked_at = NOW - timedelta(hours=1)
    with Session(database) as session:
        (matter,) = [m for m in general(session, None, NOW) if m.kind is Kind.NODE]
        assert matter.sentence.startswith("Noden node-2 lever, men går ikke sine runder")
        away = update(NodeRow).where(NodeRow.name == "node-2")
        session.execute(away.values(beat_at=text("now() - interval '1 minute'")))
        (matter,) = [m for m in general(session, None, NOW) if m.kind is Kind.NODE]
        assert matter.sentence.startswith("Noden node-2 svarer ikke; de andre har overtatt")
    database.dispose()


def test_a_run_tells_that_it_was_taken_over(client, engine):
    run = id_of_run(KEY, 1)
    with Session(engine) as session, session.begin():
        for step, given_up in (("extract", False), ("send", True)):
            row = TakeOverRow(run_id=run, at=NOW, left_by="node-1", taken_by="node-2", step=step)
            row.given_up = given_up
            session.add(row)
    assert "døde" not in text_of(client, f"/forekomst/{seed.delivery_key('50')}")
    page = text_of(client, f"/forekomst/{KEY}")
    assert (
        "prosessen på node-1 døde i steget «Skriver og kontrollerer filene». "
        "Kjøringen gikk videre på node-2." in page
    )
    assert "i steget «Sender filene». Kjøringen ble gitt opp." in page
    assert client.get(f"/api/v1/occurrences/{KEY}").json["runs"][0]["taken_over"] == 2
    assert gauges(client.get("/metrics"))["take_overs",] == 2
