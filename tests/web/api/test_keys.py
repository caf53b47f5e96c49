"""`aarshjul keys` and `aarshjul api`: keys made and taken back, and the page about the API."""

import json

import pytest
from click.testing import CliRunner

from scheduler.access import api_keys
from scheduler.cli import cli
from scheduler.settings import PROJECT_ROOT, settings
from tests.web.api.asking import V1, bearer, refused


@pytest.fixture
def run(config, engine, monkeypatch):
    monkeypatch.setenv("AARSHJUL_DATA_DIR", str(config.data_dir))
    settings.cache_clear()
    yield lambda *words: CliRunner().invoke(cli, [*words])
    settings.cache_clear()


def test_a_key_is_shown_once_and_works_until_it_is_taken_back(run, client):
    made = run("keys", "create", "Vestland", "--scope", "46", "--actor", "kari")
    key = made.stdout.strip()
    assert key.startswith(api_keys.PREFIX)
    assert "kan ikke vises igjen" in made.stderr
    assert client.get(f"{V1}/feed-tokens", headers=bearer(key)).status_code == 200
    listed = run("keys", "list").stdout
    assert "Vestland" in listed
    assert "av kari" in listed
    assert key not in listed
    assert run("keys", "revoke", "Vestland", "--actor", "ola").exit_code == 0
    refused(client.get(f"{V1}/feed-tokens", headers=bearer(key)), 401)
    assert ", trukket " in run("keys", "list").stdout


def test_a_county_that_is_not_there_is_wrong_usage_with_the_known_ones(run):
    result = run("keys", "create", "Viken", "--scope", "30")
    assert result.exit_code == 2
    assert "«30» er ikke et fylkesnummer i årshjulet." in result.output


@pytest.mark.parametrize("name", ["", "  ", "x" * 81, "OT\u202e46"])
def test_a_name_is_short_and_not_empty(run, name):
    result = run("keys", "create", name, "--scope", "46")
    assert result.exit_code == 1
    assert "mellom 1 og 80 tegn" in result.output


def test_two_living_keys_never_share_a_name(run):
    assert run("keys", "create", "Vestland", "--scope", "46").exit_code == 0
    again = run("keys", "create", "Vestland", "--scope", "national")
    assert again.exit_code == 1
    assert "heter alt «Vestland»" in again.output
    assert "Ingen gyldig nøkkel heter «Viken»" in run("keys", "revoke", "Viken").output


def test_the_description_is_what_the_site_serves(run, client):
    assert json.loads(run("api", "describe").stdout) == client.get("/api/openapi.json").json


def test_the_page_about_the_api_is_current(run):
    page = (PROJECT_ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    assert run("api", "docs").stdout == page, "run: aarshjul api docs --out docs/api.md"


def test_every_address_is_described_and_says_that_writing_needs_a_key(app, client):
    paths = client.get("/api/openapi.json").json["paths"]
    described = {(path, method.upper()) for path, item in paths.items() for method in item}
    served = {
        (rule.rule.replace("<", "{").replace(">", "}"), method)
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("api.")
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    assert described == served
    for path, item in paths.items():
        for method, operation in item.items():
            assert method == "get" or operation["security"] == [{"key": []}], path
