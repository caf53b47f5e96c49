"""The transfer jobs: what is written, what is left alone, and what is refused."""

from datetime import UTC, date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from jobs.register.followup import OtLinje, OtUtelatt
from jobs.register.pupils import Elevkurs
from tests.jobs.ot.transfers import (
    BROKE_OFF,
    OCTOBER,
    adding,
    events,
    lines,
    transfer,
)


def test_a_line_knows_its_reason_its_rules_its_evidence_and_its_run(either_register, tmp_path):
    person = adding(either_register, kurs=BROKE_OFF)
    assert transfer(either_register, tmp_path)["nye"] == 1
    (line,) = lines(either_register, person)
    assert (line.tilmeldingskode, line.regel, line.regler) == ("OESL", "R7", ["R7", "R1"])
    assert (line.otstatus, line.otenhet, line.skjermet) == ("OTUK", "46201", False)
    assert line.bevis["sluttet_kode"] == "FV"
    assert line.opprettet_av == "ot-overforing-elevkurs/2026-2027/293/46#1"
    (event,) = events(either_register, person)
    assert (event.slag, event.kilde, event.otstatus) == ("T", "jobb", "OTUK")
    assert event.grunn == "R7: sluttet i skole 02.10.2026 (feilvalg). Overføres med OESL."


def test_a_second_run_on_the_same_day_writes_nothing(either_register, tmp_path):
    person = adding(either_register, kurs=BROKE_OFF)
    transfer(either_register, tmp_path)
    again = transfer(either_register, tmp_path, number=2)
    assert (again["nye"], again["gjenapnet"], again["utelatt"]) == (0, 0, 1)
    assert len(events(either_register, person)) == 1


def test_an_advisers_status_stays(register, tmp_path):
    person = adding(register, kurs=BROKE_OFF)
    transfer(register, tmp_path)
    with Session(register) as session, session.begin():
        session.scalars(select(OtLinje)).one().otstatus = "OTAR"
    transfer(register, tmp_path, "transfer-ot-applicants", OCTOBER + timedelta(hours=1))
    transfer(register, tmp_path, now=OCTOBER + timedelta(days=1))
    assert [line.otstatus for line in lines(register, person)] == ["OTAR"]


def test_an_ended_line_is_opened_by_a_new_break_off_and_by_nothing_else(either_register, tmp_path):
    person = adding(either_register, kurs=BROKE_OFF)
    transfer(either_register, tmp_path)
    with Session(either_register) as session, session.begin():
        line = session.scalars(select(OtLinje)).one()
        line.avsluttet_at, line.avsluttet_grunn = OCTOBER, "tilbake på skolen"
    later = OCTOBER + timedelta(days=7)
    assert transfer(either_register, tmp_path, now=later)["gjenapnet"] == 0
    with Session(either_register) as session, session.begin():
        session.scalars(select(Elevkurs)).one().avbruddsdato = date(2026, 10, 26)
    assert transfer(either_register, tmp_path, now=later, number=2)["gjenapnet"] == 1
    (line,) = lines(either_register, person)
    assert (line.avsluttet_at, line.otstatus) == (None, "OTUK")
    assert [event.slag for event in events(either_register, person)] == ["T", "T"]


def test_whoever_is_left_out_stands_with_the_gate_and_the_sentence(register, tmp_path):
    person = adding(
        register, kurs={**BROKE_OFF, "avbruddsarsak": "AS", "avbruddsdato": date(2026, 10, 15)}
    )
    assert transfer(register, tmp_path)["utelatt"] == 1
    with Session(register) as session:
        out = session.scalars(select(OtUtelatt)).one()
        assert (out.person_id, out.regel, out.port) == (person, "R7", "G11")
        assert "fristen er ikke ute" in out.setning
    after = OCTOBER + timedelta(days=9)
    assert transfer(register, tmp_path, now=after)["nye"] == 1
    with Session(register) as session:
        assert session.scalars(select(OtUtelatt)).all() == []
    assert lines(register, person)[0].undergrunn == "uteblitt"


def test_a_protected_line_is_marked_and_lies_with_the_central_unit(register, tmp_path):
    person = adding(register, kurs=BROKE_OFF, merke={"personmerke": "K7"})
    transfer(register, tmp_path)
    (line,) = lines(register, person)
    assert (line.skjermet, line.otenhet) == (True, "46200")


def test_on_1_january_whoever_turned_24_goes_out_and_others_stay(either_register, tmp_path):
    oldest = adding(either_register, fodt=date(2002, 12, 31), kurs=BROKE_OFF)
    next_oldest = adding(either_register, fodt=date(2003, 1, 1), kurs=BROKE_OFF)
    assert transfer(either_register, tmp_path)["nye"] == 2
    new_year = datetime(2027, 1, 1, 5, 0, tzinfo=UTC)
    assert transfer(either_register, tmp_path, "close-ot-age", new_year) == {"avsluttet": 1}
    assert transfer(either_register, tmp_path, "close-ot-age", new_year, 2) == {"avsluttet": 0}
    (line,) = lines(either_register, oldest)
    assert (line.avsluttet_at, line.otstatus) == (new_year, "OTUK")
    assert [event.slag for event in events(either_register, oldest)] == ["T", "A"]
    assert lines(either_register, next_oldest)[0].avsluttet_at is None
