"""`aarshjul accounts`: people and their roles from the command line."""

import pytest
from click.testing import CliRunner
from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.access.roles import Role
from scheduler.access.tables import AccountRow, GrantRow
from scheduler.cli import cli
from scheduler.demo.accounts import ACCOUNTS, PASSWORD, seed_accounts
from scheduler.settings import settings
from tests.web import seed

LONG = "et langt nok passord"


@pytest.fixture
def run(config, engine, monkeypatch):
    monkeypatch.setenv("AARSHJUL_DATA_DIR", str(config.data_dir))
    settings.cache_clear()
    yield lambda *words, said="": CliRunner().invoke(cli, ["accounts", *words], input=said)
    settings.cache_clear()


def enter(client, password=LONG):
    fields = {"navn": "Kari", "passord": password}
    return client.post("/logg-inn", data=fields).status_code == 303


def test_the_first_administrator_is_made_by_command_and_signs_in(run, client, engine):
    made = run("add", "Kari", "--role", "administrator", said=f"{LONG}\n{LONG}\n")
    assert made.exit_code == 0, made.output
    assert LONG not in made.output
    assert enter(client)
    assert "Administrator" in client.get("/konto").text
    with Session(engine) as session:
        kept = session.scalars(select(AccountRow)).one()
        assert kept.password.startswith("$argon2id$")
        assert LONG not in kept.password


def test_roles_are_given_and_taken_with_who_did_it(run, engine):
    run("add", "Kari", "--role", "county", "--county", "46", "--password", LONG)
    given = run("role", "Kari", "--give", "ot", "--county", "46", "--actor", "ola")
    assert given.output.strip() == "Kari: county 46, ot 46"
    assert "har alt rollen" in run("role", "Kari", "--give", "ot", "--county", "46").output
    assert "har ikke rollen" in run("role", "Kari", "--take", "ot", "--county", "03").output
    run("role", "Kari", "--take", "county", "--county", "46", "--actor", "per")
    assert "ot 46" in run("list").output
    assert "county" not in run("list").output
    with Session(engine) as session:
        rows = session.scalars(select(GrantRow).order_by(GrantRow.id)).all()
    assert [(row.role, row.given_by, row.taken_by) for row in rows][1:] == [("ot", "ola", "")]
    assert (rows[0].role, rows[0].taken_by) == ("county", "per")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--role", "county"), "Oppgi fylkesnummeret"),
        (("--role", "operator", "--county", "46"), "Utelat fylket"),
        (("--role", "county", "--county", "30"), "er ikke et fylkesnummer"),
        (("--role", "konge"), "konge"),
        (("--role", "operator", "--password", "kort"), "mellom 12 og 200 tegn"),
        (("--role", "operator", "--password", "x" * 201), "mellom 12 og 200 tegn"),
    ],
)
def test_what_cannot_be_made_is_said_and_nothing_is_made(run, engine, words, said):
    result = run("add", "Kari", "--password", LONG, *words)
    assert result.exit_code != 0
    assert said in result.output
    with Session(engine) as session:
        assert session.scalars(select(AccountRow)).all() == []


def test_a_name_is_one_persons(run):
    run("add", "Kari", "--role", "viewer", "--password", LONG)
    for name in ("Kari", " Kari  ", "", "x" * 81, "OT\u202e46"):
        assert run("add", name, "--role", "viewer", "--password", LONG).exit_code == 1
    assert "Ingen konto heter" in run("disable", "Ola").output


def test_a_password_and_a_lock_hold_from_now_on(run, client):
    run("add", "Kari", "--role", "viewer", "--password", LONG)
    assert enter(client)
    assert run("password", "Kari", "--password", "et helt annet passord").exit_code == 0
    assert client.get("/konto").status_code == 303
    assert not enter(client)
    assert enter(client, "et helt annet passord")
    run("disable", "Kari", "--actor", "ola")
    assert client.get("/konto").status_code == 303
    assert not enter(client, "et helt annet passord")
    assert "sperret" in run("list").output
    run("enable", "Kari")
    assert enter(client, "et helt annet passord")


def test_the_demonstration_has_an_account_for_every_role_and_shows_the_password(
    config, engine, client
):
    assert {grant.role for _, grant in ACCOUNTS} == set(Role)
    for _ in range(2):
        with Session(engine) as session, session.begin():
            seed_accounts(session, seed.NOW)
    demo = seed.create_site(config.model_copy(update={"demo": True}))
    browser = demo.test_client()
    page = browser.get("/logg-inn").text
    assert PASSWORD in page
    for name, _ in ACCOUNTS:
        assert f"<code>{name}</code>" in page
    answer = browser.post("/logg-inn", data={"navn": "fylke", "passord": PASSWORD})
    assert answer.location == "/konto"
    demo.extensions["aarshjul"].engine.dispose()
    assert PASSWORD not in client.get("/logg-inn").text
