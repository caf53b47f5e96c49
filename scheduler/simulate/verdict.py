"""Verdict: is everything there that the world asked for, once, and is what is not there explained?

Targets are worked out from the calendar and from what was put in the folders, not from what the
service decided; each is matched with what the service left behind.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from jobs import JOBS
from jobs.api import StartsOn
from scheduler.calendar import Calendar, expand
from scheduler.calendar.occurrence import Occurrence
from scheduler.ledger import rehearsals
from scheduler.ledger.predecessors import Planned, PlannedByRow, before, by_row
from scheduler.ledger.run_ids import key_of
from scheduler.ledger.words import ACTIONS, RUN_STATES
from scheduler.simulate.golden import Ledger

LOST, DOUBLED, UNEXPLAINED, PROOF, OTHER = (
    "tapt",
    "dobbelt",
    "uten grunn",
    "beviset",
    "annet innhold",
)


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """Something that must not be: what sort, of what, and a sentence."""

    sort: str
    key: str
    sentence: str


@dataclass(frozen=True, slots=True)
class World:
    """What was asked for: the calendar at the end, the school years, the files, and the last day."""

    calendar: Calendar
    cycles: Sequence[str]
    files: Sequence[tuple[str, str, str]]
    until: date


def judge(world: World, ledger: Ledger) -> list[Fault]:
    """Every fault of a simulated year; none is what we are after."""
    targets = {
        found.key: found for cycle in world.cycles for found in expand(world.calendar, cycle)
    }
    return sorted(
        [
            *_lost(targets, ledger),
            *_files(world, ledger),
            *_runs(ledger),
            *_receipts(ledger),
            *_words(ledger),
            *_open(world, targets, ledger),
        ]
    )


def _lost(targets: Mapping[str, Occurrence], ledger: Ledger) -> Iterator[Fault]:
    rows = {row["key"]: row for row in ledger["occurrences"]}
    for key, target in targets.items():
        row = rows.get(key)
        if row is None or row.get("outcome") == "withdrawn":
            yield Fault(LOST, key, "Kalenderen har fristen, men den er ikke i basen.")
        elif row["due"] != target.due:
            yield Fault(LOST, key, f"Fristen er {target.due}, men basen har {row['due']}.")


def _files(world: World, ledger: Ledger) -> Iterator[Fault]:
    """Every file was taken in once, and answered."""
    taken = Counter(_file(row) for row in ledger["deliveries"])
    states = {_file(row): row["state"] for row in ledger["deliveries"]}
    closed = {
        (row["key"].split("/")[0], row["key"].split("/")[3])
        for row in ledger["occurrences"]
        if row.get("outcome") in ("waived", "nothing", "withdrawn")
    }
    for file in world.files:
        name = "/".join(file)
        if taken[file] != 1:
            sort = LOST if taken[file] == 0 else DOUBLED
            yield Fault(sort, name, f"Filen er tatt imot {taken[file]} ganger.")
        elif states[file] == "waiting" and (file[0], file[1]) not in closed:
            yield Fault(LOST, name, "Filen venter fortsatt, og ingenting holder den.")
    for file in taken.keys() - set(world.files):
        yield Fault(DOUBLED, "/".join(file), "Ingen har levert denne filen.")


def _file(row: Mapping[str, Any]) -> tuple[str, str, str]:
    return row["deliverable"], row["sender"], row["file_name"]


def _runs(ledger: Ledger) -> Iterator[Fault]:
    """The runs of an occurrence are numbered without a hole, and each has ended, as has each rehearsal."""
    numbers: dict[str, list[int]] = defaultdict(list)
    for run in ledger["runs"]:
        numbers[key_of(run["id"])].append(int(run["id"].rpartition("#")[2]))
        if run["state"] not in ("done", "refused", "failed", "cancelled"):
            yield Fault(
                LOST, run["id"], f"Kjøringen er ikke ferdig ({RUN_STATES[run['state']].lower()})."
            )
    for tried in ledger["rehearsals"]:
        if tried["state"] in rehearsals.LIVE:
            yield Fault(LOST, tried["id"], "Generalprøven er ikke ferdig.")
    for key, found in numbers.items():
        if found != list(range(1, len(found) + 1)):
            yield Fault(LOST, key, f"Kjøringene har numrene {found}.")


def _receipts(ledger: Ledger) -> Iterator[Fault]:
    """What was done has one receipt; a receiver has a delivery once, a file was loaded once."""
    done = {run["id"] for run in ledger["runs"] if run["state"] == "done"}
    receipts = [row["run_id"] for row in ledger["receipts"]]
    for run in done - set(receipts):
        yield Fault(LOST, run, "Kjøringen er fullført uten kvittering.")
    for run in set(receipts) - done:
        yield Fault(DOUBLED, run, "Kvitteringen hører ikke til en fullført kjøring.")
    sent = Counter(_reference(row) for row in ledger["receipts"])
    for reference, times in sent.items():
        if times > 1:
            yield Fault(DOUBLED, reference, f"Kvittert {times} ganger.")
    parcels = {row["folder"].rpartition("/")[2] for row in ledger["outbox"]}
    received = {row["reference"] for row in ledger["receipts"] if row["kind"] == "delivery"}
    for folder in parcels - received:
        yield Fault(DOUBLED, folder, "Sendt til mottakeren uten kvittering i basen.")
    for folder in received - parcels:
        yield Fault(LOST, folder, "Kvittert, men mottakeren har den ikke.")


def _reference(receipt: Mapping[str, Any]) -> str:
    """What is received once: a transfer names its report, and each county has one of that name."""
    own = f"{key_of(receipt['run_id'])}: " if receipt["kind"] == "transfer" else ""
    return f"{own}{receipt['reference']}"


def _words(ledger: Ledger) -> Iterator[Fault]:
    """What a person has closed says who and why; what was sent says when."""
    said = {
        (row.get("occurrence_key"), row["action"])
        for row in ledger["decisions"]
        if row["actor"] and row["reason"]
    }
    actions = {"waived": "waive", "nothing": "nothing"}
    for row in ledger["occurrences"]:
        action = actions.get(row.get("outcome", ""))
        if action and (row["key"], action) not in said:
            yield Fault(
                UNEXPLAINED,
                row["key"],
                f"Avsluttet ({ACTIONS[action].lower()}) uten hvem og hvorfor.",
            )
    for message in ledger["messages"]:
        if message["state"] == "sent" and not message.get("sent_at"):
            yield Fault(LOST, message["id"], "Sendt uten tidspunkt.")


def _open(world: World, targets: Mapping[str, Occurrence], ledger: Ledger) -> Iterator[Fault]:
    """What was due and is open is so by a policy or by somebody's word."""
    rows = {row["key"]: row for row in ledger["occurrences"]}
    planned = by_row(
        (name, cycle, scope, Planned(key, stage, row["due"], open=row.get("outcome") is None))
        for key, row in rows.items()
        if row.get("outcome") != "withdrawn"
        for name, cycle, stage, scope in [key.split("/")]
    )
    last = {key_of(run["id"]): run for run in ledger["runs"]}
    for key, target in targets.items():
        is_open = key in rows and rows[key].get("outcome") is None
        if not is_open or target.due > world.until:
            continue
        if not _why_open(world, target, last.get(key), planned):
            yield Fault(LOST, key, "Skulle ha gått, og ingenting holdt den.")


def _why_open(
    world: World, target: Occurrence, last: Mapping[str, Any] | None, planned: PlannedByRow
) -> str:
    """Why an occurrence is still open; "" when nothing says so."""
    row = world.calendar.deliverables[target.deliverable]
    job = JOBS.get(row.job or "")
    if job is None:
        return "uten jobb"
    if last is not None:
        return " ".join(last.get("reasons", [])) if last["state"] != "done" else ""
    if job.starts_on is StartsOn.ARRIVAL:
        return "ingen fil"  # every file there was is accounted for by itself
    latest = row.last_automatic_day(target.due)
    if latest is not None:
        return f"startet ikke selv etter {latest}"
    waits = [
        other.key
        for edge, other in before(target, row, planned)
        if other.open and edge.strength == "hard"
    ]
    return f"venter på {', '.join(waits)}" if waits else ""


def differing(ledger: Ledger, undisturbed: Ledger) -> tuple[list[Fault], list[str]]:
    """Deliveries that differ from the undisturbed year's, and those that stand on other files.

    The same files must give the same bytes. Where a fault has changed which file was in when the
    delivery left, other bytes are right, and only told; so also of the follow-up service's lines,
    which are of no file and of the day on which somebody was transferred.
    """
    there = {row["folder"]: row for row in undisturbed["outbox"]}
    faults, based_otherwise = [], []
    for row in ledger["outbox"]:
        other = there.get(row["folder"])
        if other is None or other["files"] == row["files"]:
            continue
        if row["deliveries"] and _basis(row, ledger) == _basis(other, undisturbed):
            said = "Samme filer inn, men andre bytes ut enn i året uten feil."
            faults.append(Fault(OTHER, row["occurrence"], said))
        else:
            based_otherwise.append(row["occurrence"])
    return faults, based_otherwise


def _basis(parcel: Mapping[str, Any], ledger: Ledger) -> set[str]:
    """SHA-256 of the counties' files that a delivery is of."""
    loaded = {
        row["detail"]["leveranse"]: row["detail"]["sha256"]
        for row in ledger["receipts"]
        if row["kind"] == "import"
    }
    return {loaded.get(number, str(number)) for number in parcel["deliveries"]}
