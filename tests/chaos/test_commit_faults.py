"""A fifth of all commits fail, before or after they took place: nothing is lost, nothing doubled.

Commits of the ledger, the register and the engine alike, and a twentieth of the connections besides. A
run that gives up after its attempts is tried again by a person, as it would be.
"""

from collections import Counter

import pytest

from tests.chaos.crew import (
    busy_day,
    crew,
    is_done,
    ledger_of,
    operator_retries,
    tended_until,
    untouched,
)
from tests.chaos.scenes import prepare, settings_of
from tests.chaos.traces import differences, left_behind

COUNTIES = ("46", "56")
SHARE, NO_CONNECTION = 0.2, 0.05


@pytest.mark.chaos
@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
@pytest.mark.parametrize("how", ["before", "after"])
def test_commits_that_fail_leave_what_an_undisturbed_run_leaves(
    how, kind, tmp_path, request, injected, seed
):
    scenes, told = busy_day(*COUNTIES), tmp_path / "told"
    expected = untouched(tmp_path / "undisturbed", scenes)
    url = request.getfixturevalue("empty_postgres_url") if kind == "postgres" else ""
    settings = settings_of(tmp_path / "disturbed", url)
    prepare(settings, *scenes)
    told.touch()

    def faults(life):
        shares = {how: SHARE, "connect": NO_CONNECTION}
        return {"fail": {"seed": f"{seed}/{life}", "told": str(told), **shares}}

    with (
        ledger_of(settings) as database,
        crew(settings, scenes[0].now, ["node-1"], faults) as node,
    ):
        tended_until(
            lambda: is_done(settings, database, sum(scene.runs for scene in scenes)),
            node,
            500,
            lambda: operator_retries(database, scenes[0].now),
        )
        assert differences(left_behind(settings, database), expected) == {}
    struck = Counter(told.read_text(encoding="utf-8").splitlines())
    assert struck[f"failed {how}"] > 0
    for what, number in struck.items():
        injected(f"commit: {what}" if "failed" in what else what, number)
