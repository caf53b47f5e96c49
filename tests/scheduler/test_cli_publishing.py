"""`aarshjul calendar diff`, `publish`, `history`, `as-of`, `rollover`, run as a person runs them."""

import io
import json
from datetime import datetime, timedelta

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from scheduler.calendar import SchoolYear, expand
from scheduler.calendar.occurrence import OSLO
from scheduler.cli import cli
from scheduler.ledger.database import open_database
from scheduler.ledger.tables import CalendarVersion
from scheduler.settings import settings
from tests.scheduler.live import this_cycle
from tests.scheduler.small import EARLIER, ONE_COUNTY, RENAMED, SMALL, calendar_of


@pytest.fixture
def file(tmp_path, monkeypatch):
    """The service's calendar, published already as it stands."""
    path = tmp_path / "calendar.yaml"
    path.write_text(SMALL, encoding="utf-8")
    monkeypatch.setenv("AARSHJUL_DATA_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("AARSHJUL_CALENDAR", str(path))
    monkeypatch.setenv("AARSHJUL_PUBLISH", "by-command")
    settings.cache_clear()
    assert CliRunner().invoke(cli, ["plan", "--actor", "Kari"]).exit_code == 0
    yield path
    settings.cache_clear()


def run(*words, expect=0, typed=None):
    result = CliRunner().invoke(cli, ["calendar", *map(str, words)], input=typed)
    assert result.exit_code == expect, result.output
    assert "Traceback" not in result.output
    return result


def version_count():
    database = open_database(settings().ledger_url)
    with Session(database) as session:
        found = session.scalar(select(func.count()).select_from(CalendarVersion))
    database.dispose()
    return found


def written(tmp_path, name, text):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def test_diff_lists_old_and_new_dates_with_places_together(tmp_path):
    old, new = written(tmp_path, "old.yaml", SMALL), written(tmp_path, "new.yaml", EARLIER)
    text = run("diff", old, new, "--school-year", "2026-2027").stdout
    assert text.splitlines()[:4] == [
        "Flyttet",
        "  En import (en-import, 2026-2027) · alle fylker",
        "    frist 15.10.2026 → 08.10.2026",
        "    etter kalenderen 15.10.2026 → 08.10.2026",
    ]
    assert max(map(len, text.splitlines())) <= 80


def test_diff_names_the_one_county_and_the_new_words(tmp_path):
    old = written(tmp_path, "old.yaml", SMALL)
    one, named = (
        written(tmp_path, "one.yaml", ONE_COUNTY),
        written(tmp_path, "named.yaml", RENAMED),
    )
    assert "· Vestland\n" in run("diff", old, one, "--school-year", "2026-2027").stdout
    assert "endret: navnet" in run("diff", old, named).stdout
    assert run("diff", old, old).stdout == "Ingen forskjell i datoer eller tekst.\n"


def test_diff_as_json_groups_the_places(tmp_path):
    old, new = written(tmp_path, "old.yaml", SMALL), written(tmp_path, "new.yaml", EARLIER)
    found = json.loads(
        run("diff", old, new, "--school-year", "2026-2027", "--format", "json").stdout
    )
    assert [(group["deliverable"], group["scopes"]) for group in found] == [
        ("en-import", ["42", "46"]),
        ("en-levering", ["42", "46"]),
    ]
    assert found[0]["before"]["due"] == "2026-10-15"
    assert found[0]["after"]["due"] == "2026-10-08"


def test_diff_of_a_missing_or_broken_file_is_a_sentence(tmp_path):
    good = written(tmp_path, "old.yaml", SMALL)
    assert "kan ikke leses" in run("diff", good, tmp_path / "ingen.yaml", expect=1).stderr
    broken = written(tmp_path, "new.yaml", SMALL.replace("15. oktober", "32. oktober"))
    assert "new.yaml:" in run("diff", good, broken, expect=1).stderr
    assert "skoleår" in run("diff", good, good, "--school-year", "26-27", expect=2).stderr


def test_publish_shows_whom_it_touches_before_it_asks(file):
    file.write_text(EARLIER, encoding="utf-8")
    shown = run("publish", "--by", "Kari", "--why", "Avtalt", typed="n\n", expect=1).output
    assert "alle fylker" in shown
    assert "Inntakskontoret" in shown
    assert "Publisere? [j/N]:" in shown
    assert "Ingenting er publisert" in shown
    assert version_count() == 1
    run("publish", "--by", "Kari", "--why", "Avtalt", typed="j\n")
    assert version_count() == 2


def test_a_dry_run_publishes_nothing(file):
    file.write_text(EARLIER, encoding="utf-8")
    shown = run("publish", "--by", "Kari", "--dry-run").stdout
    assert "Oppsummert:" in shown
    assert version_count() == 1


def test_publishing_needs_a_reason_and_a_name(file):
    file.write_text(EARLIER, encoding="utf-8")
    assert "--why" in run("publish", "--by", "Kari", "--yes", expect=2).stderr
    assert "--by" in run("publish", "--why", "Avtalt", "--yes", expect=2).stderr
    assert version_count() == 1


class _EditedMeanwhile(io.BytesIO):
    """What a person types, who saves the file while the question stands."""

    def __init__(self, file, text):
        super().__init__(b"j\n")
        self._save = lambda: file.write_text(text, encoding="utf-8")

    def read1(self, *size):
        self._save()
        return super().read1(*size)


def test_a_file_saved_while_one_reads_is_not_published(file):
    file.write_text(EARLIER, encoding="utf-8")
    typed = _EditedMeanwhile(file, RENAMED)
    shown = run("publish", "--by", "Kari", "--why", "Avtalt", typed=typed, expect=1).output
    assert "Filen ble endret mens du leste; se på forskjellen på nytt." in shown
    assert version_count() == 1


def test_the_same_file_again_is_nothing_to_publish(file):
    shown = run("publish", "--by", "Kari", "--why", "Avtalt", "--yes").stdout
    assert "Ingenting å publisere: versjon 1 er alt i bruk." in shown


def test_planning_does_not_go_round_the_command(file):
    file.write_text(EARLIER, encoding="utf-8")
    refused = CliRunner().invoke(cli, ["plan"])
    assert refused.exit_code == 1
    assert "aarshjul calendar publish" in refused.output
    assert version_count() == 1


def test_history_tells_who_why_and_what(file):
    file.write_text(EARLIER, encoding="utf-8")
    run("publish", "--by", "Kari Nordmann", "--why", "SSB ba om det", "--yes")
    listed = run("history").stdout
    assert "Kari Nordmann, åtte endringer" in listed
    assert "SSB ba om det" in listed
    of_row = " ".join(run("history", "--deliverable", "en-import").stdout.split())
    before, after = (first_due(text) for text in (SMALL, EARLIER))
    assert f"to fylker: frist {before} → {after}" in of_row
    of_version = " ".join(run("history", "--version", "2").stdout.split())
    assert f"en-import, {this_cycle()}, to fylker: frist {before} → {after}" in of_version


def test_a_version_that_is_not_there_is_named(file):
    assert "ingen versjon 9" in run("history", "--version", "9", expect=1).output
    both = run("history", "--version", "1", "--deliverable", "en-import", expect=2)
    assert "Velg enten" in both.output


def first_due(text):
    """The day that the import is due this year, as tables write it."""
    key = f"en-import/{this_cycle()}/only/46"
    return next(
        f"{found.due:%d.%m.%Y}"
        for found in expand(calendar_of(text), this_cycle())
        if found.key == key
    )


def test_as_of_shows_the_day_s_dates_and_refuses_a_day_before_them(file):
    today = datetime.now(OSLO).date()
    listed = run("as-of", today, "--county", "46").stdout
    assert listed.startswith("Versjon 1, publisert")
    assert "En import" in listed
    records = json.loads(run("as-of", today, "--county", "46", "--format", "json").stdout)
    assert {record["key"].rpartition("/")[2] for record in records} == {"46"}
    early = run("as-of", today - timedelta(days=3), expect=1).output
    assert "Ingenting var publisert" in early
    assert "fylkesnummer" in run("as-of", today, "--county", "99", expect=2).output


def test_a_year_is_approved_by_two_and_the_approval_taken_back(file):
    following = SchoolYear(this_cycle()).next
    assert "venter på to godkjenninger" in run("rollover", following).stdout
    assert "venter på én" in run("approve", following, "--by", "Kari").stdout
    assert "annen person" in run("approve", following, "--by", "kari", expect=1).output
    approved = run("approve", following, "--by", "Ola", "--note", "Sett på møtet").stdout
    assert f"Skoleåret {following.replace('-', '–')} er godkjent av Kari og Ola." in approved
    taken = run("unapprove", following, "--by", "Ola", "--why", "Feil dato").stdout
    assert "venter på to godkjenninger" in taken
    assert "er ikke et skoleår" in run("rollover", "2027", expect=2).output


def test_a_dry_run_asks_for_no_name_and_publishing_does(file):
    file.write_text(EARLIER, encoding="utf-8")
    assert "Oppsummert:" in run("publish", "--dry-run").stdout
    assert "(--by)" in run("publish", "--why", "Prøve", "--yes", expect=2).output
    assert version_count() == 1


def test_a_file_that_is_not_utf_8_is_refused_with_its_line(file):
    file.write_bytes(SMALL.encode() + "# Åpen\n".encode("latin-1"))
    assert "Lagre den på nytt med tegnsettet UTF-8" in run("publish", "--dry-run", expect=1).output


def test_a_byte_order_mark_is_no_change(file):
    file.write_text(SMALL, encoding="utf-8-sig")
    words = ("publish", "--by", "Kari", "--why", "Prøve", "--yes")
    assert "Ingenting å publisere" in run(*words).output


def test_the_history_of_an_unknown_row_is_refused_with_advice(file):
    assert "Mente du «en-import»?" in run("history", "--deliverable", "en-inport", expect=2).output
    assert "Ingenting" in run("history", "--deliverable", "en-import").stdout


def test_one_county_is_spoken_of_in_the_neuter(file):
    day = datetime.now(OSLO).date()
    assert "· ett fylke" in run("as-of", day, "--county", "46").stdout


def test_a_day_to_come_has_not_been_seen_by_anybody(file):
    assert "er ikke kommet ennå" in run("as-of", "9999-12-31", expect=2).output
