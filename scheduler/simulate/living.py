"""Living: a scenario lived through and judged, beside the same one with nothing that goes wrong."""

from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from multiprocessing import get_context
from pathlib import Path

from scheduler.simulate.golden import Ledger, ledger_of, sha256_of_bytes, written
from scheduler.simulate.play import Play
from scheduler.simulate.scenario import Scenario
from scheduler.simulate.verdict import PROOF, Fault, World, differing, judge

Told = Callable[[datetime, int, int], None]
"""Is told the instant that is over, its number, and how many there are."""

UNDISTURBED = "uten-feil"


@dataclass(frozen=True, slots=True)
class Lived:
    """What a simulated year left, its bytes, and what must not be; `other_basis` is only told.

    `crashes` counts how often the process died and was started again.
    """

    scenario: Scenario
    ledger: Ledger
    content: bytes
    faults: list[Fault]
    other_basis: list[str]
    crashes: int

    @property
    def sha256(self) -> str:
        return sha256_of_bytes(self.content)


def live(scenario: Scenario, folder: Path, text: str, told: Told) -> Lived:
    """Live through a scenario in an empty folder, with the calendar of `text`.

    A scenario with faults is held against the undisturbed one, which is lived in a process beside.
    """
    if not scenario.faults:
        return _one(scenario, folder, text, told)
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as beside:
        other = beside.submit(_undisturbed, scenario, folder / UNDISTURBED, text)
        return _held_against(_one(scenario, folder, text, told), other)


def _held_against(lived: Lived, beside: "Future[Lived]") -> Lived:
    other = beside.result()
    differ, other_basis = differing(lived.ledger, other.ledger)
    faults = [*lived.faults, *differ, *other.faults]
    return Lived(lived.scenario, lived.ledger, lived.content, faults, other_basis, lived.crashes)


def _undisturbed(scenario: Scenario, folder: Path, text: str) -> Lived:
    folder.mkdir()
    return _one(scenario.undisturbed, folder, text, lambda *_: None)


def _one(scenario: Scenario, folder: Path, text: str, told: Told) -> Lived:
    play = Play(scenario, folder, text)
    for number, at in enumerate(play.moments(), 1):
        told(at, number, len(play.agenda))
    ledger = ledger_of(play.database, folder / "outbox", play.struck)
    play.database.dispose()
    world = World(play.edition.calendar, scenario.cycles, play.files, play.last_day)
    unproved = [Fault(PROOF, str(at), said) for at, said in play.unproved]
    faults = [*unproved, *judge(world, ledger)]
    return Lived(scenario, ledger, written(scenario, ledger), faults, [], play.house.crashes)
