"""What earlier years and rehearsals say stands where people look: pages, API, metrics, command line."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner
from sqlalchemy.orm import Session

from scheduler.cli import cli
from scheduler.cli import risk as command
from scheduler.ledger import rehearsals
from scheduler.ledger.occurrence_view import occurrence_view
from scheduler.ledger.read import current_calendar
from scheduler.ledger.rehearsals import Found, Tried
from scheduler.ledger.risk import Curve
from scheduler.ledger.state import State
from scheduler.ledger.tables import OccurrenceRow
from scheduler.settings import settings
from tests.web import seed
from web.deadlines.curve import drawing, said

ROW, CYCLES = "skole-off-termin1-feb", ("2023-2024", "2024-2025", "2025-2026")


def earlier_years(session, now):
    """Agder was two working days late each year, three others two weeks early."""
    due = session.get_one(OccurrenceRow, key_of("42")).due
    for back, cycle in enumerate(CYCLES, start=1):
        friday = due - timedelta(days=364 * back + due.weekday() - 4)
        for county, days in (("42", 4), ("46", -14), ("11", -14), ("15", -14)):
            came = datetime.combine(friday + timedelta(days=days), datetime.min.time(), UTC)
            session.add(
                OccurrenceRow(
                    key=key_of(county, cycle),
                    deliverable=ROW,
                    cycle=cycle,
                    stage="only",
                    scope=county,
                    nominal=friday,
                    due=friday,
                    due_when_settled=friday,
                    date_status="confirmed",
                    trace=[],
                    fingerprint="",
                    changed_at=now,
                    outcome="done",
                    outcome_at=came + timedelta(hours=9),
                )
            )


def key_of(county, cycle=seed.CYCLE):
    return f"{ROW}/{cycle}/only/{county}"


@pytest.fixture
def before_the_final(app, engine):
    """The site eight days before the mid-term import, with three earlier years."""
    with Session(engine) as session, session.begin():
        due = session.get_one(OccurrenceRow, key_of("42")).due
        earlier_years(session, seed.NOW)
    now = datetime.combine(due - timedelta(days=8), datetime.min.time(), UTC) + timedelta(hours=9)
    site = app.extensions["aarshjul"]
    app.extensions["aarshjul"] = replace(site, clock=lambda: now)
    return now


def test_a_likely_late_county_is_at_risk_with_reason_curve_and_table(client, before_the_final):
    page = client.get(f"/forekomst/{key_of('42')}").text
    assert "I fare" in page
    assert "Anslag fra tidligere år" in page
    assert "Agder leverte de 3 siste årene to arbeidsdager etter fristen." in page
    assert "på samme tid i 2025–2026 var det 3 av 4." in page
    assert page.count("<polyline") == len(CYCLES) + 1
    assert "I fare" in client.get("/tavle").text
    assert "Når leveringene kommer" not in client.get(f"/forekomst/{seed.import_key('42')}").text


def test_the_api_tells_the_estimate_and_the_command_the_same(
    client, engine, before_the_final, monkeypatch, request
):
    shown = client.get(f"/api/v1/occurrences/{key_of('42')}").json["occurrence"]
    assert shown["status"] == "at-risk"
    assert shown["risk"]["reason"].startswith("Agder leverte")
    monkeypatch.setenv("AARSHJUL_DATABASE_URL", engine.url.render_as_string(hide_password=False))
    settings.cache_clear()
    request.addfinalizer(settings.cache_clear)

    class Clock(datetime):
        @classmethod
        def now(cls, tz=None):
            return before_the_final.astimezone(tz)

    monkeypatch.setattr(command, "datetime", Clock)
    table = CliRunner().invoke(cli, ["risk", "--county", "42"]).output
    assert "Agder: frist" in table
    assert "Anslag fra tidligere år" in table
    assert all(len(line) <= 80 for line in table.splitlines())
    listed = json.loads(CliRunner().invoke(cli, ["risk", "--format", "json"]).output)
    assert listed[0]["key"] == key_of("42")
    assert listed[0]["probability"] == pytest.approx(shown["risk"]["probability"], abs=0.001)
    assert CliRunner().invoke(cli, ["risk", "--county", "99"]).exit_code == 1


def test_a_drawing_needs_an_earlier_year_and_ends_today():
    own, before = Curve("2026-2027", (6, 3), 4), Curve("2025-2026", (9, 5, 1, -1), 4)
    assert drawing([own], 3) is None
    found = drawing([before, own], 3)
    assert [year.own for year in found.years] == [False, True]
    assert found.years[1].counts[-3:] == ("–", "–", "–")
    assert len(found.years[0].points) > len(found.years[1].points)
    assert said([before, own], 3) == "2 av 4 er levert; på samme tid i 2025–2026 var det 2 av 4."


def rehearse(engine, key, found, *reasons):
    with Session(engine) as session, session.begin():
        row = session.get_one(OccurrenceRow, key)
        made = rehearsals.request(session, row, 10, 1, "deliver-ssbelev~rehearsal", seed.NOW)
        tried = [
            Tried("Kontrollerer at ingen feil er åpne", Found.WAITS, ("Ingen fil ennå.",)),
            Tried("Prøver om kanalen tar imot", found, reasons),
        ]
        rehearsals.settle(session, made.id, tried, seed.NOW)


def test_a_failed_rehearsal_is_on_its_page_the_operators_and_in_the_metrics(client, engine):
    broken, sound = (f"{seed.DELIVERY}/2027-2028/first/{county}" for county in ("46", "11"))
    rehearse(engine, broken, Found.FAILED, "Utboksen tar ikke imot filer.")
    rehearse(engine, sound, Found.OK)
    page = client.get(f"/forekomst/{broken}").text
    assert "10 arbeidsdager før, forsøk 1: feilet" in page
    assert "Utboksen tar ikke imot filer." in page
    assert "Kunne ikke prøves ennå" in page
    drift = client.get("/drift").text
    assert "Generalprøven av" in drift
    assert "Bestått" in drift
    metrics = client.get("/metrics").text
    assert 'aarshjul_rehearsals{state="failed"} 1.0' in metrics
    assert 'aarshjul_rehearsals{state="passed"} 1.0' in metrics
    (shown,) = client.get(f"/api/v1/occurrences/{broken}").json["rehearsals"]
    assert (shown["mark"], shown["state"], len(shown["tried"])) == (10, "failed", 2)


@pytest.mark.parametrize("received", [False, True])
def test_what_is_sent_without_a_receipt_is_said_and_turns_late(engine, received):
    key = seed.delivery_key("42")  # under way, its deadline passed
    with Session(engine) as session, session.begin():
        seed.left_uncertain(session, key).received_at = seed.NOW if received else None
        session.flush()
        status = occurrence_view(session, current_calendar(session), key, seed.NOW).item.status
    assert status.state is (State.RUNNING if received else State.UNCONFIRMED)
    assert status.late
