"""Seeds to repeat a run by, and at the end a table of what was injected and what came of it."""

import os
import random
from collections import Counter

import pytest

_injected, _failed = Counter(), Counter()
_seeds, _tables = {}, {}


@pytest.fixture
def injected():
    """Count faults of a kind, after it was seen that they changed nothing."""

    def count(kind, number=1):
        _injected[kind] += number

    return count


@pytest.fixture
def seed(request):
    """A seed of the test's own: AARSHJUL_SEED, or a new one each time; printed either way."""
    given = os.environ.get("AARSHJUL_SEED")
    chosen = int(given) if given else random.SystemRandom().randrange(10**6)
    _seeds[request.node.nodeid] = chosen
    print(f"AARSHJUL_SEED={chosen}")
    return chosen


@pytest.fixture
def measured():
    """Keep a table of names and numbers to be printed at the end."""
    return _tables.__setitem__


def pytest_runtest_logreport(report):
    if report.failed:
        _failed[report.nodeid] += 1


def pytest_terminal_summary(terminalreporter):
    if not (_injected or _seeds):
        return
    write = terminalreporter.write_line
    terminalreporter.section("chaos")
    for test, chosen in _seeds.items():
        write(f"AARSHJUL_SEED={chosen}  {test}")
    for title, rows in {"Injected": dict(sorted(_injected.items())), **_tables}.items():
        write("")
        write(f"| {title} | |")
        write("| --- | ---: |")
        for name, number in rows.items():
            write(f"| {name} | {number} |")
    write("")
    write(f"Lost or doubled: {'0' if not _failed else 'see ' + ', '.join(_failed)}")
