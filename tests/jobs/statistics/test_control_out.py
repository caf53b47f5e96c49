"""A delivery is controlled before it leaves: errors stop a final one, warnings need a signed reason."""

from dataclasses import replace

import polars as pl
import pytest

from jobs import JOBS
from jobs.api import Refusal
from tests.jobs.frames import pupils
from tests.jobs.registers import deliver
from tests.jobs.running import order, run

DELIVER = JOBS["deliver-ssbelev"]
FIRST = order(DELIVER, "stat-ssbelev-l1")
FINAL = order(DELIVER, "stat-ssbelev-endelig", "final")


def with_status(status, count=40):
    """Pupils of whom the first has a status that the subjects do not give."""
    return pupils(count, changes={0: {"elevstatus": status}})


@pytest.fixture
def sent(database, tmp_path):
    """Load pupils, then run a delivery."""

    def send(frames, ordered, until=None):
        deliver(database, tmp_path / "load", frames)
        return run(DELIVER, ordered, database, tmp_path, until)

    return send


def test_an_error_stops_the_final_delivery_and_not_the_first(sent):
    assert sent(with_status("V"), FIRST)["receipt"]
    with pytest.raises(Refusal, match=r"CR-STAT-03 er brutt 1 gang i ssbElev \(linje \d+\)"):
        sent(with_status("V"), FINAL)
    assert sent(with_status("E"), FINAL, until="extract")["manifest_sha256"]


def test_a_warning_needs_a_yes_to_just_what_was_seen(sent):
    with pytest.raises(Refusal, match=r"CR-STAT-02 .* godkjenn leveringen med en begrunnelse"):
        sent(with_status("A"), FINAL)
    seen = sent(with_status("A"), FINAL, until="extract")["manifest_sha256"]
    other = replace(FINAL, inputs={"approved": "0" * 64})
    with pytest.raises(Refusal, match="endret siden det ble godkjent"):
        sent(with_status("A"), other)
    assert sent(with_status("A"), replace(FINAL, inputs={"approved": seen}))["receipt"]


def test_the_final_delivery_is_held_against_the_first(sent):
    sent(pupils(40), FIRST)
    assert sent(pupils(40), FINAL, until="intend")["to_be_signed"] == []
    elev, kurs, fag = pupils(40)
    lacks = pl.col("skolenummer") != "46003"
    people = kurs.filter(lacks)["fodselsnummer"].implode()
    fewer = (
        elev.filter(pl.col("fodselsnummer").is_in(people)),
        kurs.filter(lacks),
        fag.filter(lacks),
    )
    with pytest.raises(Refusal) as refused:
        sent(fewer, FINAL)
    said = str(refused.value)
    assert "27 rader mot 40 i 1. levering" in said
    assert "skole 46003 hadde 13 rader i 1. levering" in said
