"""`aarshjul calendar slack`, `days`, and the derivation as JSON, run as a person runs them."""

import json

import pytest
from click.testing import CliRunner

from scheduler.cli import cli
from tests.scheduler.calendar.naive import evaluate
from tests.scheduler.calendar.right import RIGHT


def run(*words, expect=0):
    result = CliRunner().invoke(cli, ["calendar", *map(str, words)])
    assert result.exit_code == expect, result.output
    return result


def test_the_smallest_slack_is_the_headline():
    text = run("slack", "--school-year", "2025-2026", "--county", "46").stdout
    assert text.startswith(
        "Slakk i arbeidsdager 2025-2026, Vestland\n\nMinste slakk: minus én arbeidsdag, fra "
    )
    assert "16.06.2026  16.06.2026    16.06.2026      -1  ot-data-0615" in text
    assert "For trangt, men tillatt: Når telledatoen er en mandag" in text


def test_every_step_shows_when_it_must_be_done_and_begun():
    text = run("slack", "--school-year", "2026-2027", "--county", "46").stdout
    assert "Frist       Ferdig innen  Start innen  Slakk  Rad" in text
    assert "07.07.2027  07.07.2027    07.07.2027          inn-1inntak" in text
    assert "09.07.2027  09.07.2027    09.07.2027       1  inn-inntaksdata-jul" in text


def test_the_days_of_a_county_name_the_break_and_how_it_is_known():
    text = run("days", "--school-year", "2026-2027", "--county", "39").stdout
    assert "01.10.2026  15.10.2026     10      5      5  skole-off-telling-okt" in text
    assert "Høstferie (P)" in text
    guessed = run("days", "--school-year", "2026-2027", "--county", "46").stdout
    assert "Høstferie (I)" in guessed
    assert "Høstferie (P)" not in guessed


def test_without_a_county_every_county_is_shown():
    text = run("days", "--school-year", "2026-2027").stdout
    assert text.count("Igjen  Rad") == 15
    assert "\nFinnmark\n" in text


@pytest.mark.parametrize("command", ["slack", "days", "show"])
def test_it_fits_80_columns(command):
    text = run(command, "--school-year", "2025-2026", "--county", "46").stdout
    assert max(map(len, text.splitlines())) <= 80


def test_a_calendar_without_orders_says_so(tmp_path):
    file = tmp_path / "kalender.yaml"
    edge = "    depends_on:\n      - {deliverable: en-import, strength: hard, label: I}\n"
    file.write_text(RIGHT.replace(edge, ""), encoding="utf-8")
    assert "Ingen rader venter på hverandre." in run("slack", "--file", file).stdout


@pytest.mark.parametrize("command", ["slack", "days"])
def test_a_county_that_does_not_exist_gets_advice(command):
    assert "«99» er ikke et fylkesnummer" in run(command, "--county", "99", expect=2).stderr


def test_the_derivation_as_json_is_enough_to_work_out_the_date():
    words = ("explain", "stat-ssbelev-l1", "--school-year", "2026-2027", "--format", "json")
    (line,) = json.loads(run(*words).stdout)
    assert [day.isoformat() for day in evaluate(line["trace"])] == [line["nominal"], line["due"]]
    assert line["explanation"].startswith(
        "Regelen er 24. oktober, som gir lørdag 24. oktober 2026."
    )


def test_an_open_question_is_shown_where_the_row_is_listed_and_explained():
    shown = run("show", "--school-year", "2026-2027", "--area", "ot").stdout
    assert "Ikke avklart: Når på året skal ungdom" in shown
    told = run("explain", "ot-overforing-elever", "--school-year", "2026-2027").stdout
    assert "Avgjøres av fylkene og Novari." in told
    assert "spørsmål som ikke er avklart" in run("check").stdout


def test_a_county_that_a_person_gave_another_date_stands_apart(tmp_path):
    """Also when the day is the same as the others', for the reason is another."""
    decided = (
        "    overrides: [{school_year: 2026-2027, counties: ['42'], date: 15. oktober 2026, "
        "reason: Avtalt dag., decided_by: SSB, label: P}]\n"
    )
    text = RIGHT.replace("    description: En import.\n", f"    description: En import.\n{decided}")
    file = tmp_path / "kalender.yaml"
    file.write_text(text, encoding="utf-8")
    told = run("explain", "en-import", "--school-year", "2026-2027", "--file", file).stdout
    assert told.count("Frist torsdag 15. oktober 2026") == 2
    assert "Avtalt dag. Besluttet av SSB: fristen er torsdag 15. oktober 2026." in told
