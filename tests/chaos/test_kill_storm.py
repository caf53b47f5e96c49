"""A storm of hard kills over three nodes on one PostgreSQL: every occurrence once, every byte the same.

Days on which the counties' files come and their deliveries are due, one after the other, each in a new
database, until there have been as many kills as asked for (AARSHJUL_KILLS). A supervisor starts
every node again at once; who dies when is drawn from the seed. No node dies before it has ticked, and no
more die in a row than there are nodes: a storm under which no step can end shows nothing.
"""

import os
import random
import re
import shutil
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests import postgres
from tests.chaos.crew import (
    busy_day,
    crew,
    is_done,
    ledger_of,
    operator_retries,
    steps_finished,
    untouched,
)
from tests.chaos.scenes import prepare, settings_of
from tests.chaos.traces import differences, left_behind
from tests.databases import _administer, _in_database

COUNTIES = ("03", "18", "42", "46", "56")
NODES = ("node-1", "node-2", "node-3")
KILLS = int(os.environ.get("AARSHJUL_KILLS", "1000"))
PAUSE = (0.05, 0.55)  # seconds between two kills
LONGEST = 180  # seconds that may go by without a step finished
TICK_SECONDS = 1.0
BEGUN = re.compile(r"step (\w+) of (\S+) begins")
TABLE = "tests_of_a_storm"


@dataclass
class Toll:
    """What the storm did, summed up over its days."""

    seconds: float = 0.0
    days: int = 0
    kills: int = 0
    runs: int = 0
    begun: int = 0
    twice: int = 0
    taken_over: int = 0
    retried: int = 0

    def lines(self):
        return {
            "hard kills": self.kills,
            "days, each in a new database": self.days,
            "runs, all done": self.runs,
            "step bodies begun": self.begun,
            "of them begun again": self.twice,
            "times a run went on after its process died": self.taken_over,
            "runs a person had to retry": self.retried,
            "seconds": round(self.seconds),
        }


@pytest.mark.chaos
def test_a_storm_of_kills_loses_and_doubles_nothing(tmp_path, injected, seed, measured):
    scenes, moments, toll = busy_day(*COUNTIES), random.Random(seed), Toll()
    expected = untouched(tmp_path / "undisturbed", scenes)
    with postgres.own_server(postgres.WITHOUT_WAITING_FOR_THE_DISK) as server:
        prepared = tmp_path / "prepared"
        _administer(server.url, f"CREATE DATABASE {TABLE} TEMPLATE template0")
        prepare(settings_of(prepared, _in_database(server.url, TABLE)), *scenes)
        began = time.monotonic()
        while toll.kills < KILLS:
            found = one_day(server, tmp_path, scenes, moments, toll)
            assert differences(found, expected) == {}, f"AARSHJUL_SEED={seed}, day {toll.days}"
            print(toll, flush=True)  # a long run tells how far it has come
        toll.seconds = time.monotonic() - began
    injected("SIGKILL of a node among three", toll.kills)
    measured("A storm of kills", toll.lines())


def one_day(server, folder, scenes, moments, toll):
    """Play a day under kills until it is over; returns what it left behind."""
    toll.days += 1
    day = folder / f"day-{toll.days}"
    shutil.copytree(folder / "prepared", day, copy_function=shutil.copy2)
    name = f"day_{toll.days}"
    _administer(server.url, f"CREATE DATABASE {name} TEMPLATE {TABLE}")
    settings = settings_of(day, _in_database(server.url, name), tick_seconds=TICK_SECONDS)
    with ledger_of(settings) as database, crew(settings, scenes[0].now, NODES) as nodes:
        storm(settings, database, nodes, scenes, moments, toll)
        found = left_behind(settings, database)
        toll.runs += len(found["run"])
    count_steps(day, toll)
    _administer(server.url, f"DROP DATABASE {name} WITH (FORCE)")
    shutil.rmtree(day)
    return found


def storm(settings, database, nodes, scenes, moments, toll):
    expected, in_a_row = sum(scene.runs for scene in scenes), 0
    finished, until = steps_finished(database), time.monotonic() + LONGEST
    while not is_done(settings, database, expected):
        assert time.monotonic() < until, "the day stands still"
        time.sleep(moments.uniform(*PAUSE))
        nodes.tend()
        before, finished = finished, steps_finished(database)
        if finished > before:
            in_a_row, until = 0, time.monotonic() + LONGEST
        ticking = nodes.ticking(database)
        if ticking and in_a_row < len(NODES) and toll.kills < KILLS:
            nodes.kill(moments.choice(ticking))
            toll.kills, in_a_row = toll.kills + 1, in_a_row + 1
            nodes.tend()
        toll.retried += operator_retries(database, scenes[0].now)


def count_steps(day, toll):
    """How often each step of each run was begun, from the nodes' own logs."""
    logs = "".join(path.read_text(encoding="utf-8") for path in Path(day).glob("node-*.log"))
    begun = Counter(BEGUN.findall(logs))
    toll.begun += sum(begun.values())
    toll.twice += sum(begun.values()) - len(begun)
    toll.taken_over += len(re.findall(r"was left by (?:\S+) in step .* goes on here", logs))
