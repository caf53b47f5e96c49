"""Whole years lived by the real service: the same every time, nothing lost, nothing doubled."""

import hashlib
import json
import subprocess
import sys

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scheduler.settings import PROJECT_ROOT
from scheduler.simulate.scenario import FEW, MANY, Data, Fault
from tests.simulation.small import CALENDAR, YEAR, lived, scenario

GOLDEN = CALENDAR.parent / "golden" / "few.json"
CRASHES = (Fault.CRASH_IN_STEP, Fault.CRASH_AFTER_STEP, Fault.CRASH_IN_TICK)


def simulated(*options):
    """The command in a process of its own, with the small calendar; (exit code, ledger, words)."""
    command = [sys.executable, "-m", "scheduler.cli", "simulate", "--json", "-"]
    done = subprocess.run(
        [*command, "--school-year", YEAR, *options],
        env={"AARSHJUL_CALENDAR": str(CALENDAR), "PYTHONPATH": str(PROJECT_ROOT), "COLUMNS": "80"},
        capture_output=True,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr.decode()


@pytest.mark.chaos
def test_a_year_with_each_fault_is_the_golden_one_to_the_byte():
    """After a change that is meant to change the year, write the golden ledger anew:

    AARSHJUL_CALENDAR=tests/simulation/calendar.yaml aarshjul simulate --school-year 2026-2027
    --faults few --json tests/simulation/golden/few.json
    """
    code, content, words = simulated("--faults", "few")
    assert code == 0, words
    assert content.decode() == GOLDEN.read_text(encoding="utf-8")
    assert hashlib.sha256(content).hexdigest() in words
    assert all(len(line) <= 80 for line in words.splitlines())
    assert {row["fault"] for row in json.loads(content)["faults"]} == {f.value for f in FEW}


def test_deaths_in_an_import_and_a_delivery_change_no_byte_of_what_is_delivered(tmp_path):
    wanted = scenario(
        data=Data.SMALL, counties=("46",), faults=dict.fromkeys((*CRASHES, Fault.OUTAGE_1_H), 1)
    )
    found = lived(tmp_path / "year", wanted)
    assert found.faults == []
    assert found.crashes == len(CRASHES)
    assert [row["occurrence"] for row in found.ledger["outbox"]] == [f"stat-ssbelev/{YEAR}/only/46"]
    assert found.other_basis == []


@pytest.mark.chaos
@pytest.mark.parametrize("data", list(Data))
def test_the_same_seed_is_the_same_year_to_the_byte(data, tmp_path):
    wanted = scenario(data=data, faults=FEW, seed=11)
    first, again = (lived(tmp_path / name, wanted) for name in ("first", "again"))
    assert first.content == again.content


@pytest.mark.chaos
@pytest.mark.parametrize("fault", list(Fault))
def test_each_fault_alone_is_survived(fault, tmp_path):
    found = lived(tmp_path / "year", scenario(data=Data.SMALL, faults={fault: 2}, seed=5))
    assert found.faults == []


@pytest.mark.chaos
@settings(
    max_examples=10,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(
    seed=st.integers(0, 2**32),
    faults=st.dictionaries(st.sampled_from(list(Fault)), st.integers(1, 3), min_size=1),
    data=st.sampled_from(list(Data)),
)
def test_no_seed_and_no_faults_lose_or_double_anything(seed, faults, data, tmp_path_factory):
    folder = tmp_path_factory.mktemp("year") / "lived"
    found = lived(folder, scenario(data=data, faults=faults, seed=seed))
    assert found.faults == []


@pytest.mark.chaos
def test_the_whole_country_is_lived_with_many_faults(tmp_path):
    text = (PROJECT_ROOT / "calendar.yaml").read_text(encoding="utf-8")
    found = lived(tmp_path / "year", scenario(data=Data.SMALL, faults=MANY), text)
    assert found.faults == []
