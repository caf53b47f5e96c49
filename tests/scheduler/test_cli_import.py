"""`aarshjul import`: files reach the inbox by command, and their fate is followed."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner

from jobs.synth import write_extract
from scheduler.cli import cli
from scheduler.daemon import Service
from scheduler.settings import read_settings, settings
from tests.scheduler import live


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.setenv("AARSHJUL_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("AARSHJUL_CALENDAR", str(live.open_all_year(tmp_path)))
    settings.cache_clear()
    yield lambda *arguments: CliRunner().invoke(cli, ["import", *map(str, arguments)])
    settings.cache_clear()


@pytest.fixture
def extract(tmp_path):
    path = tmp_path / "telling.txt"
    write_extract(path, "46", live.this_cycle(), seed=7, scale="small")
    return path


def inbox(tmp_path):
    return [path.name for path in (tmp_path / "data").glob("inbox/*/*/*")]


def test_a_file_is_put_in_the_inbox_and_the_answer_is_pointed_at(run, extract, tmp_path):
    result = run(extract, "--county", "46", "--deliverable", live.IMPORT)
    assert result.exit_code == 0, result.output
    assert str(tmp_path / "data" / "returns" / "46") in result.output
    assert inbox(tmp_path) == ["telling.txt"]
    assert extract.exists()


def test_a_file_from_another_county_is_refused_before_any_is_copied(run, extract, tmp_path):
    fitting = tmp_path / "oslo.txt"
    write_extract(fitting, "03", live.this_cycle(), seed=7, scale="small")
    result = run(fitting, extract, "--county", "03", "--deliverable", live.IMPORT)
    assert (result.exit_code, inbox(tmp_path)) == (1, [])
    assert "annet fylke enn 03" in result.output


@pytest.mark.parametrize("sender", [(), ("--county", "46", "--national")])
def test_exactly_one_sender_is_named(run, extract, sender):
    assert run(extract, "--deliverable", live.IMPORT, *sender).exit_code == 2


def test_an_unknown_deliverable_is_refused_with_the_known_ones(run, extract):
    result = run(extract, "--county", "46", "--deliverable", "finnes-ikke")
    assert result.exit_code == 1
    assert live.IMPORT in result.output


def wait_for(run, path):
    """Follow the file while a real service takes it in."""
    with Service(read_settings(), lambda: datetime.now(UTC)) as service, ThreadPoolExecutor(1) as p:
        asked = p.submit(run, path, "--county", "46", "--deliverable", live.IMPORT, "--wait")

        def settled():
            service.tick()
            return asked.done()

        live.wait_until(settled)
        return asked.result()


def test_waiting_ends_with_the_summary_of_a_loaded_file(run, extract):
    result = wait_for(run, extract)
    assert result.exit_code == 0, result.output
    assert "er lastet" in result.output


def test_waiting_for_a_file_that_is_refused_exits_with_one(run, tmp_path):
    wrong = tmp_path / "feil.txt"
    wrong.write_text("ikke et uttrekk\n", encoding="utf-8")
    result = wait_for(run, wrong)
    assert result.exit_code == 1
    assert "er avvist" in result.output
