"""The commands about contacts, notices and reminders, as an operator types them."""

from datetime import UTC, datetime

import pytest
from click.testing import CliRunner
from sqlalchemy.orm import Session

from scheduler.cli import cli
from scheduler.ledger.database import open_database
from scheduler.ledger.tables import OccurrenceRow
from scheduler.notify.tables import MessageRow
from scheduler.settings import settings
from tests.scheduler.notify.setting import changed, put_in_use


@pytest.fixture
def run(sqlite_url, monkeypatch):
    monkeypatch.setenv("AARSHJUL_DATABASE_URL", sqlite_url)
    settings.cache_clear()
    yield lambda *arguments: CliRunner().invoke(cli, [*map(str, arguments)])
    settings.cache_clear()


@pytest.fixture
def ledger(run, sqlite_url):
    """The small calendar, in use now."""
    engine = open_database(sqlite_url)
    with Session(engine) as session, session.begin():
        put_in_use(session, datetime.now(UTC))
        keys = session.query(OccurrenceRow.key).filter(OccurrenceRow.deliverable == "levering")
        key = max(key for (key,) in keys if key.endswith("/46"))
    yield engine, key
    engine.dispose()


def test_before_the_first_plan_it_says_so(run, sqlite_url):
    result = run("contacts", "check")
    assert result.exit_code == 1
    assert "Ingen kalender er i bruk ennå" in result.output


def test_contacts_are_added_listed_checked_and_removed(run, ledger):
    assert "3 roller mangler ansvarlig" not in run("contacts", "check").output
    added = run(
        "contacts", "add", "skole@fylke46.example", "--scope", "46", "--role", "fylke-skole"
    )
    assert added.output == "Kontakt 1: skole@fylke46.example\n"
    assert "skole@fylke46.example" in run("contacts", "list", "--scope", "46").output
    assert "Ingen kontakter" in run("contacts", "list", "--scope", "42").output
    checked = run("contacts", "check").output
    assert "Ingen kontakt for «Fylkets ansvarlige for skoledata» (Agder)" in checked
    assert "(Vestland)" not in checked.split("inntakskontor")[0]
    assert run("contacts", "remove", 1).exit_code == 0
    assert run("contacts", "remove", 99).exit_code == 1


def test_a_webhooks_secret_is_shown_once(run, ledger):
    where = ("--scope", "46", "--role", "fylke-skole", "--channel", "webhook")
    added = run("contacts", "add", "https://krok.example/inn", *where)
    assert "whsec_" in added.output
    assert "whsec_" not in run("contacts", "list").output


@pytest.mark.parametrize(
    ("channel", "address"), [("webhook", "https://127.0.0.1:1/inn"), ("teams", "https://[::1]/inn")]
)
def test_an_address_inside_our_own_walls_is_refused_when_it_is_added(run, ledger, channel, address):
    where = ("--scope", "46", "--role", "fylke-skole", "--channel", channel)
    refused = run("contacts", "add", address, *where)
    assert refused.exit_code == 1
    assert "AARSHJUL_WEBHOOK_NETWORKS" in refused.output
    assert "Ingen kontakter" in run("contacts", "list").output


@pytest.mark.parametrize("option", [("list",), ("preview",), ("log",)])
def test_a_county_that_does_not_exist_is_refused_with_advice(run, ledger, option):
    group = "notices" if option == ("list",) else "reminders"
    result = run(group, *option, "--scope", "47")
    assert result.exit_code == 2
    assert "«47» er ikke et fylkesnummer" in result.output


def test_a_file_of_contacts_is_read_or_every_fault_told(run, ledger, tmp_path):
    file = tmp_path / "kontakter.csv"
    file.write_text("fylke,rolle,nivå,kanal,adresse\n99,fylke-skole,1,email,x@y.example\n", "utf-8")
    refused = run("contacts", "import", file)
    assert refused.exit_code == 1
    assert "linje 2: Fylket «99» finnes ikke" in refused.output
    file.write_bytes("fylke;rolle;nivå;kanal;adresse\n".encode("latin-1"))
    assert "ikke UTF-8" in run("contacts", "import", file).output
    file.write_text("fylke;rolle;nivå;kanal;adresse\n46;fylke-skole;1;email;x@y.example\n", "utf-8")
    assert run("contacts", "import", file).output == "Lest inn: 1\n"


def test_a_notice_is_listed_and_acknowledged(run, ledger):
    engine, _ = ledger
    calendar, text = changed("date: 24. oktober", "date: 21. oktober")
    with Session(engine) as session, session.begin():
        put_in_use(session, datetime.now(UTC), calendar, text)
    assert "endring/2/46/fylke-skole" in run("notices", "list", "--scope", "46").output
    acked = run("notices", "ack", "endring/2/46/fylke-skole", "--by", "Skolekontoret")
    assert "av Skolekontoret" in acked.output
    assert "Ingen varsler venter" in run("notices", "list", "--scope", "46").output
    assert "Skolekontoret" in run("notices", "list", "--all").output.replace("\n", " ")
    assert run("notices", "ack", "endring/9/46/x", "--by", "Kari").exit_code == 1


def test_the_week_ahead_is_shown_with_who_and_why(run, ledger):
    run("contacts", "add", "skole@fylke46.example", "--scope", "46", "--role", "fylke-skole")
    shown = run("reminders", "preview", "--days", "60")
    assert shown.exit_code == 0
    assert shown.output.splitlines()[-1].startswith("Sendes: ")
    assert max(map(len, shown.output.splitlines())) <= 80
    assert run("reminders", "log").output == "Ingen meldinger ennå.\n"


def test_silences_and_nothing_to_report(run, ledger):
    engine, key = ledger
    run("contacts", "add", "skole@fylke46.example", "--scope", "46", "--role", "fylke-skole")
    role = ("--role", "fylke-skole", "--by", "Skolekontoret")
    assert "hoppes over" in run("reminders", "ack", key, *role).output
    assert "forbi" in run("reminders", "snooze", key, *role, "--until", "2090-01-01").output
    wrong = run("reminders", "ack", key, "--role", "fylke-skol", "--by", "Kari")
    assert "Mente du «fylke-skole»?" in wrong.output
    reported = run("report", key, "--nothing", "--by", "Skolekontoret", "--why", "Ingen elever.")
    assert reported.output == f"Ingenting å rapportere: {key}\n"
    with Session(engine) as session:
        assert session.get_one(OccurrenceRow, key).outcome == "nothing"
        assert session.query(MessageRow).count() == 1
    assert "Ingenting å rapportere" in run("reminders", "log", "--scope", "46").output
    assert run("reminders", "ack", key, *role).exit_code == 1
    assert "ingenting å rapportere" in run("show", key).output


@pytest.mark.parametrize(
    "words",
    [
        ("contacts", "remove", 10**20),
        ("contacts", "confirm", 10**20, "kode"),
        ("messages", "test", 10**20),
    ],
)
def test_a_number_larger_than_any_row_is_refused(run, ledger, words):
    assert run(*words).exit_code == 2


def test_the_log_says_the_state_in_norwegian(run, ledger):
    engine, _ = ledger
    run("contacts", "add", "skole@fylke46.example", "--scope", "46", "--role", "fylke-skole")
    with Session(engine) as session, session.begin():
        put_in_use(session, datetime.now(UTC), *changed("date: 24. oktober", "date: 21. oktober"))
    assert "Skal sendes" in run("reminders", "log").output
