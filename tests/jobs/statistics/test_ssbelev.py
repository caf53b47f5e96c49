"""ssbElev and ssbElevFag: the right pupils, the right bytes, and nothing with an error open."""

import csv
import hashlib
import json
from dataclasses import replace
from datetime import date
from functools import partial

import pytest
from sqlalchemy.orm import Session

from jobs import JOBS
from jobs.api import Refusal
from jobs.register.deliveries import sent
from scheduler.ledger.database import open_database
from tests.jobs.frames import identity_number, pupils, violations
from tests.jobs.registers import deliver
from tests.jobs.running import order, run

DELIVER = JOBS["deliver-ssbelev"]
ORDER = order(DELIVER, "stat-ssbelev-l1")
OUTBOX = "outbox/ssb/stat-ssbelev-l1_2026-2027_first_46"
PUPILS = "ssbElev_46_20261001_L1.csv"
SUBJECTS = "ssbElevFag_46_20261001_L1.csv"


@pytest.fixture
def delivered(database, tmp_path):
    return partial(deliver, database, tmp_path / "load")


@pytest.fixture
def run_delivery(database, tmp_path):
    """Run the job in a data folder of its own."""

    def run_it(ordered=ORDER, until=None, data_dir=tmp_path):
        return run(DELIVER, ordered, database, data_dir, until)

    return run_it


def _rows(path):
    lines = path.read_bytes().decode().split("\r\n")[:-1]
    return list(csv.DictReader(lines, delimiter=";"))


def test_a_delivery_ends_with_files_a_manifest_and_a_receipt(delivered, run_delivery, tmp_path):
    delivered(pupils(20))
    receipt = run_delivery()["receipt"]
    folder = tmp_path / OUTBOX
    assert sorted(path.name for path in folder.iterdir()) == sorted(
        [PUPILS, SUBJECTS, "manifest.json", "kvittering.json"]
    )
    manifest = json.loads((folder / "manifest.json").read_text())
    assert [file["rows"] for file in manifest["filer"]] == [20, 40]
    for file in manifest["filer"]:
        content = (folder / file["name"]).read_bytes()
        assert (file["sha256"], file["bytes"]) == (
            hashlib.sha256(content).hexdigest(),
            len(content),
        )
    assert manifest["telledato"] == "2026-10-01"
    assert sum(manifest["filer"][0]["per_school"].values()) == 20
    assert [file["rader"] for file in receipt["detail"]["filer"]] == [20, 40, None]
    assert not list((tmp_path / "work").glob("*"))


def test_a_row_follows_the_layout(delivered, run_delivery, tmp_path):
    delivered(pupils(1))
    run_delivery()
    lines = (tmp_path / OUTBOX / PUPILS).read_bytes().decode().split("\r\n")
    assert lines[0].startswith("fodselsnummer;skolear;skolenummer;programomradekode;elevnavn;")
    person = identity_number(0)
    # 2 x 113 hours of 842 are 27 per cent.
    assert lines[1] == (
        f"{person};20262027;46001;STUSP1----;Øst-Ås, Prøve0;Syntetisk vgs 01, Vestland;;;;;U;E;"
        "20261001;27;226;2;N;;46;"
    )
    subjects = (tmp_path / OUTBOX / SUBJECTS).read_bytes().decode().split("\r\n")
    assert subjects[1] == f"{person};20262027;46001;STUSP1----;MAT1019;E;;20260817;;113;"


ON_THE_DAY = date(2026, 10, 1)
DAY_AFTER = date(2026, 10, 2)


@pytest.mark.parametrize(
    ("change", "counted"),
    [
        ({"startdato": ON_THE_DAY}, True),
        ({"startdato": DAY_AFTER}, False),
        ({"avbruddsdato": ON_THE_DAY}, False),
        ({"avbruddsdato": DAY_AFTER}, True),
    ],
)
def test_only_those_active_on_the_reference_date_are_counted(
    delivered, run_delivery, tmp_path, change, counted
):
    delivered(pupils(3, changes={1: change}))
    run_delivery()
    numbers = [row["fodselsnummer"] for row in _rows(tmp_path / OUTBOX / PUPILS)]
    assert (identity_number(1) in numbers) is counted
    subjects = {row["fodselsnummer"] for row in _rows(tmp_path / OUTBOX / SUBJECTS)}
    assert (identity_number(1) in subjects) is counted


def _with_status(n, status, **values):
    """Frames of one pupil whose n-th subject has a status."""
    elev, kurs, fag = pupils(1)
    rows = fag.to_dicts()
    rows[n] |= {"fagstatus": status, **values}
    return elev, kurs, fag.clear().vstack(type(fag)(rows, schema=fag.schema))


@pytest.mark.parametrize(
    ("status", "broken_off", "hours", "count"),
    [
        ("E", None, "226", "2"),
        ("B", None, "113", "1"),
        ("S", date(2026, 9, 2), "113", "2"),
        ("S", date(2026, 9, 3), "226", "2"),
    ],
)
def test_hours_and_subjects_count_by_status(
    delivered, run_delivery, tmp_path, status, broken_off, hours, count
):
    delivered(_with_status(0, status, avbruddsdato=broken_off))
    run_delivery()
    (row,) = _rows(tmp_path / OUTBOX / PUPILS)
    assert (row["arstimer"], row["antall_fag"]) == (hours, count)


def test_rows_stand_in_the_order_of_their_key_by_code_point(delivered, run_delivery, tmp_path):
    delivered(pupils(20))
    run_delivery()
    for name in (PUPILS, SUBJECTS):
        keys = [tuple(row.values())[:5] for row in _rows(tmp_path / OUTBOX / name)]
        shown = [key[:4] for key in keys] if name == PUPILS else keys
        assert shown == sorted(shown)


def test_the_bytes_are_the_same_when_run_twice(delivered, run_delivery, tmp_path):
    delivered(pupils(20))
    first, second = tmp_path / "first", tmp_path / "second"
    run_delivery(data_dir=first)
    run_delivery(data_dir=second)
    assert [path.read_bytes() for path in sorted((first / OUTBOX).iterdir())] == [
        path.read_bytes() for path in sorted((second / OUTBOX).iterdir())
    ]


def test_a_moved_deadline_is_not_other_content(delivered, run_delivery, tmp_path):
    delivered(pupils(20))
    run_delivery()
    moved = order(DELIVER, "stat-ssbelev-l1", number=2)
    run_delivery(replace(moved, nominal=date(2026, 11, 2), due=date(2026, 11, 2)))
    assert len(list((tmp_path / "outbox" / "ssb").iterdir())) == 1


def test_the_bytes_are_the_same_from_sqlite_and_postgresql(sqlite_url, postgres_url, tmp_path):
    written = []
    for name, url in (("sqlite", sqlite_url), ("postgres", postgres_url)):
        database = open_database(url)
        changed = {3: {"startdato": date(2026, 9, 7), "sersprak": "J", "klasse": "å"}}
        deliver(database, tmp_path / f"{name}-load", pupils(20, changes=changed))
        run(DELIVER, ORDER, database, tmp_path / name)
        database.dispose()
        written.append(
            [(tmp_path / name / OUTBOX / file).read_bytes() for file in (PUPILS, SUBJECTS)]
        )
    assert written[0] == written[1]


def test_nothing_is_delivered_without_a_loaded_import(run_delivery, tmp_path):
    with pytest.raises(Refusal, match=r"ingen lastet leveranse .* må også denne .* fritas\."):
        run_delivery()
    assert not (tmp_path / "outbox").exists()


def _date_fault(line):
    return {"regel": "CR-DATE-01", "alvor": "ERROR", "linje": line, "forklaring": "Feil dato."}


def test_open_errors_stop_the_delivery_and_are_named_by_rule_and_line(
    delivered, run_delivery, tmp_path
):
    delivered(pupils(2), broken=violations(_date_fault(7), _date_fault(12)))
    with pytest.raises(Refusal, match=r"CR-DATE-01 er brutt 2 ganger .*linje 7, 12"):
        run_delivery()
    assert not (tmp_path / "outbox").exists()


def test_warnings_stop_nothing(delivered, run_delivery):
    delivered(pupils(2), broken=violations({**_date_fault(7), "alvor": "WARN"}))
    assert run_delivery()["receipt"]


def test_a_mended_file_opens_the_gate(delivered, run_delivery):
    delivered(pupils(2), broken=violations(_date_fault(7)))
    delivered(pupils(2))
    assert run_delivery()["receipt"]


def test_a_value_too_long_for_its_field_is_named_and_never_cut(delivered, run_delivery, tmp_path):
    elev, kurs, fag = pupils(2)
    long = elev.with_columns(navn=elev["navn"].str.pad_end(41, "x"))
    delivered((long, kurs, fag))
    with pytest.raises(Refusal) as refused:
        run_delivery()
    assert "feltet 5 «Elevnavn» har 41 tegn, men plass til 40" in refused.value.reasons[0]
    assert "linje 3" in refused.value.reasons[0]
    assert "xxx" not in str(refused.value)
    assert not (tmp_path / "outbox").exists()
    assert not list((tmp_path / "work").iterdir())


@pytest.mark.parametrize("killed_after", ["extract", "intend", "send"])
def test_a_run_that_stopped_and_began_again_delivers_once(
    database, delivered, run_delivery, tmp_path, killed_after
):
    delivered(pupils(2))
    run_delivery(until=killed_after)
    run_delivery()
    assert len(list((tmp_path / "outbox" / "ssb").iterdir())) == 1
    with Session(database) as session:
        (delivery,) = sent(session, ORDER.key)
    assert delivery.received_at is not None


def test_other_content_is_not_sent_twice_until_a_person_says_so(
    database, delivered, run_delivery, tmp_path
):
    delivered(pupils(20))
    run_delivery()
    delivered(pupils(21))
    with pytest.raises(Refusal, match="alt kvittert med et annet innhold"):
        run_delivery(order(DELIVER, "stat-ssbelev-l1", number=2))
    changed = order(DELIVER, "stat-ssbelev-l1", number=3, approved="0" * 64)
    with pytest.raises(Refusal, match="endret siden det ble godkjent"):
        run_delivery(changed)
    seen = run_delivery(changed, until="extract")["manifest_sha256"]
    run_delivery(order(DELIVER, "stat-ssbelev-l1", number=4, approved=seen))
    assert len(list((tmp_path / "outbox" / "ssb").iterdir())) == 2
