"""What anybody may read: the catalogue and the occurrences, in the words of the command line."""

from datetime import date
from typing import get_args

import pytest

from scheduler.calendar import explain
from scheduler.calendar.listing import Line, as_record
from scheduler.ledger.database import reading
from scheduler.ledger.occurrence_view import occurrence_view
from scheduler.ledger.read import current_calendar
from scheduler.notify.words import MESSAGE_KINDS, MESSAGE_STATES
from tests.web import seed
from tests.web.api.asking import V1, read, refused, whole
from web.api.telling import MessageKind, MessageState


def test_the_counties_areas_and_roles_are_those_of_the_calendar(client):
    counties = {found["id"]: found["name"] for found in read(client, "/counties")["items"]}
    assert len(counties) == 15
    assert counties["46"] == "Vestland"
    assert "ot" in {found["id"] for found in read(client, "/areas")["items"]}
    assert {found["scope"] for found in read(client, "/roles")["items"]} <= {"county", "national"}


def test_the_kinds_and_states_of_messages_are_those_there_are():
    assert set(get_args(MessageKind)) == MESSAGE_KINDS.keys()
    assert set(get_args(MessageState)) == MESSAGE_STATES.keys()


def test_a_deliverable_tells_what_it_waits_for_and_how_it_is_known(client):
    found = read(client, f"/deliverables/{seed.DELIVERY}")
    assert seed.IMPORT in {before["deliverable"] for before in found["depends_on"]}
    assert set(found["evidence"]["label"]) <= set("SPIG+/")
    assert found in read(client, "/deliverables")["items"]


def test_an_unknown_deliverable_is_not_found_and_the_nearest_is_named(client):
    response = client.get(f"{V1}/deliverables/stat-ssbelev-l9")
    assert "Mente du «stat-ssbelev-l" in refused(response, 404)


def test_an_occurrence_has_the_words_and_values_of_the_command_line(client, engine):
    key = seed.delivery_key("46")
    with reading(engine) as session:
        view = occurrence_view(session, current_calendar(session), key, seed.NOW)
    item = view.item
    record = as_record(Line(item.deliverable, item.occurrence, (item.scope,), ""), traced=True)
    record["scope"] = item.scope
    found = read(client, f"/occurrences/{key}")["occurrence"]
    assert {word: found[word] for word in record} == record
    assert found["explanation"] == explain(item.occurrence)


def test_a_list_holds_the_same_record_as_the_single_occurrence(client):
    key = seed.delivery_key("34")
    listed = read(client, "/occurrences", frist=seed.DELIVERY, fylke="34")["items"]
    assert listed == [read(client, f"/occurrences/{key}")["occurrence"]]


def test_one_occurrence_tells_its_runs_receipts_and_what_it_waited_for(client):
    found = read(client, f"/occurrences/{seed.delivery_key('46')}")
    assert seed.import_key("46") in found["predecessors"]
    assert [run["state"] for run in found["runs"]] == ["done"]
    assert found["receipts"][0]["detail"] == seed.MANIFEST
    refused = read(client, f"/occurrences/{seed.delivery_key('34')}")
    assert refused["runs"][0]["reasons"] == [seed.REASON]
    waived = read(client, f"/occurrences/{seed.delivery_key('55')}")
    assert [(d["action"], d["why"]) for d in waived["decisions"]] == [
        ("waive", "Ingen elever i år.")
    ]


def test_a_proposed_date_is_never_shown_as_confirmed(client):
    found = whole(client, "/occurrences")
    confirmed = {item["deliverable"] for item in found if item["date_status"] == "confirmed"}
    assert confirmed == {seed.DELIVERY}
    sentences = [item["explanation"] for item in found if item["date_status"] == "proposed"]
    assert sentences
    assert all("foreslått og ikke bekreftet" in sentence for sentence in sentences)


def test_a_county_sees_its_own_and_the_national_deadlines(client):
    scopes = {item["scope"] for item in whole(client, "/occurrences", fylke="46")}
    assert scopes == {"46", "national"}
    two = whole(client, "/occurrences", fylke=["46", "03"])
    assert {item["scope"] for item in two} == {"46", "03", "national"}


def test_the_selection_narrows_by_area_role_row_status_and_dates(client):
    everything = whole(client, "/occurrences")
    area, role = everything[0]["areas"][0], everything[0]["audience"][0]
    of_area = whole(client, "/occurrences", omrade=area)
    assert of_area == [item for item in everything if area in item["areas"]]
    of_role = whole(client, "/occurrences", rolle=role)
    assert of_role == [item for item in everything if role in item["audience"]]
    assert 0 < len(of_area) < len(everything)
    failed = whole(client, "/occurrences", status=["failed", "refused"])
    assert {item["scope"] for item in failed} == {"34", "39"}
    dated = whole(client, "/occurrences", **{"from": "2026-10-23", "to": "2026-10-23"})
    assert dated == [item for item in everything if item["due"] == "2026-10-23"]


def test_dates_alone_ask_for_every_planned_school_year(client):
    found = whole(client, "/occurrences", **{"from": "2027-08-01"})
    assert "2027-2028" in {item["cycle"] for item in found}
    assert all(item["due"] >= "2027-08-01" for item in found)
    current = read(client, "/occurrences", limit=1)["items"][0]
    assert date.fromisoformat(current["due"]) < date(2027, 8, 1)


@pytest.mark.parametrize("limit", [1, 4, 100])
def test_the_pages_together_are_the_whole_list_once(client, limit):
    found, cursor = [], ""
    total = read(client, "/occurrences", frist=seed.DELIVERY, limit=1)["total"]
    while cursor is not None:
        part = read(client, "/occurrences", frist=seed.DELIVERY, limit=limit, cursor=cursor)
        assert len(part["items"]) <= limit
        assert len(found) < total, "the cursor does not come to an end"
        found += [item["key"] for item in part["items"]]
        cursor = part["next"]
    assert len(found) == len(set(found)) == total == 15


def test_a_reader_who_has_the_answer_gets_304_and_head_has_no_body(client):
    first = client.get(f"{V1}/counties")
    assert "no-cache" in first.headers["Cache-Control"]
    again = client.get(f"{V1}/counties", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    head = client.head(f"{V1}/counties")
    assert (head.status_code, head.data) == (200, b"")
    assert head.headers["ETag"] == first.headers["ETag"]


def test_slack_tells_the_tightest_chain_first_and_the_days_of_each_link(client):
    found = read(client, "/slack")
    assert found["cycle"] == seed.CYCLE
    smallest = [chain["smallest"] for chain in found["items"]]
    assert smallest == sorted(smallest)
    for chain in found["items"]:
        assert chain["smallest"] == min(link["days"] for link in chain["links"])
        assert all(k["days"] == k["working_days"] - k["lead"] for k in chain["links"])


def test_the_days_of_a_county_leave_out_its_school_breaks(client):
    loads = read(client, "/days", fylke="46", skolear=seed.CYCLE)["items"]
    assert loads
    assert all(load["effective"] == load["working_days"] - load["break_days"] for load in loads)
    assert any(load["break_days"] for load in loads)
    assert {load["key"].rpartition("/")[2] for load in loads} == {"46"}


def test_a_school_year_that_is_not_planned_is_refused_with_those_that_are(client):
    response = client.get(f"{V1}/slack", query_string={"skolear": "2050-2051"})
    assert "Velg blant: 2026-2027" in refused(response, 422)
