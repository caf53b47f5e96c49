"""The inbox holds what waits for a person, each thing once, with since when, who and where."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from scheduler.calendar.kinds import CatchUp
from scheduler.inbox import inbox
from scheduler.ledger import pausing, runs
from scheduler.ledger.read import current_calendar
from scheduler.ledger.tables import NodeRow, OccurrenceRow, RunRow
from scheduler.matters.matter import Kind
from scheduler.notify.tables import MessageRow
from tests.web import changed, seed
from tests.web.conftest import app, client, config, engine, seeded_file

__all__ = ["app", "client", "config", "engine", "seeded_file"]

OPERATOR = "den som driver tjenesten"
SHA256 = "1" * 64


@pytest.fixture
def found(engine):
    """The inbox, by kind, at the seed's instant or another."""

    def read(now=seed.NOW):
        with Session(engine) as session:
            by_kind = {}
            for matter in inbox(session, current_calendar(session), now):
                by_kind.setdefault(matter.kind, []).append(matter)
            return by_kind

    return read


def test_what_stopped_and_what_never_began_is_told_with_who_may_act(found):
    by_kind = found()
    assert set(by_kind) == {Kind.FAILED, Kind.REFUSED, Kind.NOT_STARTED}
    (failed,) = by_kind[Kind.FAILED]
    assert failed.sentence.endswith("feilet: Disken ble full mens utboksen ble skrevet.")
    assert (failed.who, failed.url) == (OPERATOR, f"/drift/frist/{seed.delivery_key('39')}")
    assert failed.since == datetime(2026, 10, 23, 4, 0, 3, tzinfo=UTC)
    (refused,) = by_kind[Kind.REFUSED]
    assert refused.who == "Innlandet"
    silent = {matter.url: matter for matter in by_kind[Kind.NOT_STARTED]}
    for key in (seed.import_key("56"), seed.delivery_key("56")):
        assert silent[f"/drift/frist/{key}"].who == "Finnmark"
    waits = silent[f"/drift/frist/{seed.delivery_key('56')}"].sentence
    assert "ingenting er startet; den venter på" in waits


def test_a_turn_that_every_county_let_go_by_is_one_matter(found):
    weekly = [m for m in found()[Kind.NOT_STARTED] if m.url == "/frist/skole-off-sluttere-startere"]
    assert weekly
    assert len(weekly) == len({matter.sentence for matter in weekly})
    assert {matter.who for matter in weekly} == {"fylkene"}
    assert all(m.sentence.endswith("ingenting er startet i 15 fylker.") for m in weekly)


def test_what_stopped_for_the_same_reason_in_several_counties_is_one_matter(found, engine):
    with Session(engine) as session, session.begin():
        for county in ("46", "42"):
            run = session.get_one(RunRow, f"{seed.delivery_key(county)}#1")
            session.get_one(OccurrenceRow, run.occurrence_key).outcome = None
            run.state, run.reasons, run.finished_at = "refused", ["En grunn."], seed.NOW
    others, alone = sorted(found()[Kind.REFUSED], key=lambda matter: matter.since, reverse=True)
    assert others.sentence == "ssbElev pr. 01.10, 1. levering er stoppet i to fylker: En grunn."
    assert (others.who, others.url) == ("fylkene", "/frist/stat-ssbelev-l1")
    assert (alone.who, alone.url) == ("Innlandet", f"/drift/frist/{seed.delivery_key('34')}")


def test_a_held_file_is_told_with_its_hash_and_once(found, engine):
    with Session(engine) as session, session.begin():
        seed.file_held(session, "46")
    (held,) = found()[Kind.HELD]
    assert f"holdt igjen (SHA-256 {SHA256})" in held.sentence
    assert (held.who, held.url) == (OPERATOR, f"/drift/frist/{seed.import_key('46')}")
    assert seed.import_key("46") not in {m.url[13:] for m in found()[Kind.REFUSED]}


def test_new_content_of_what_is_sent_waits_with_its_hash(found, engine):
    with Session(engine) as session, session.begin():
        run = session.scalars(
            select(RunRow).where(RunRow.occurrence_key == seed.delivery_key("34"))
        ).one()
        run.content_sha256 = SHA256
    (held,) = found()[Kind.HELD]
    assert held.sentence.startswith("Nytt innhold i")
    assert Kind.REFUSED not in found()


def test_an_effect_nobody_knows_the_fate_of_waits_once_its_run_is_over(found, engine):
    key = seed.delivery_key("39")
    with Session(engine) as session, session.begin():
        for of_key in (key, seed.delivery_key("42")):  # 42 is under way
            seed.left_uncertain(session, of_key)
    (unknown,) = found()[Kind.UNKNOWN]
    assert "Vi vet ikke om" in unknown.sentence
    assert (unknown.since, unknown.url) == (seed.NOW, f"/drift/frist/{key}")


def test_a_cancelled_run_and_a_pause_that_has_run_out_wait_for_a_word(found, engine):
    key = seed.delivery_key("42")
    with Session(engine) as session, session.begin():
        calendar = current_calendar(session)
        pausing.begin(session, calendar, None, "46", date(2026, 10, 30), "ola", "Flytter", seed.NOW)
        run = session.get_one(RunRow, f"{key}#1")
        run.state, run.reasons = "cancelling", ["feil fil"]
        runs.settle_cancelled(session, run.id, seed.NOW)
    assert Kind.PAUSE not in found()
    later = found(datetime(2026, 10, 30, 8, tzinfo=UTC))
    (cancelled,) = later[Kind.CANCELLED]
    assert cancelled.sentence.endswith("er avbrutt: feil fil.")
    (pause,) = later[Kind.PAUSE]
    assert pause.sentence == "Pause 1 (Vestland) gikk ut 30. oktober 2026; avslutt den."
    assert pause.url == "/drift#pauser"


def test_what_is_about_the_service_waits_here_too(found, engine):
    with Session(engine) as session, session.begin():
        session.scalars(select(NodeRow)).one().calendar_waiting = "1 frist flyttes"
    changed.send(engine, fates=("unknown",))
    by_kind = found()
    assert by_kind[Kind.EDIT][0].since is None
    assert by_kind[Kind.MESSAGE][0].url == "/varsler"
    with Session(engine) as session:
        oldest = session.scalar(select(MessageRow.created_at).where(MessageRow.state == "unknown"))
    assert by_kind[Kind.MESSAGE][0].since == oldest
    (year,) = found(datetime(2027, 7, 20, 10, tzinfo=UTC))[Kind.YEAR]
    assert (year.who, year.url) == ("to ulike personer", "/skolear/2027-2028")
    assert year.since == datetime(2027, 5, 2, 22, tzinfo=UTC)


def test_the_page_lists_what_waits_the_oldest_first(client):
    page = client.get("/drift").text
    assert "feilet: Disken ble full" in page
    assert f'href="/drift/frist/{seed.delivery_key("39")}"' in page
    waiting = client.get("/api/v1/inbox").json["items"]
    assert [m["since"] for m in waiting] == sorted(m["since"] for m in waiting)
    assert {m["kind"] for m in waiting} == {"failed", "refused", "not-started"}


def test_an_empty_inbox_says_so(client, engine):
    with Session(engine) as session, session.begin():
        session.execute(delete(RunRow).where(RunRow.state.in_(("failed", "refused"))))
        for row in session.scalars(select(OccurrenceRow).where(OccurrenceRow.outcome.is_(None))):
            runs.settle(row, "waived", seed.NOW)
    assert "Ingenting venter på et menneske." in client.get("/drift").text
    assert client.get("/api/v1/inbox").json == {"items": []}


@pytest.mark.parametrize(
    ("catch_up", "asked"),
    [("run_always", True), ("ask", True), ("run_if_before_deadline", False), ("never", False)],
)
def test_a_row_says_whether_anybody_is_asked_of_what_never_began(engine, catch_up, asked):
    with Session(engine) as session:
        calendar = current_calendar(session)
        row = calendar.deliverables["skole-off-sluttere-startere"]
        changed = row.model_copy(update={"catch_up": CatchUp(catch_up)})
        rows = {**calendar.deliverables, row.id: changed}
        said = inbox(session, calendar.model_copy(update={"deliverables": rows}), seed.NOW)
    assert any(m.url == "/frist/skole-off-sluttere-startere" for m in said) is asked
