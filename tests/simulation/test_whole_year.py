"""A year in which everybody delivers: the final results of the cycle before, with receipt, forwarding and card."""

import zipfile

import pytest
from click.testing import CliRunner

from scheduler.cli import cli
from scheduler.settings import settings
from scheduler.simulate.counties import What, deeds
from scheduler.simulate.scenario import Data
from tests.simulation.small import SMALL, YEAR, lived, scenario
from tests.simulation.test_scripts import CALENDAR

COUNTY, NEXT = "42", "2027-2028"
FIRST = f"stat-ssbresultat-l1/{YEAR}/first/{COUNTY}"
FINAL = f"stat-ssbresultat-endelig/{NEXT}/final/{COUNTY}"
RESULTS = """
  skole-off-slutt-jun:
    name: Elever og resultater ved skoleårets slutt
    areas: [skole]
    kind: import
    scope: county
    sender: fylke
    receiver: vigo
    audience: [fylke-skole]
    job: import-school-year-end
    due: {date: 25. juni, shift: preceding}
    evidence: {label: S, day_label: I, sources: [S]}
    description: Resultatene for skoleåret.
  stat-ssbresultat-l1:
    name: ssbResultat, 1. levering
    areas: [skole]
    kind: delivery
    scope: county
    stage: first
    sender: fylke
    receiver: ssb
    audience: [fylke-skole]
    job: deliver-ssbresultat
    due: {date: 15. juli, shift: preceding}
    depends_on:
      - {deliverable: skole-off-slutt-jun, strength: hard, label: I}
    evidence: {label: S, day_label: I, sources: [S]}
    description: Resultatene, første levering.
  stat-ssbresultat-endelig:
    name: ssbResultat, endelig levering
    areas: [skole]
    kind: delivery
    scope: county
    stage: final
    sender: fylke
    receiver: ssb
    audience: [fylke-skole]
    job: deliver-ssbresultat-final
    due: {date: 24. september, shift: preceding}
    depends_on:
      - {deliverable: stat-ssbresultat-l1, strength: hard, cycle: previous, label: I}
    evidence: {label: S, day_label: I, sources: [S]}
    description: Resultatene for forrige skoleår, endelig levering.
  videresending:
    name: Videresending til Udir
    areas: [skole]
    kind: forwarding
    scope: national
    sender: vigo
    receiver: ssb
    audience: [fylke-skole]
    due: {after: [stat-ssbresultat-endelig], working_days: 1, shift: following}
    depends_on:
      - {deliverable: stat-ssbresultat-endelig, strength: soft, label: I}
    evidence: {label: S, day_label: I, sources: [S]}
    description: Filene går videre neste arbeidsdag.
"""


@pytest.fixture
def year(tmp_path, monkeypatch):
    """Two school years of one county, and its data folder as the one that commands look in."""
    wanted = scenario(data=Data.WHOLE, counties=(COUNTY,), years=2)
    found = lived(tmp_path / "years", wanted, SMALL + RESULTS)
    monkeypatch.setenv("AARSHJUL_DATA_DIR", str(tmp_path / "years"))
    settings.cache_clear()
    yield found
    settings.cache_clear()


@pytest.mark.chaos
def test_the_final_results_of_the_year_before_go_out_and_on_and_have_their_card(year, tmp_path):
    assert year.faults == []
    sent = {row["occurrence"] for row in year.ledger["outbox"]}
    assert {FIRST, FINAL} <= sent
    outcomes = {row["key"]: row.get("outcome") for row in year.ledger["occurrences"]}
    assert (outcomes[FIRST], outcomes[FINAL]) == ("done", "done")
    forwarded = {
        row["occurrence_key"] for row in year.ledger["decisions"] if row["action"] == "forwarded"
    }
    assert forwarded
    assert all(outcomes[key] == "done" for key in forwarded)
    out = tmp_path / "kort.zip"
    made = CliRunner().invoke(cli, ["cards", "--school-year", NEXT, "--out", str(out)])
    assert made.exit_code == 0, made.output
    with zipfile.ZipFile(out) as archive:
        names = archive.namelist()
        index = archive.read("innhold.csv").decode("utf-8-sig")
    assert f"{COUNTY}/stat-ssbresultat-endelig_{NEXT}_final_{COUNTY}.pdf" in names
    (row,) = [line for line in index.splitlines() if line.startswith(FINAL)]
    assert ";confirmed;" in row


def test_in_a_whole_year_everybody_who_may_send_a_file_sends_it_in_time():
    found = deeds(CALENDAR, YEAR, 1, Data.WHOLE)
    assert {deed.what for deed in found} == {What.FILE}
    assert len(found) == len({deed.key for deed in found}) == 2 * len(CALENDAR.counties)
