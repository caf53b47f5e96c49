"""SIGKILL at every boundary of every step, and inside each: the same run ends with the same traces.

Every workflow of `jobs.JOBS`, by one job of those whose steps do the same work; the others die once in each
step. One run dies at one place after the other, each time in a new process, until there is no place left; then
it ends, and what it left is what an undisturbed run leaves.
"""

import json
import signal

import pytest

from jobs import JOBS
from jobs.api import DataStep
from scheduler.ledger.database import open_database
from tests.chaos.node import played
from tests.chaos.scenes import lived, prepare, scene_of, settings_of, workflows
from tests.chaos.traces import differences, left_behind

WORKFLOWS = workflows()


def in_folder(folder, request, kind, name):
    url = request.getfixturevalue("empty_postgres_url") if kind == "postgres" else ""
    (folder / name).mkdir()
    return settings_of(folder / name, url)


STOOD_FOR = [name for name in lived() if name not in WORKFLOWS]


def places(job, touches):
    """Every place of a job's steps in the order in which a run comes past them."""
    for step in job.steps:
        yield from _of_step(step.name, touches.get(step.name, 0), isinstance(step, DataStep))
    for place in ("before", "commit", "recorded"):
        yield {"step": "settle", "place": place, "touch": 0}


def _of_step(name, touches, is_data):
    yield {"step": name, "place": "before", "touch": 0}
    for touch in sorted({1, (touches + 1) // 2, touches} - {0}):
        yield {"step": name, "place": "touch", "touch": touch}
    for place in ("body", *(("commit",) if is_data else ()), "recorded"):
        yield {"step": name, "place": place, "touch": 0}


def test_every_job_is_killed_or_stood_for_by_one_whose_steps_do_the_same_work():
    named = {prefix: [n for n in JOBS if n.startswith(prefix)] for prefix in ("import", "transfer")}
    statistics = [n for n in JOBS if n.startswith("deliver-") and n != "deliver-ot-data"]
    stood_for = {name: sorted(names) for name, names in WORKFLOWS.items()}
    assert stood_for == {
        "import-school": sorted(named["import"]),
        "deliver-ssbelev": sorted(statistics),
        "transfer-ot-applicants": sorted(named["transfer"]),
        "close-ot-age": ["close-ot-age"],
        "deliver-ot-data": ["deliver-ot-data"],
    }


@pytest.mark.chaos
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # a driver's, let go
@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
@pytest.mark.parametrize("name", WORKFLOWS)
def test_a_run_killed_at_every_place_leaves_what_an_undisturbed_one_leaves(
    name, kind, tmp_path, request, injected
):
    job, scene = JOBS[name], scene_of(JOBS[name])
    expected, touches = untouched(tmp_path, scene)
    settings = in_folder(tmp_path, request, kind, "killed")
    killed_at(list(places(job, touches)), settings, scene, injected)
    assert left_by(settings, expected) == {}


@pytest.mark.chaos
@pytest.mark.parametrize("name", STOOD_FOR)
def test_a_job_that_another_stands_for_dies_in_each_step_and_leaves_the_same(
    name, tmp_path, request, injected
):
    """Right after the step's work, and before the engine has heard of it: what would be done twice."""
    job, scene = JOBS[name], scene_of(JOBS[name])
    expected, _touches = untouched(tmp_path, scene)
    settings = in_folder(tmp_path, request, "sqlite", "killed")
    at = [{"step": step.name, "place": _after_the_work(step), "touch": 0} for step in job.steps]
    killed_at(at, settings, scene, injected)
    assert left_by(settings, expected) == {}


def _after_the_work(step):
    return "commit" if isinstance(step, DataStep) else "body"


def killed_at(wanted, settings, scene, injected):
    """Play the scene until it has died at each of the places, and then to its end."""
    prepare(settings, scene)
    died = []
    for place in wanted:
        code = played(settings, scene, die={"run_id": scene.run_id, "place": place})
        if code == -signal.SIGKILL:
            died.append(place)
        injected("SIGKILL in a step" if place["place"] == "touch" else "SIGKILL at a boundary")
    assert played(settings, scene) is None
    assert [place for place in wanted if place not in died] == []


def left_by(settings, expected):
    """How what the run left differs from what is expected."""
    database = open_database(settings.ledger_url)
    found = differences(left_behind(settings, database), expected)
    database.dispose()
    return found


def untouched(folder, scene):
    """What an undisturbed run leaves, and how often each of its steps touched anything."""
    (folder / "undisturbed").mkdir()
    settings, counts = settings_of(folder / "undisturbed", ""), folder / "counts.json"
    prepare(settings, scene)
    assert played(settings, scene, die={"run_id": scene.run_id, "counts": str(counts)}) is None
    database = open_database(settings.ledger_url)
    expected = left_behind(settings, database)
    database.dispose()
    return expected, json.loads(counts.read_text())
