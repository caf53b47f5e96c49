"""The clock is set wrong, or right again: what is sent waits for a person, and nothing else does."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from jobs import JOBS
from jobs.api import StartsOn
from scheduler.calendar import parse_calendar
from scheduler.daemon import Service
from scheduler.engine.clock_guard import ClockGuard
from scheduler.engine.decide import Candidate, LastRun, decide
from scheduler.engine.missed import told
from scheduler.inbox import inbox
from scheduler.ledger import pausing, runs
from scheduler.ledger.database import open_database, reading
from scheduler.ledger.tables import DecisionRow, NodeRow
from scheduler.matters.matter import Kind
from scheduler.settings import read_settings
from scheduler.simulate.clock import LedClock
from tests.planned import CALENDAR, calendar_in, starting_only
from tests.scheduler import live

NOON = datetime(2026, 10, 22, 10, 0, tzinfo=UTC)
CYCLE = "2026-2027"
DELIVERY = f"stat-ssbelev-l1/{CYCLE}/first/46"
STANDS_ON = (f"{live.IMPORT}/{CYCLE}/only/46", f"skole-priv-telling-okt/{CYCLE}/only/national")
TICK, HOUR = timedelta(seconds=15), timedelta(hours=1)


@pytest.fixture
def database(sqlite_url):
    engine = open_database(sqlite_url)
    yield engine
    engine.dispose()


class Machine:
    """A node whose clock may be set, and which lives on through it."""

    def __init__(self, database, name="node-1"):
        self.database, self.name = database, name
        self.clock, self.uptime = NOON, 0.0
        self.guard = ClockGuard(database, name, lambda: self.uptime)

    def lives(self, span, step=timedelta()):
        """Let time pass and set the clock by a step besides; then a tick, as `Ticker` writes it."""
        self.uptime += span.total_seconds()
        self.clock += span + step
        self.guard.look(self.clock)
        with Session(self.database) as session, session.begin():
            values = {"process_id": 1, "started_at": NOON, "tick_seconds": 15}
            session.merge(NodeRow(name=self.name, ticked_at=self.clock, **values))

    def starts_again(self):
        self.guard = ClockGuard(self.database, self.name, lambda: self.uptime)


def held(database):
    with reading(database) as session:
        return [p.reason for p in pausing.not_ended(session) if p.sends_only]


@pytest.mark.parametrize(
    ("step", "said"),
    [
        (HOUR + TICK, "60 minutter fram"),
        (timedelta(days=31), "44640 minutter fram"),
        (-HOUR, "60 minutter tilbake"),
        (timedelta(seconds=-3), "tre sekunder tilbake"),
    ],
)
def test_a_clock_that_jumps_holds_what_is_sent_until_a_person_ends_it(database, step, said):
    machine = Machine(database)
    machine.lives(TICK)
    machine.lives(TICK, step)
    assert held(database) == [f"Klokka på node-1 hoppet {said}. Se at den går riktig"]
    with Session(database) as session, session.begin():
        (decision,) = session.scalars(select(DecisionRow))
        assert (decision.actor, decision.action) == ("node-1", "pause")
        pausing.end(session, decision.detail["pause"], "kari", "Klokka er stilt", machine.clock)
    machine.lives(TICK)
    assert held(database) == []


@pytest.mark.parametrize("step", [timedelta(), HOUR, timedelta(seconds=-2)])
def test_a_clock_that_is_corrected_a_little_holds_nothing(database, step):
    machine = Machine(database)
    machine.lives(TICK)
    machine.lives(TICK, step)
    machine.lives(2 * HOUR)  # a tick that waited long for the database is no jump
    assert held(database) == []


def test_a_start_after_an_outage_is_no_jump(database):
    machine = Machine(database)
    machine.lives(TICK)
    machine.starts_again()
    machine.lives(timedelta(days=40))
    assert held(database) == []


def test_a_start_with_a_clock_behind_what_was_seen_is_one(database):
    machine = Machine(database)
    machine.lives(TICK)
    machine.starts_again()
    machine.lives(TICK, -HOUR)
    (said,) = held(database)
    assert "60 minutter tilbake" in said or "59 minutter tilbake" in said


def test_a_jump_that_could_not_be_noted_is_noted_by_the_next_tick(database, monkeypatch):
    machine = Machine(database)
    machine.lives(TICK)
    with monkeypatch.context() as broken:
        broken.setattr(pausing, "hold_sends", _away)
        with pytest.raises(OSError, match="away"):
            machine.lives(TICK, -HOUR)
    assert held(database) == []
    machine.lives(TICK)
    assert len(held(database)) == 1


def _away(*_):
    raise OSError("away")


def test_nodes_on_one_machine_make_one_hold(database):
    machines = Machine(database), Machine(database, "node-2")
    for step in (timedelta(), 2 * HOUR):
        for machine in machines:
            machine.lives(TICK, step)
    assert len(held(database)) == 1


class Lived:
    """The seconds that a process has lived, as a test has it."""

    now = 0.0

    def __call__(self):
        return self.now


def settings_for(folder):
    """Few counties, and one delivery alone that starts by itself."""
    calendar = calendar_in(folder, starting_only(CALENDAR, "deliver-ssbelev"))
    return read_settings(data_dir=folder, database_url="", tick_seconds=15, calendar=calendar)


@pytest.fixture
def service(tmp_path):
    """A service on a clock that may be set, the day before a delivery that waits for nothing."""
    settings = settings_for(tmp_path)
    uptime = Lived()
    with Service(settings, LedClock(NOON), uptime) as running:
        running.uptime = uptime
        running.tick()
        with Session(running.database) as session, session.begin():
            for key in STANDS_ON:
                runs.waive(session, key, "kari", "prøve", NOON)
        yield running


def started(service, span, step=timedelta()):
    service.uptime.now += span.total_seconds()
    service.clock.now += span + step
    return [start.key for start in service.ticker.tick(service.clock())]


def test_a_service_that_starts_with_its_clock_behind_what_was_seen_holds(tmp_path):
    settings = settings_for(tmp_path)
    with Service(settings, LedClock(NOON), Lived()) as first:
        first.tick()
    with Service(settings, LedClock(NOON - HOUR), Lived()) as again:
        again.tick()
        (said,) = held(again.database)
    assert "60 minutter tilbake" in said


def test_a_delivery_is_held_after_a_jump_and_goes_when_a_person_has_said_so(service):
    assert DELIVERY not in started(service, TICK, timedelta(days=1))
    assert DELIVERY not in started(service, TICK)
    with Session(service.database) as session, session.begin():
        now = service.clock()
        (matter,) = [
            m for m in inbox(session, service.ticker.calendar, now) if m.kind is Kind.CLOCK
        ]
        assert matter.sentence == (
            "Ingenting sendes: Klokka på node-1 hoppet 1440 minutter fram. Se at den går riktig, "
            "og avslutt så pause 1."
        )
        (pause,) = pausing.not_ended(session)
        assert pausing.sentence(pause, service.ticker.calendar) == (
            "Alt som sendes, er på pause: Klokka på node-1 hoppet 1440 minutter fram. "
            "Se at den går riktig (node-1, 23. oktober 2026)."
        )
        pausing.end(session, pause.number, "kari", "Klokka er riktig", now)
    assert DELIVERY in started(service, TICK)
    assert DELIVERY not in started(service, TICK)


def test_what_a_wrong_clock_has_passed_is_not_written_down_as_missed(service):
    with Session(service.database) as session:
        by_a_right_clock = told(session)
    started(service, TICK, timedelta(days=60))
    with Session(service.database) as session, session.begin():
        assert told(session) == by_a_right_clock
        (pause,) = pausing.not_ended(session)
        pausing.end(session, pause.number, "kari", "Klokka er riktig", service.clock())
    started(service, TICK)
    with Session(service.database) as session:
        assert DELIVERY in {key for key, _due in told(session)}


def test_an_import_goes_on_meanwhile(service):
    started(service, TICK, timedelta(days=1))
    live.put_in_inbox(service.settings, "03", "small")
    assert f"{live.IMPORT}/{CYCLE}/only/03" in started(service, TICK)


def test_what_sends_in_the_calendar_is_what_no_file_starts():
    rows = parse_calendar(CALENDAR, "calendar.yaml").deliverables.values()
    with_job = [row for row in rows if row.job in JOBS]
    assert [row.id for row in with_job if row.sends] == [
        row.id for row in with_job if JOBS[row.job].starts_on is StartsOn.DUE
    ]


@pytest.mark.parametrize("day", [date(2026, 10, 25), date(2027, 3, 28)], ids=["autumn", "spring"])
@pytest.mark.parametrize("step", [timedelta(), HOUR, -HOUR], ids=["still", "fram", "tilbake"])
def test_what_is_due_when_norway_changes_its_clocks_starts_once(day, step):
    began = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=3)
    found, last = [], None
    for quarter in range(4 * 30):
        now = began + quarter * timedelta(minutes=15) + (step if quarter > 4 * 8 else timedelta())
        for start in decide(now, [Candidate("a/b/c/d", StartsOn.DUE, day, None, last)]):
            found.append(now)
            last = LastRun(start.number, "done", now)
    assert len(found) == 1
    assert found[0].date() == day
