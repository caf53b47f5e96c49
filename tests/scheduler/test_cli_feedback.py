"""`aarshjul feedback`: a receiver's list by command, followed through a real import, without a number on the screen."""

from datetime import date

import pytest
from click.testing import CliRunner
from sqlalchemy import select
from sqlalchemy.orm import Session

from jobs import JOBS
from jobs.api import Refusal
from jobs.register.feedback import Feedback
from scheduler.calendar import parse_calendar
from scheduler.cli import cli
from scheduler.ledger.database import open_database
from scheduler.ledger.tables import DecisionRow
from scheduler.publishing.publish import publish
from scheduler.schema import upgrade
from scheduler.settings import PROJECT_ROOT, settings
from tests.jobs.running import run
from tests.jobs.statistics.synthetic import COUNTY, instant, order_of, take_in

FIRST_DAY, MENDED_DAY, FINAL_DAY = date(2026, 10, 23), date(2026, 10, 28), date(2026, 11, 6)
TELLEDATO = date(2026, 10, 1)
KEY = f"stat-ssbelev-l1/2026-2027/first/{COUNTY}"
HEAD = "fodselsnummer;skolear;skolenummer;programomradekode;felt;kode;melding"
WHY = ("--why", "SSBs liste av 26. oktober", "--actor", "kari")


@pytest.fixture
def data(tmp_path, monkeypatch):
    monkeypatch.setenv("AARSHJUL_DATA_DIR", str(tmp_path / "data"))
    settings.cache_clear()
    yield settings().data_dir
    settings.cache_clear()


@pytest.fixture
def database(data):
    """A real import of a county's October file, and the first delivery of it."""
    database = open_database(settings().ledger_url)
    upgrade(database)
    text = (PROJECT_ROOT / "calendar.yaml").read_text(encoding="utf-8")
    with Session(database) as session, session.begin():
        publish(session, parse_calendar(text, "calendar.yaml"), text, "x", "", instant(TELLEDATO))
    take_in(database, data, "import-school", "skole-off-telling-okt", date(2026, 10, 5))
    first = order_of("deliver-ssbelev", "stat-ssbelev-l1", "first", FIRST_DAY, TELLEDATO)
    run(JOBS["deliver-ssbelev"], first, database, data)
    yield database
    database.dispose()


def delivered_rows(data):
    (path,) = (data / "outbox" / "ssb").glob("*/ssbElev_*.csv")
    heading, *rows = path.read_bytes().decode().split("\r\n")[:-1]
    return [dict(zip(heading.split(";"), row.split(";"), strict=True)) for row in rows]


def list_about(tmp_path, *rows):
    keys = HEAD.split(";")[:4]
    file = tmp_path / "liste.csv"
    lines = [
        ";".join([*(row[key] for key in keys), "startdato", "A12", "Se på den"]) for row in rows
    ]
    file.write_text("\n".join([HEAD, *lines]) + "\n", encoding="utf-8")
    return file


def called(*words):
    return CliRunner().invoke(cli, ["feedback", *map(str, words)])


def test_a_list_is_taken_in_followed_and_shown_without_a_number(database, data, tmp_path):
    one, two, *_ = delivered_rows(data)
    done = called("take", KEY, list_about(tmp_path, one, two), *WHY)
    assert (done.exit_code, done.output) == (0, "2 nye linjer, 0 kjent fra før.\n")
    with Session(database) as session:
        decision = session.scalars(select(DecisionRow)).one()
        assert (decision.actor, decision.action) == ("kari", "feedback")
        assert len(session.scalars(select(Feedback)).all()) == 2
    shown = called("list", KEY).output
    assert "linje 2 (ssbElev, startdato, kode A12) er åpen: Se på den" in " ".join(shown.split())
    assert shown.endswith("2 åpen, 0 rettet, 0 begrunnet\n")
    assert one["fodselsnummer"] not in shown


def test_a_real_import_mends_what_it_changes_and_the_final_stops_on_the_rest(
    database, data, tmp_path
):
    one, two, *_ = delivered_rows(data)
    called("take", KEY, list_about(tmp_path, one, two), *WHY)
    content = without(data, one["fodselsnummer"])
    take_in(database, data, "import-school", "skole-off-telling-okt", MENDED_DAY, content, number=2)
    shown = " ".join(called("list", KEY).output.split())
    assert (
        "linje 2 (ssbElev, startdato, kode A12) er rettet av skole-off-telling-okt 28.10.2026"
        in shown
    )
    assert shown.endswith("1 åpen, 1 rettet, 0 begrunnet")
    final = order_of("deliver-ssbelev", "stat-ssbelev-endelig", "final", FINAL_DAY, TELLEDATO)
    with pytest.raises(Refusal, match=r"EGEN-LEV-07 er brutt 1 gang i ssbElev \(linje \d+\)"):
        run(JOBS["deliver-ssbelev"], final, database, data)


def without(data, number):
    """The October file anew, without one pupil, and with the count of lines in its heading made right."""
    (path,) = (data / "archive" / COUNTY / "skole-off-telling-okt").glob("*.txt")
    lines = path.read_bytes().split(b"\n")
    kept = [line for line in lines if number.encode() not in line]
    gone = str(len(lines) - 2 - (len(lines) - len(kept))).encode()
    kept[0] = kept[0].replace(str(len(lines) - 2).encode(), gone)
    return b"\n".join(kept)


def test_a_line_without_a_row_is_told_by_number_and_nothing_is_kept(database, data, tmp_path):
    one, *_ = delivered_rows(data)
    file = list_about(tmp_path, one, {**one, "skolenummer": "56999"})
    refused = called("take", KEY, file, *WHY)
    assert refused.exit_code == 1
    assert "liste.csv, linje 3: Ingen rad i leveringen har denne nøkkelen." in refused.output
    assert "Ingenting er endret." in refused.output
    assert one["fodselsnummer"] not in refused.output
    with Session(database) as session:
        assert session.scalars(select(Feedback)).all() == []
        assert session.scalars(select(DecisionRow)).all() == []


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("finnes/2026-2027/first/56", "Fant ingen forekomst"),
        (f"skole-off-telling-okt/2026-2027/only/{COUNTY}", "er ikke en levering av statistikk"),
        (f"stat-ssbelev-endelig/2026-2027/final/{COUNTY}", "gjelder en første levering"),
    ],
)
def test_a_key_of_something_else_is_refused(database, data, tmp_path, key, said):
    one, *_ = delivered_rows(data)
    refused = called("take", key, list_about(tmp_path, one), *WHY)
    assert refused.exit_code == 1
    assert said in refused.output


def test_a_delivery_without_feedback_says_so(database):
    assert called("list", KEY).output == "Ingen tilbakemeldinger.\n"


def test_a_line_is_explained_alone_and_the_final_asks_of_the_other_only(database, data, tmp_path):
    one, two, *_ = delivered_rows(data)
    called("take", KEY, list_about(tmp_path, one, two), *WHY)
    with Session(database) as session:
        number = session.scalars(select(Feedback.delivery_id)).first()
    final_key = f"stat-ssbelev-endelig/2026-2027/final/{COUNTY}"
    because = ("--why", "Startet sent etter avtale", "--actor", "ola")
    done = called("explain", KEY, number, 2, *because)
    assert (done.exit_code, done.output) == (0, f"Liste {number}, linje 2 er begrunnet.\n")
    shown = " ".join(called("list", KEY).output.split())
    assert "er begrunnet" in shown
    assert "av ola (Startet sent etter avtale)" in shown
    assert shown.endswith("1 åpen, 0 rettet, 1 begrunnet")
    with Session(database) as session:
        (row,) = session.scalars(select(DecisionRow).where(DecisionRow.action == "explain"))
        assert (row.actor, row.reason) == ("ola", "Startet sent etter avtale")
        assert (row.occurrence_key, row.detail["line"]) == (KEY, 2)
    for key, line, said in (
        (KEY, 2, "er alt begrunnet"),
        (KEY, 9, "Fant ingen linje 9"),
        (final_key, 3, "Fant ingen linje 3"),
    ):
        refused = called("explain", key, number, line, *because)
        assert (refused.exit_code, said in refused.output) == (1, True)
    final = order_of("deliver-ssbelev", "stat-ssbelev-endelig", "final", FINAL_DAY, TELLEDATO)
    with pytest.raises(Refusal, match="EGEN-LEV-07 er brutt 1 gang"):
        run(JOBS["deliver-ssbelev"], final, database, data)
    assert called("explain", KEY, number, 3, *because).exit_code == 0
    facts = run(JOBS["deliver-ssbelev"], final, database, data, until="extract")
    assert "EGEN-LEV-07" not in str(facts["to_be_signed"])
