"""The verdict sees what is lost, doubled or without a reason, and nothing else."""

import json
from copy import deepcopy
from datetime import UTC, date, datetime

import pytest

from jobs.channels.files import write_whole
from jobs.channels.outbox import MANIFEST
from scheduler.calendar import expand, parse_calendar
from scheduler.simulate.golden import ledger_of
from scheduler.simulate.verdict import DOUBLED, LOST, OTHER, UNEXPLAINED, World, differing, judge
from tests.simulation.small import SMALL, YEAR

CALENDAR = parse_calendar(SMALL, "calendar.yaml")
FILE = ("skole-off-telling-okt", "46", "telling.txt")
IMPORT, DELIVERY = f"{FILE[0]}/{YEAR}/only/46", f"stat-ssbelev/{YEAR}/only/46"
AT = datetime(2026, 10, 12, 8, tzinfo=UTC)
WORLD = World(CALENDAR, [YEAR], [FILE], date(2027, 7, 31))


def right():
    """A year in which one county delivered and was delivered of; the rest is waived with a reason."""
    occurrences, decisions = [], []
    for found in expand(CALENDAR, YEAR):
        done = found.key in (IMPORT, DELIVERY)
        row = {"key": found.key, "due": found.due, "outcome_at": AT}
        occurrences.append(row | {"outcome": "done" if done else "waived"})
        if not done:
            said = {"actor": "Kari", "action": "waive", "reason": "Ingen data."}
            decisions.append(said | {"at": AT, "occurrence_key": found.key})
    delivery = dict(zip(("deliverable", "sender", "file_name"), FILE, strict=True))
    folder = DELIVERY.replace("/", "_")
    content = {"leveranse": 1, "sha256": "aa"}
    return {
        "occurrences": occurrences,
        "decisions": decisions,
        "deliveries": [delivery | {"state": "loaded", "sha256": "aa"}],
        "runs": [{"id": f"{key}#1", "state": "done"} for key in (IMPORT, DELIVERY)],
        "rehearsals": [{"id": f"{DELIVERY}~rehearsal-30#1", "state": "passed"}],
        "receipts": [
            {"run_id": f"{IMPORT}#1", "kind": "import", "reference": "1", "detail": content},
            {"run_id": f"{DELIVERY}#1", "kind": "delivery", "reference": folder, "detail": {}},
        ],
        "messages": [{"id": "purring/1", "state": "sent", "sent_at": AT}],
        "outbox": [
            {
                "folder": f"ssb/{folder}",
                "occurrence": DELIVERY,
                "deliveries": [1],
                "files": {"elev.csv": "bb"},
            }
        ],
    }


def row_of(ledger, key):
    return next(row for row in ledger["occurrences"] if row["key"] == key)


def reopened(ledger, key):
    row_of(ledger, key).pop("outcome")
    ledger["runs"] = [run for run in ledger["runs"] if not run["id"].startswith(key)]
    ledger["receipts"] = [r for r in ledger["receipts"] if not r["run_id"].startswith(key)]


def not_begun(ledger):
    reopened(ledger, DELIVERY)
    ledger["outbox"] = []


WAYS = {
    "a row is gone": (LOST, lambda led: led["occurrences"].pop()),
    "a row is withdrawn": (LOST, lambda led: row_of(led, IMPORT).update(outcome="withdrawn")),
    "a row has another date": (LOST, lambda led: row_of(led, IMPORT).update(due=date(2026, 1, 1))),
    "a file was not taken in": (LOST, lambda led: led["deliveries"].clear()),
    "a file was taken in twice": (
        DOUBLED,
        lambda led: led["deliveries"].append(led["deliveries"][0]),
    ),
    "a file waits for nothing": (LOST, lambda led: led["deliveries"][0].update(state="waiting")),
    "a file came from nobody": (
        DOUBLED,
        lambda led: led["deliveries"].append(led["deliveries"][0] | {"file_name": "x"}),
    ),
    "a rehearsal is not over": (
        LOST,
        lambda led: led["rehearsals"][0].update(state="running"),
    ),
    "a run is not over": (LOST, lambda led: led["runs"][0].update(state="running")),
    "a run has no receipt": (LOST, lambda led: led["receipts"].pop(0)),
    "a run is missing": (
        LOST,
        lambda led: led["runs"].append({"id": f"{IMPORT}#3", "state": "refused"}),
    ),
    "a receipt of a run that was refused": (
        DOUBLED,
        lambda led: led["runs"][0].update(state="refused"),
    ),
    "a receipt twice": (
        DOUBLED,
        lambda led: led["receipts"][0].update(reference=led["receipts"][1]["reference"]),
    ),
    "a receiver was sent more": (
        DOUBLED,
        lambda led: led["outbox"].append(led["outbox"][0] | {"folder": "ssb/annet"}),
    ),
    "a receiver was sent nothing": (LOST, lambda led: led["outbox"].clear()),
    "a waiver without a reason": (UNEXPLAINED, lambda led: led["decisions"][0].update(reason="")),
    "a waiver by nobody": (UNEXPLAINED, lambda led: led["decisions"].pop(0)),
    "a message without an instant": (LOST, lambda led: led["messages"][0].pop("sent_at")),
    "a delivery never began": (LOST, not_begun),
}


def test_a_year_that_is_right_has_no_fault():
    assert judge(WORLD, right()) == []


@pytest.mark.parametrize(("other", "doubled"), [("42", []), ("46", [DOUBLED])])
def test_a_transfer_is_received_once_in_each_county(other, doubled):
    ledger = right()
    for number, county in enumerate(("46", other), 1):
        run = f"ot-overforing/2026-2027/1/{county}#{number if county == '46' else 1}"
        ledger["runs"].append({"id": run, "state": "done"})
        receipt = {"run_id": run, "kind": "transfer", "reference": "ot-2026-10-20.txt"}
        ledger["receipts"].append(receipt | {"detail": {}})
    assert [fault.sort for fault in judge(WORLD, ledger)] == doubled


@pytest.mark.parametrize("way", WAYS)
def test_each_way_to_be_wrong_is_named(way):
    sort, spoil = WAYS[way]
    ledger = right()
    spoil(ledger)
    assert sort in {fault.sort for fault in judge(WORLD, ledger)}


def test_what_waits_for_what_never_came_is_explained():
    ledger = right()
    not_begun(ledger)
    reopened(ledger, IMPORT)
    ledger["deliveries"] = []
    world = World(CALENDAR, [YEAR], [], WORLD.until)
    assert judge(world, ledger) == []


def test_what_was_refused_with_a_reason_is_explained():
    ledger = right()
    not_begun(ledger)
    ledger["runs"].append({"id": f"{DELIVERY}#1", "state": "refused", "reasons": ["Feil."]})
    assert judge(WORLD, ledger) == []
    ledger["runs"][-1].pop("reasons")
    assert [fault.sort for fault in judge(WORLD, ledger)] == [LOST]


def test_what_is_not_due_yet_may_be_open():
    ledger = right()
    not_begun(ledger)
    assert judge(World(CALENDAR, [YEAR], [FILE], date(2026, 10, 1)), ledger) == []


def test_the_same_files_must_give_the_same_bytes():
    ledger, other = right(), right()
    assert differing(ledger, other) == ([], [])
    ledger["outbox"][0]["files"]["elev.csv"] = "cc"
    assert [fault.sort for fault in differing(ledger, other)[0]] == [OTHER]


def test_other_files_in_may_give_other_bytes_out():
    ledger, other = deepcopy(right()), right()
    ledger["outbox"][0]["files"]["elev.csv"] = "cc"
    ledger["receipts"][0]["detail"]["sha256"] = "dd"
    assert differing(ledger, other) == ([], [DELIVERY])


def test_what_is_of_no_file_may_differ_and_is_told():
    ledger, other = deepcopy(right()), right()
    for each, digest in ((ledger, "cc"), (other, "bb")):
        each["outbox"][0] |= {"deliveries": [], "files": {"ot.csv": digest}}
    assert differing(ledger, other) == ([], [DELIVERY])


def test_a_parcel_of_the_follow_up_services_lines_is_of_no_file(tmp_path, database):
    folder = tmp_path / "udir" / "stat-otdata-nov_46"
    write_whole(folder / "ot.csv", [b"linje\n"])
    write_whole(folder / MANIFEST, [json.dumps({"forekomst": DELIVERY}).encode()])
    (parcel,) = ledger_of(database, tmp_path, ())["outbox"]
    assert (parcel["occurrence"], parcel["deliveries"]) == (DELIVERY, [])
    assert list(parcel["files"]) == ["ot.csv"]
