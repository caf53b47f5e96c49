"""Steering from the command line: pauses and deeds, with a reason and in readable words."""

import json

import pytest
from click.testing import CliRunner

from scheduler.cli import cli
from scheduler.settings import settings


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.setenv("AARSHJUL_DATA_DIR", str(tmp_path))
    settings.cache_clear()
    yield lambda *arguments: CliRunner().invoke(cli, [*map(str, arguments)])
    settings.cache_clear()


def test_a_pause_is_set_listed_and_ended(run):
    run("plan")
    assert "Ingenting er på pause." in run("pauses").output
    begun = run("pause", "--county", "46", "--until", "2126-12-03", "--why", "Flytter")
    assert "Pause 1: Vestland er på pause til 3. desember 2126: Flytter" in begun.output
    (listed,) = json.loads(run("pauses", "--format", "json").output)
    assert (listed["county"], listed["holds"], listed["why"]) == ("46", True, "Flytter")
    assert "Pause 1 er avsluttet." in run("resume", "1", "--why", "Ferdig").output
    assert "Ingenting er på pause." in run("pauses").output
    everything = run("pauses", "--all").output
    assert "Avsluttet" in everything
    assert "Ferdig" in everything


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("pause",), 2, "--why"),
        (("pause", "--why", " "), 2, "Begrunnelsen kan ikke være tom."),
        (("pause", "--until", "i morgen", "--why", "x"), 2, "er ikke en dato"),
        (("pause", "--until", "2020-01-01", "--why", "x"), 1, "er ikke en dag som kommer"),
        (("pause", "--county", "45", "--why", "x"), 1, "er ikke et fylkesnummer"),
        (("resume", "7", "--why", "x"), 1, "Fant ingen pause 7."),
    ],
)
def test_what_cannot_be_paused_is_one_readable_line(run, words, code, said):
    run("plan")
    result = run(*words)
    assert result.exit_code == code
    assert said in result.output
