"""The delivery of OT data: controlled, as of the reference date, whole, and once."""

import csv
import json
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy.orm import Session

from jobs import JOBS
from jobs.api import JobContext, Order, Refusal
from jobs.ot.controls import controls
from jobs.ot.extract import COLUMNS
from jobs.quality.rules import Severity
from tests.jobs.ot.people import course
from tests.jobs.ot.test_figures import event
from tests.jobs.ot.transfers import BROKE_OFF, adding, transfer
from tests.jobs.running import run

DUE = datetime(2026, 11, 16, 6, 0, tzinfo=UTC)


def ordered_for(number):
    key = "ot-data-1115/2026-2027/only/46"
    return Order(
        f"{key}#{number}",
        "deliver-ot-data",
        "ot-data-1115",
        "2026-2027",
        "only",
        "46",
        date(2026, 11, 16),
        date(2026, 11, 16),
        date(2026, 11, 15),
        DUE,
    )


def deliver(database, folder, number=1, until=None):
    return run(JOBS["deliver-ot-data"], ordered_for(number), database, folder, until)


@pytest.fixture
def filled(register, tmp_path):
    """Two registered people."""
    people = [adding(register, kurs=BROKE_OFF) for _ in range(2)]
    transfer(register, tmp_path)
    return register, people


def delivered(folder):
    (parcel,) = (folder / "outbox" / "udir").iterdir()
    manifest = json.loads((parcel / "manifest.json").read_text(encoding="utf-8"))
    (path,) = parcel.glob("*.csv")
    with path.open(encoding="utf-8", newline="") as file:
        return manifest, list(csv.DictReader(file, delimiter=";"))


def test_the_file_holds_everybody_and_the_manifest_the_sums(filled, tmp_path):
    register, _ = filled
    receipt = deliver(register, tmp_path)["receipt"]
    manifest, rows = delivered(tmp_path)
    assert (receipt["kind"], receipt["receiver"]) == ("delivery", "udir")
    assert tuple(rows[0]) == COLUMNS
    assert [row["statuskode"] for row in rows] == ["OTUK", "OTUK"]
    assert rows[0]["telledato"] == "20261115"
    assert manifest["malgruppe"] == sum(manifest["tilmeldingsgrunner"].values()) == 2
    assert manifest["kontroller"]["CR-OT-03"] == 2


def test_a_status_from_after_the_reference_date_changes_nothing(filled, tmp_path):
    register, people = filled
    before = deliver(register, tmp_path, until="extract")["manifest_sha256"]
    event(register, people[0], date(2026, 11, 16), otstatus="OTAR")
    assert deliver(register, tmp_path, until="extract")["manifest_sha256"] == before
    event(register, people[0], date(2026, 11, 14), otstatus="OTOV")
    assert deliver(register, tmp_path, until="extract")["manifest_sha256"] != before


def test_the_same_again_is_received_once_and_other_content_is_refused(filled, tmp_path):
    register, people = filled
    first = deliver(register, tmp_path)["receipt"]["reference"]
    assert deliver(register, tmp_path, 2)["receipt"]["reference"] == first
    event(register, people[0], date(2026, 11, 14), otstatus="OTOV")
    with pytest.raises(Refusal, match="annet innhold"):
        deliver(register, tmp_path, 3)


def test_a_county_where_nobody_is_registered_is_refused(register, tmp_path):
    with pytest.raises(Refusal, match="Ingen er tilmeldt OT"):
        deliver(register, tmp_path)


def rehearsed(database, folder):
    """What the rehearsal of the delivery shows, step by step: facts, or what it refuses."""
    ordered = replace(ordered_for(1), job="deliver-ot-data~rehearsal")
    ctx, shown = JobContext(ordered, database, folder), {}
    for trial in JOBS["deliver-ot-data"].rehearsal:
        try:
            shown[trial.step.name] = trial.step.body(ctx, {})
        except Refusal as refusal:
            shown[trial.step.name] = " ".join(refusal.reasons)
    return shown


def test_a_rehearsal_before_anybody_is_registered_only_waits_and_tries_the_rest(register, tmp_path):
    shown = rehearsed(register, tmp_path)
    assert "Ingen er tilmeldt OT" in shown["gate"]
    assert shown["extract"]["rows"] == {"OT_46_20261115.csv": 0}


def test_a_rehearsal_tells_of_a_broken_control_ahead(filled, tmp_path):
    register, (person, _) = filled
    make_old(register, person)
    event(register, person, COUNT, otstatus="OTXX")
    shown = rehearsed(register, tmp_path)
    assert shown["gate"] == {}
    assert "OTXX" in shown["extract"] or "CR-OT" in shown["extract"]


def give_course(register, person):
    with Session(register) as session, session.begin():
        course(session, person, {"skole": "privat", "startdato": date(2026, 11, 1)})


def make_old(register, person):
    from jobs.register.people import Person
    from tests.jobs.ot.people import numbers

    with Session(register) as session, session.begin():
        session.get_one(Person, person).fodselsnummer = numbers(date(2001, 1, 1))[0]


# Control -> what breaks it, and what mends it.
BREAKS = {
    "CR-OT-02": (make_old, lambda r, p: event(r, p, COUNT, slag="A")),
    "CR-OT-03": (lambda _r, _p: None, lambda r, p: event(r, p, COUNT, otstatus="OTOV")),
    "CR-OT-04": (lambda r, p: event(r, p, COUNT, otstatus="OTEV"), give_course),
    "CR-OT-07": (
        lambda r, p: event(r, p, COUNT, otstatus="OTXX"),
        lambda r, p: event(r, p, COUNT, otstatus="OTOV"),
    ),
}
COUNT = date(2026, 11, 15)


@pytest.mark.parametrize("control", controls(), ids=lambda control: control.id)
def test_each_control_is_broken_and_mended(filled, tmp_path, control):
    register, (person, other) = filled
    event(register, other, COUNT, otstatus="OTBA")
    breaks, mends = BREAKS[control.id]
    breaks(register, person)
    assert found(register, tmp_path).get(control.id) == 1
    assert stopped(register, tmp_path) is (control.alvor is Severity.ERROR)
    mends(register, person)
    assert found(register, tmp_path).get(control.id) == 0


def stopped(register, folder):
    """Whether the delivery is refused."""
    try:
        return not deliver(register, folder, until="extract")
    except Refusal:
        return True


def found(register, folder):
    """Control -> count; a refused delivery tells only what stopped it, and that is counted as 1."""
    try:
        return deliver(register, folder, until="extract")["controls"]
    except Refusal as refusal:
        return {reason.partition(":")[0]: 1 for reason in refusal.reasons}
