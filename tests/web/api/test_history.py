"""Versions through the API: what was published, what it changed, what was seen on a day."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.calendar import parse_calendar
from scheduler.ledger.history import newest_version
from scheduler.notify.tables import NoticeRow
from scheduler.publishing.publish import publish
from tests.web import seed
from tests.web.api.asking import V1, bearer, new_key, read, refused, whole

OLD, NEW = "date: 15. februar", "date: 12. februar"
LATER = seed.NOW + timedelta(hours=1)
MOVED = "skole-off-termin1-feb"


@pytest.fixture
def edited(engine) -> str:
    """The calendar in use with one date moved, not published."""
    with Session(engine) as session:
        text = newest_version(session).text
    assert text.count(OLD) >= 1
    head, row, tail = text.partition(f"{MOVED}:")
    return head + row + tail.replace(OLD, NEW, 1)


@pytest.fixture
def published(engine, edited) -> str:
    with Session(engine) as session, session.begin():
        calendar = parse_calendar(edited, "calendar.yaml")
        publish(session, calendar, edited, "Kari fra Novari", "Vinterferien", LATER)
    return edited


def compare(client, engine, text: str):
    headers = bearer(new_key(engine, "46"))
    return client.post(f"{V1}/calendar/compare", json={"text": text}, headers=headers)


def test_a_comparison_tells_whom_a_change_would_touch_and_stores_nothing(client, engine, edited):
    before = read(client, "/versions")
    found = compare(client, engine, edited).json
    assert found["faults"] == []
    impact = found["impact"]
    moved = [change for change in impact["changes"] if change["kind"] == "moved"]
    assert {change["key"].split("/")[0] for change in moved} >= {MOVED}
    assert len(impact["counties"]) == 15
    assert impact["headline"].startswith(("én frist flyttes", "to frister flyttes"))
    assert {"scope": "46", "role": impact["notices"][0]["role"]} in impact["notices"]
    assert read(client, "/versions") == before


def test_a_comparison_of_a_faulty_text_tells_line_column_and_remedy(client, engine, edited):
    found = compare(client, engine, edited.replace(NEW, "date: 12. febuar", 1)).json
    assert found["impact"] is None
    fault = found["faults"][0]
    assert "Mente du «februar»?" in fault["sentence"]
    assert edited.splitlines()[fault["line"] - 1].strip().startswith(("due:", "date:"))


def test_a_published_version_shows_who_why_and_what(client, engine, published):
    first, *_ = read(client, "/versions")["items"]
    assert (first["by"], first["why"]) == ("en person", "Vinterferien")
    header = bearer(new_key(engine, "national"))
    assert client.get(f"{V1}/versions", headers=header).json["items"][0] == {
        **first,
        "by": "Kari fra Novari",
    }
    number = first["number"]
    assert read(client, f"/versions/{number}")["text"] == published
    changes = read(client, f"/versions/{number}/changes")["items"]
    assert len(changes) == first["changes"]
    mine = next(c for c in changes if c["key"] == f"{MOVED}/2026-2027/only/46")
    assert mine["kind"] == "moved"
    assert mine["before"]["nominal"] == "2027-02-15"
    assert mine["after"]["nominal"] == "2027-02-12"
    assert mine["after"]["explanation"]


def test_an_unknown_version_is_not_found(client):
    assert "Fant ingen versjon 99." in refused(client.get(f"{V1}/versions/99"), 404)
    assert refused(client.get(f"{V1}/versions/99/changes"), 404)


def test_changes_are_read_on_from_where_a_reader_stopped(client, published):
    everything = read(client, "/changes", limit=500)["items"]
    found, after = [], 0
    while after is not None:
        part = read(client, "/changes", limit=4, after=after)
        found, after = found + part["items"], part["next"]
    assert found == everything != []
    county = read(client, "/changes", fylke="46", limit=500)["items"]
    assert county == [c for c in everything if c["key"].endswith(("/46", "/national"))]
    later = (LATER + timedelta(seconds=1)).isoformat()
    assert read(client, "/changes", since=later)["items"] == []


def test_what_was_seen_on_a_day_is_what_was_published_then(client, published):
    key = f"{MOVED}/2026-2027/only/46"

    def seen(at):
        answer = read(client, "/as-of", at=at.isoformat(), fylke="46")
        return answer["version"], {item["key"]: item["seen"] for item in answer["items"]}

    version, then = seen(seed.NOW)
    later, now = seen(LATER)
    assert later == version + 1
    assert then[key]["nominal"] == "2027-02-15"
    assert now[key]["nominal"] == "2027-02-12"
    assert then[key]["name"] == now[key]["name"] != MOVED
    assert seen(seed.NOW - timedelta(days=365)) == (None, {})


def test_a_school_year_tells_how_far_its_approval_has_come(client):
    current, following = read(client, "/cycles")["items"]
    found = read(client, f"/cycles/{following}")
    assert found["approved"] is False
    assert found["missing"] == 2
    assert found["sentence"].startswith(
        f"Skoleåret {following.replace('-', '–')} venter på to godkjenninger"
    )
    assert current == seed.CYCLE
    assert "ikke planlagt" in refused(client.get(f"{V1}/cycles/2050-2051"), 404)


def test_the_notices_of_a_version_are_listed_without_their_tokens(client, engine, published):
    with Session(engine) as session:
        tokens = session.scalars(select(NoticeRow.token)).all()
    assert tokens
    answer = client.get(f"{V1}/notices", query_string={"limit": 500})
    assert not any(token in answer.text for token in tokens)
    assert len(whole(client, "/notices")) == len(tokens)
    mine = whole(client, "/notices", fylke="46")
    assert {notice["scope"] for notice in mine} <= {"46", "national"}
    assert mine[0]["keys"]
