"""Rehearsals: what is broken is found weeks ahead, once a mark, and a rehearsal leaves no trace."""

from datetime import UTC, date, datetime, timedelta

import pytest
from dbos import DBOS
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from jobs import JOBS
from jobs.api import Refusal
from jobs.channels.outbox import reach_receiver
from jobs.register.tables import Outbound
from scheduler.calendar import parse_calendar
from scheduler.daemon import Service
from scheduler.engine.rehearse import is_rehearsed, next_try, rehearse
from scheduler.engine.steer import BROKEN_OFF, steer
from scheduler.engine.terms import REHEARSALS
from scheduler.inbox import inbox
from scheduler.ledger import pausing, rehearsals, runs
from scheduler.ledger.database import reading
from scheduler.ledger.read import current_calendar
from scheduler.ledger.rehearsals import Found, Rehearsal
from scheduler.ledger.tables import OccurrenceRow, ReceiptRow, RehearsalRow, RunRow
from scheduler.matters.matter import Kind
from scheduler.settings import read_settings
from scheduler.simulate.clock import LedClock
from tests.planned import CALENDAR, WHOLE, calendar_in, starting_only, with_counties
from tests.scheduler.live import wait_until
from tests.scheduler.test_durable import add_occurrence

KEY = "stat-ssbelev-l1/2026-2027/first/46"
DUE = date(2026, 10, 23)
# Thirty working days before Friday 23 October, and the morning of it in Oslo.
FIRST_MARK = datetime(2026, 9, 11, 5, tzinfo=UTC)
TEN_AHEAD = datetime(2026, 10, 9, 5, tzinfo=UTC)


def made(mark, attempt, state, on=FIRST_MARK):
    ended = None if state in rehearsals.LIVE else on
    return Rehearsal("", KEY, mark, attempt, state, on, ended, ())


@pytest.mark.parametrize(
    ("now", "before", "wanted"),
    [
        (FIRST_MARK - timedelta(days=1), [], None),
        (FIRST_MARK - timedelta(hours=2), [], None),  # at night
        (FIRST_MARK, [], (30, 1)),
        (FIRST_MARK, [made(30, 1, "running")], None),
        (FIRST_MARK + timedelta(days=3), [made(30, 1, "running")], None),
        (FIRST_MARK + timedelta(days=3), [made(30, 1, "passed")], None),
        (FIRST_MARK + timedelta(hours=3), [made(30, 1, "failed")], None),
        (FIRST_MARK + timedelta(days=1), [made(30, 1, "failed")], (30, 2)),
        (TEN_AHEAD, [made(30, 1, "passed")], (10, 1)),
        (TEN_AHEAD, [made(30, 7, "failed")], (10, 1)),
        (TEN_AHEAD, [], (10, 1)),  # the service was down at the first mark
        (datetime(2026, 10, 20, 5, tzinfo=UTC), [made(10, 1, "passed")], (3, 1)),
        (datetime(2026, 10, 22, 5, tzinfo=UTC), [made(3, 1, "failed")], (3, 2)),
        (datetime(2026, 10, 23, 5, tzinfo=UTC), [], None),
    ],
)
def test_each_mark_is_rehearsed_once_and_a_failure_daily(now, before, wanted):
    assert next_try(now, DUE, before) == wanted


def test_only_what_delivers_or_transfers_on_a_few_days_a_year_is_rehearsed():
    rows = parse_calendar(CALENDAR, "calendar.yaml").deliverables
    assert is_rehearsed(rows["stat-ssbelev-l1"])
    assert not is_rehearsed(rows["skole-off-telling-okt"])
    assert is_rehearsed(rows["ot-overforing-sokere"])
    assert not is_rehearsed(rows["ot-overforing-elevkurs"])
    assert not is_rehearsed(rows["fag-udir-kontrakt-mnd"])


@pytest.fixture
def service(empty_database_url, tmp_path):
    """A service for three counties that deliver ssbElev alone: what is tried is tried for each alike."""
    url = "" if empty_database_url.startswith("sqlite") else empty_database_url
    text = starting_only(with_counties(WHOLE, ("11", "46", "50")), "deliver-ssbelev")
    calendar = calendar_in(tmp_path, text)
    settings = read_settings(data_dir=tmp_path / "var", database_url=url, calendar=calendar)
    with Service(settings, LedClock(FIRST_MARK)) as running:
        running.ticker.refresh_calendar(FIRST_MARK)
        yield running


def rehearsed(service, key=KEY):
    with reading(service.database) as session:
        return rehearsals.of_occurrence(session, key)


def round_of(service, now):
    """One tick, and everything that it set going done."""
    service.clock.now = now
    service.tick()
    wait_until(lambda: not any(r.state in rehearsals.LIVE for r in everything(service)))
    return rehearsed(service)


def everything(service):
    with reading(service.database) as session:
        return rehearsals.newest(session)


def matters(service):
    with reading(service.database) as session:
        found = inbox(session, current_calendar(session), service.clock.now)
    return [matter for matter in found if matter.kind is Kind.REHEARSAL]


def test_a_broken_channel_is_found_thirty_days_ahead_and_passes_once_mended(service):
    outbox = service.settings.data_dir / "outbox"
    outbox.parent.mkdir(parents=True, exist_ok=True)
    outbox.write_text("in the way of the folder", encoding="utf-8")
    (first,) = round_of(service, FIRST_MARK)
    assert (first.mark, first.attempt, first.state) == (30, 1, "failed")
    assert "tar ikke imot filer" in first.reasons[0]
    assert any("feilet" in matter.sentence and KEY in matter.url for matter in matters(service))
    assert len(round_of(service, FIRST_MARK + timedelta(hours=2))) == 1
    outbox.unlink()
    (second, _) = round_of(service, FIRST_MARK + timedelta(days=3))
    assert (second.attempt, second.state) == (2, "passed")
    assert matters(service) == []


def test_a_passing_rehearsal_leaves_no_trace_and_says_what_it_could_not_try(service):
    (only,) = round_of(service, FIRST_MARK)
    assert only.state == "passed"
    assert [step.title for step in only.untried] == ["Kontrollerer at ingen feil er åpne"]
    assert [step.found for step in only.tried[1:]] == [Found.OK, Found.OK]
    with reading(service.database) as session:
        assert list(session.scalars(select(RunRow.id).where(RunRow.occurrence_key == KEY))) == []
        for table in (ReceiptRow, Outbound):
            assert session.scalar(select(func.count()).select_from(table)) == 0
        assert session.get_one(OccurrenceRow, KEY).outcome is None
    assert not (service.settings.data_dir / "outbox").exists()
    assert list((service.settings.data_dir / "work").iterdir()) == []
    assert service.ticker.proof_fault == ""


def test_two_nodes_and_a_crash_make_one_rehearsal_of_a_mark(service):
    calendar, cycle = service.ticker.calendar, "2026-2027"

    class Dead:
        """A node that dies when it hands over."""

        def submit(self, _order):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rehearse(service.database, Dead(), calendar, cycle, FIRST_MARK)
    assert [r.state for r in rehearsed(service)] == ["requested"]
    assert rehearse(service.database, service.engine, calendar, cycle, FIRST_MARK) == []
    (only,) = round_of(service, FIRST_MARK)
    assert only.state == "passed"


@pytest.mark.parametrize(
    ("work", "state"),
    [
        (None, "failed"),
        ("CANCELLED", "failed"),
        ("ERROR", "failed"),
        ("PENDING", "running"),
        ("SUCCESS", "running"),  # its end is told a moment before
    ],
)
def test_a_rehearsal_that_never_told_its_end_has_failed(database, work, state):
    class Engine:
        """An engine that has stopped what it was at."""

        executing = ()

        def work(self, asked):
            return dict.fromkeys(asked, work)

    with Session(database) as session, session.begin():
        made = rehearsals.request(session, add_occurrence(session, KEY), 30, 1, "x", FIRST_MARK)
        rehearsals.mark_running(session, made.id)
    steer(database, Engine(), FIRST_MARK)
    with reading(database) as session:
        (found,) = rehearsals.of_occurrence(session, KEY)
    assert (found.state, found.reasons) == (state, (BROKEN_OFF,) if state == "failed" else ())


def test_rehearsals_stand_in_a_queue_of_their_own(service):
    (only,) = round_of(service, FIRST_MARK)
    assert DBOS.get_workflow_status(only.id).queue_name == REHEARSALS.name


def test_the_rehearsals_of_all_are_read_in_one_look(service):
    round_of(service, FIRST_MARK)
    asked = []
    event.listen(service.database, "before_cursor_execute", lambda *call: asked.append(call[2]))
    rehearse(service.database, service.engine, service.ticker.calendar, "2026-2027", FIRST_MARK)
    tried, to_be_handed_over = (statement for statement in asked if "FROM rehearsal" in statement)
    assert "occurrence_key IN" in tried
    assert "state =" in to_be_handed_over


def test_a_release_that_knows_no_rehearsals_finds_no_job_to_send_with(service):
    round_of(service, FIRST_MARK)
    with reading(service.database) as session:
        orders = session.scalars(select(RehearsalRow.order)).all()
    assert orders
    assert not {order["job"] for order in orders} & set(JOBS)


def test_a_pause_and_a_waiver_hold_rehearsals_as_well(service):
    other = KEY.replace("/46", "/11")
    with Session(service.database) as session, session.begin():
        calendar = current_calendar(session)
        pausing.begin(session, calendar, None, "46", None, "ola", "Flytter", FIRST_MARK)
        runs.waive(session, other, "kari", "Ingen elever", FIRST_MARK)
    assert round_of(service, FIRST_MARK) == ()
    assert rehearsed(service, other) == ()
    assert len(rehearsed(service, KEY.replace("/46", "/50"))) == 1


def test_the_channel_refuses_without_room_and_leaves_nothing(tmp_path):
    reach_receiver(tmp_path / "outbox", "ssb", 10)
    with pytest.raises(Refusal, match="mangler plass"):
        reach_receiver(tmp_path / "outbox", "ssb", 1 << 60)
    assert list(tmp_path.iterdir()) == []
