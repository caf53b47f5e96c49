"""`aarshjul transfer`: a dry run that explains, a transfer by hand, and the choice of OSMO."""

import json
import re
from datetime import UTC, date, datetime, timedelta

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from jobs.register.followup import OtKjoring, OtLinje
from scheduler.calendar import parse_calendar
from scheduler.cli import cli
from scheduler.ledger.database import open_database
from scheduler.ledger.planner import plan
from scheduler.ledger.runs import report_nothing
from scheduler.settings import settings
from tests.jobs.ot.people import put
from tests.jobs.ot.transfers import BASIS, BROKE_OFF, deliver, prepared
from tests.planned import CALENDAR

COUNTY = ["--county", "46", "--school-year", "2026-2027"]
SEEN = [*COUNTY, "--dry-run", "--as-of", "2026-10-20"]
LEAVERS = "skole-off-sluttere-startere"
WHO = ["--by", "Kari Fylke", "--why", "prøver"]


@pytest.fixture
def register(tmp_path, monkeypatch, sqlite_url):
    """A register with somebody for each category, one of them with a protected address."""
    monkeypatch.setenv("AARSHJUL_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("AARSHJUL_DATABASE_URL", sqlite_url)
    settings.cache_clear()
    database = prepared(open_database(sqlite_url))
    with Session(database) as session, session.begin():
        put(session, soker={"onsker": "57"})
        put(session, kurs=BROKE_OFF)
        put(session, kurs={"skole": "privat"})
        put(session, soker={"onsker": "18"})
        put(session, kurs=BROKE_OFF, merke={"personmerke": "K6"}, navn="Prøve, Skjult")
    yield database
    database.dispose()
    settings.cache_clear()


def call(*arguments):
    return CliRunner().invoke(cli, ["transfer", *arguments])


def count(database, model):
    with Session(database) as session:
        return session.scalar(select(func.count()).select_from(model))


def test_a_dry_run_explains_each_in_a_sentence_and_transfers_nobody(register):
    shown = call("ot", *SEEN)
    assert shown.exit_code == 0, shown.output
    text = shown.output.replace("\n  ", " ")
    assert "Overføres med OSNP." in text
    assert "sluttet i skole 02.10.2026" in text
    assert "Overføres ikke (G6): går på skole" in text
    assert "5 kandidater: 4 overføres (1 med gradert adresse), 1 utelates." in shown.output
    assert "Overlapp: " in shown.output
    assert shown.output.count("Person ") == 4
    assert max(map(len, shown.output.splitlines())) <= 80
    assert not re.search(r"\d{11}", shown.output)
    assert (count(register, OtLinje), count(register, OtKjoring)) == (0, 1)


def test_the_same_as_json_without_those_with_a_protected_address(register):
    shown = json.loads(call("ot", *SEEN, "--format", "json", "--category", "elevkurs").output)
    assert (shown["fylke"], shown["per"], shown["nektet"]) == ("46", "2026-10-20", {})
    assert shown["tall"]["overfores"] == 2
    (candidate,) = shown["kandidater"]
    assert (candidate["regel"], candidate["port"], candidate["otenhet"]) == ("R7", None, "46201")


def test_a_category_whose_basis_is_old_is_refused_and_the_others_are_shown(register):
    late = [*COUNTY, "--dry-run", "--as-of", "2026-10-31"]
    shown = call("ot", *late).output.replace("\n  ", " ")
    assert "De som har sluttet nektes: Sluttere og startere" in shown
    assert "Overføres med OSNP." in shown
    assert "sluttet i skole" not in shown


def test_a_countys_word_that_nobody_has_left_is_heeded_by_hand_too(register):
    said = datetime(2026, 10, 27, 9, tzinfo=UTC)
    with Session(register) as session, session.begin():
        plan(session, parse_calendar(CALENDAR, "calendar.yaml"), CALENDAR, said)
        report_nothing(session, f"{LEAVERS}/2026-2027/8/46", "Kari Fylke", "Ingen.", said)
    late = [*COUNTY, "--dry-run", "--as-of", "2026-10-31"]
    shown = call("ot", *late, "--category", "elevkurs").output.replace("\n  ", " ")
    assert "nektes" not in shown
    assert "sluttet i skole" in shown


def test_a_transfer_asks_who_and_why(register):
    refused = call("ot", *COUNTY)
    assert refused.exit_code == 2
    assert "--by og --why" in refused.output
    assert call("ot", *COUNTY, *WHO, "--as-of", "2026-10-20").exit_code == 2


def test_a_transfer_by_hand_goes_the_jobs_way_and_keeps_who_and_why(register):
    now = datetime.now(UTC)
    with Session(register) as session, session.begin():
        for row, (sender, _) in BASIS.items():
            deliver(session, row, sender, now - timedelta(days=1))
        deliver(session, "skole-priv-slutt-start-nov", "national", now - timedelta(days=1))
    done = call("ot", *COUNTY, *WHO, "--category", "elevkurs")
    assert "nye 2" in done.output, done.output
    with Session(register) as session:
        kept = session.scalars(select(OtKjoring)).one()
        assert (kept.tall["av"], kept.tall["hvorfor"], kept.torr) == ("Kari Fylke", "prøver", False)
    assert count(register, OtLinje) == 2


def test_a_refused_transfer_says_why_and_ends_with_1(register):
    with Session(register) as session, session.begin():
        put(session, kurs={**BROKE_OFF, "avbruddsdato": date(2026, 10, 1)})
    refused = call("ot", "--county", "03", "--school-year", "2026-2027", *WHO)
    assert refused.exit_code == 1
    assert "Ingen er overført." in refused.output


def test_osmo_is_chosen_on_a_dry_run_that_was_seen(register):
    without = call("osmo", *COUNTY, *WHO)
    assert without.exit_code == 1
    assert "prøvekjøring" in without.output
    call("ot", *SEEN)
    assert "OSMO overføres i fylke 46 i 2026-2027" in call("osmo", *COUNTY, *WHO).output


def test_a_status_file_is_taken_in_by_command_or_refused_by_line(register, tmp_path):
    file = tmp_path / "status.csv"
    heading = "fodselsnummer;statuskode;dato;kontakt;grunn\n"
    file.write_text(f"{heading}1;OTOV;2026-10-26;2026-10-26;\n", encoding="utf-8")
    refused = call("status", str(file), *COUNTY, *WHO)
    assert refused.exit_code == 1
    assert "status.csv, linje 2: Personen har ingen OT-linje" in refused.output
    assert "Ingenting er endret." in refused.output
    file.write_text(heading, encoding="utf-8")
    taken = call("status", str(file), *COUNTY, *WHO)
    assert (taken.exit_code, taken.output) == (0, "0 nye statuser, 0 uendret.\n")
