"""The command line shows what was sent, and lets a person decide and confirm."""

import json

import pytest
from click.testing import CliRunner

from scheduler.cli import cli
from scheduler.settings import settings as process_settings
from tests.scheduler.notify_channels.desk import add_contact, message, put, row_of, set_row


def call(*words):
    return CliRunner().invoke(cli, [str(word) for word in words])


@pytest.fixture
def run(tmp_path, database_url, monkeypatch):
    monkeypatch.setenv("AARSHJUL_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("AARSHJUL_DATABASE_URL", database_url)
    process_settings.cache_clear()
    yield lambda *words: call("messages", *words)
    process_settings.cache_clear()


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("AARSHJUL_MAIL_FOLDER", str(tmp_path / "mail"))
    return tmp_path / "mail"


def test_messages_are_listed_and_a_missing_mail_server_is_told(run, database):
    contact = add_contact(database)
    put(database, message("a", contact), message("b", contact))
    set_row(database, f"b/{contact}", state="sent")
    answer = run("list")
    assert f"a/{contact}" in answer.output
    assert "E-post er ikke satt opp (AARSHJUL_SMTP_HOST)." in answer.output
    only = json.loads(run("list", "--state", "sent", "--format", "json").stdout)
    assert [row["id"] for row in only] == [f"b/{contact}"]
    assert run("list", "--scope", "03").stdout == "Ingen meldinger.\n"


def test_a_message_is_shown_with_what_went_wrong(run, database):
    contact = add_contact(database)
    put(database, message("a", contact))
    set_row(database, f"a/{contact}", state="failed", fault="E-posttjeneren svarte 550: Ukjent")
    answer = run("show", f"a/{contact}")
    assert "550: Ukjent" in answer.output
    assert "Gitt opp" in answer.output
    assert "Fristen er flyttet." in answer.output
    assert run("show", "borte").exit_code == 1


def test_an_unknown_message_is_decided_by_somebody(run, database):
    contact = add_contact(database)
    put(database, message("a", contact))
    set_row(database, f"a/{contact}", state="unknown")
    assert run("resolve", f"a/{contact}", "--by", "drift").exit_code == 2
    assert run("resolve", f"a/{contact}", "--sent", "--by", " ").exit_code == 2
    assert run("resolve", f"a/{contact}", "--sent").exit_code == 2
    assert row_of(database, f"a/{contact}").state == "unknown"
    assert (
        run("resolve", f"a/{contact}", "--sent", "--by", "drift").output == f"a/{contact}: Sendt\n"
    )
    again = run("resolve", f"a/{contact}", "--again", "--by", "drift")
    assert again.exit_code == 1
    assert "ikke noe å avgjøre" in again.output


def test_a_contact_is_tried_and_confirmed(run, database, folder):
    contact = add_contact(database)
    answer = run("test", contact)
    assert answer.exit_code == 0
    assert "sendt, ikke bekreftet" in answer.output
    (letter,) = folder.iterdir()
    code = letter.read_text().partition("?kode=3D")[2] or letter.read_text().partition("?kode=")[2]
    assert call("contacts", "confirm", contact, "000").exit_code == 1
    assert (
        "Bekreftet: inntak@fylke46.example" in call("contacts", "confirm", contact, code[:6]).output
    )


def test_a_test_that_cannot_be_sent_says_why(run, database):
    mail, hook = add_contact(database), add_contact(database, "webhook", "https://127.0.0.1:9/")
    assert "E-post er ikke satt opp" in run("test", mail).output
    answer = run("test", hook)
    assert answer.exit_code == 1
    assert "AARSHJUL_WEBHOOK_NETWORKS" in answer.output
    assert run("test", 999).exit_code == 1
