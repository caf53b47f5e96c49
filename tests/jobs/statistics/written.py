"""Deliveries written from rows that a test gives, judged as those from the register are."""

from datetime import UTC, date, datetime

import polars as pl
from sqlalchemy.orm import Session

from jobs.register.tables import Outbound
from jobs.statistics import prepare as preparing
from jobs.statistics.comparing import speaks_for
from jobs.statistics.deliveries import deliveries
from jobs.statistics.extract import Extract, WrittenFile, encoded
from jobs.statistics.layout import layouts
from jobs.statistics.manifest import read_manifest
from jobs.statistics.selection import Count
from tests.jobs.frames import identity_number

KNOWN = datetime(2026, 10, 23, 6, tzinfo=UTC)
COURSE = {"skolear": "20262027", "skolenummer": "46001", "programomradekode": "STUSP1----"}
PUPIL = {**COURSE, "elevnavn": "Prøve, Ada", "skolenavn": "Syntetisk vgs", "rettstype": "U"}
FIRM, TRADE = {"bedrift": "310000019"}, {"programomradekode": "ELELE3----"}
# One correct row of each file, but for the person's number.
CORRECT = {
    "ssbElev": {
        **PUPIL,
        "elevstatus": "E",
        "telledato": "20261001",
        "kursprosent": "100",
        "arstimer": "842",
        "antall_fag": "1",
        "sersprak": "N",
        "hjemstedsfylke": "46",
    },
    "ssbElevFag": {**COURSE, "fagkode": "NOR1260", "fagstatus": "E", "timer": "113"},
    "ssbResultat": {
        **PUPIL,
        "fullfortkode": "B",
        "elevstatus": "E",
        "kursprosent": "100",
        "arstimer": "842",
        "antall_fag": "1",
        "sersprak": "N",
    },
    "ssbResultatFag": {
        **COURSE,
        "fagkode": "NOR1260",
        "fagstatus": "E",
        "timer": "113",
        "standpunkt": "4",
    },
    "ssbKontrakt": {
        "avgiverfylke": "46",
        "hjemstedsfylke": "46",
        "uttrekksdato": "23.10.2026",
        "telledato": "01.10.2026",
        "kontraktsnummer": "K-1",
        "kontraktstype": "L",
        "laretid_fra": "01.09.2025",
        "laretid_til": "31.08.2027",
        "netto_laretid": "24",
        "godkjent_dato": "20.08.2025",
        "ny_larling": "N",
        **FIRM,
        **TRADE,
    },
    "ssbAvlagteProver": {
        "avgiverfylke": "46",
        "hjemstedsfylke": "46",
        "uttrekksdato": "23.10.2026",
        "telledato_fom": "01.10.2025",
        "telledato_tom": "30.09.2026",
        "provetype": "F",
        "provekandidattype": "L",
        "provenummer": "1",
        "provedato": "01.09.2026",
        "proveresultat": "B",
        **FIRM,
        **TRADE,
    },
    "UdirFormidling": {
        "avgiverfylke": "46",
        "hjemstedsfylke": "46",
        "sokerar": "2026",
        "onskenummer": "1",
        "statuskode": "4",
        "rettstype": "U",
        "forste_skoleplass": "N",
        **TRADE,
    },
    "Larebedrifter": {
        "fylke": "46",
        "organisasjonsnummer": "310000019",
        "navn": "Syntetisk bedrift",
        "kommunenummer": "4601",
        "larefag": "ELELE3----",
        "godkjent_dato": "01.01.2020",
        "antall_lopende": "1",
        "telledato": "01.10.2026",
    },
}


def extract_of(job, stage, years_ago=0):
    """The county's delivery of the count on 1 October 2026, or of an earlier year's."""
    delivery, year = deliveries()[job], 2026 - years_ago
    period = f"{year}{year + 1}" if delivery.period else str(year)
    known = KNOWN.replace(year=year)
    count = Count("46", period, date(year, 10, 1), known)
    return Extract(delivery, count, f"{job}/{period}/{stage}/46", stage)


def rows(edits):
    """The rows of each file, by `edits`: file -> a row's changes, or a list with a row's each."""
    return {
        kind: [
            {"fodselsnummer": identity_number(n), **CORRECT[kind], **edit}
            for n, edit in enumerate(each if isinstance(each, list) else [each])
        ]
        for kind, each in edits.items()
    }


def _write(extract, edits, folder):
    folder.mkdir(parents=True, exist_ok=True)
    lines = rows({kind: {} for kind in extract.delivery.files} | edits)
    return [_file(extract, kind, lines[kind], folder) for kind in extract.delivery.files]


def _file(extract, kind, lines, folder):
    layout, written = layouts()[kind], WrittenFile(extract.file_name(kind), kind)
    told = [{name: line.get(name, "") for name in layout.heading} for line in lines]
    texts = pl.DataFrame(told, schema=dict.fromkeys(layout.heading, pl.String))
    content = b"".join(encoded([texts], layout, extract.delivery.convention))
    (folder / written.name).write_bytes(content)
    written.add(texts, layout)
    return written


def prepared(database, folder, monkeypatch, extract, edits):
    """Prepare a delivery whose files hold the correct rows, changed as `edits` says."""
    files = _write(extract, edits, folder)
    monkeypatch.setattr(preparing, "write_files", lambda *_: files)
    return preparing.prepare(database, extract, folder)


def received(database, folder, monkeypatch, extract, edits):
    """The same, sent and received; returns the delivery's number."""
    sent = prepared(database, folder, monkeypatch, extract, edits)
    with Session(database) as session, session.begin():
        outbound = Outbound(
            idempotency_key=extract.occurrence_key,
            occurrence_key=extract.occurrence_key,
            run_id=f"{extract.occurrence_key}#1",
            receiver=extract.delivery.receiver,
            manifest_sha256="0" * 64,
            manifest=read_manifest(sent.manifest),
            speaks_for=speaks_for(extract),
            intended_at=extract.count.known_at,
            received_at=extract.count.known_at,
        )
        session.add(outbound)
        session.flush()
        return outbound.id


def severities(prepared_delivery, rule):
    """The weights that a rule was broken with."""
    return {finding.alvor for finding in prepared_delivery.found if finding.regel == rule}
