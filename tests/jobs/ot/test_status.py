"""Status updates from the follow-up service: each rule of use broken and mended, nothing overwritten."""

from datetime import date
from functools import partial

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from jobs.imports.lines import FileFault
from jobs.ot.extract import ot_data
from jobs.ot.status import Word, take_in
from jobs.ot.transfer import Transfer
from jobs.register.followup import OtHendelse
from jobs.register.people import Person
from jobs.register.renumber import Change, Decision, renumber
from jobs.register.tables import Delivery
from tests.jobs.ot.people import SKOLEAR, free_number
from tests.jobs.ot.transfers import BROKE_OFF, OCTOBER, adding, events, lines, transfer

WORD = Word("Kari OT", "ukens statuser")
HEADING = "fodselsnummer;statuskode;dato;kontakt;grunn"


def number(database, person):
    with Session(database) as session:
        return session.get_one(Person, person).fodselsnummer


def registered(database, folder):
    """One who was registered on 20 October."""
    put = adding(database, kurs=BROKE_OFF)
    transfer(database, folder)
    return put


def taken(database, folder, person, *rows, county="46", per=date(2026, 11, 10), heading=HEADING):
    """Take in lines about the person; {} is the identity number."""
    known = number(database, person)
    file = folder / "status.csv"
    text = "\n".join([heading, *(row.format(known) for row in rows)])
    file.write_text(text + "\n", encoding="utf-8")
    wanted = Transfer(county, SKOLEAR, per)
    return dict(take_in(database, folder, file, wanted, WORD, OCTOBER))


@pytest.fixture
def person(register, tmp_path):
    return registered(register, tmp_path)


@pytest.fixture
def give(register, tmp_path, person):
    return partial(taken, register, tmp_path, person)


REACHED = "{};OTOV;2026-10-26;2026-10-26;"


def test_a_status_is_an_event_more_and_the_newest_is_the_lines(either_register, tmp_path):
    person = registered(either_register, tmp_path)
    rows = (REACHED, "{};OTAR;2026-11-02;;fikk jobb")
    assert taken(either_register, tmp_path, person, *rows) == {"given": 2, "unchanged": 0}
    (line,) = lines(either_register, person)
    assert line.otstatus == "OTAR"
    first, reached, works = events(either_register, person)
    assert (first.slag, first.otstatus) == ("T", "OTUK")
    assert (reached.otstatus, reached.kilde, reached.aktor) == ("OTOV", "import", "Kari OT")
    assert (reached.grunn, works.grunn) == ("ukens statuser", "fikk jobb")
    assert reached.bevis["kontakt"] == "2026-10-26"


def test_a_status_from_an_earlier_day_enters_the_history_and_leaves_the_newest(
    register, person, give
):
    give("{};OTAR;2026-11-02;2026-10-26;")
    give(REACHED)
    assert lines(register, person)[0].otstatus == "OTAR"
    with Session(register) as session:
        (row,) = ot_data(session, "46", SKOLEAR, date(2026, 10, 31)).iter_rows(named=True)
    assert (row["statuskode"], row["statusdato"]) == ("OTOV", date(2026, 10, 26))


def test_what_was_given_before_is_unchanged_and_the_same_file_is_refused(register, person, give):
    give(REACHED)
    assert give(REACHED, "{};OTAR;2026-11-02;;") == {"given": 1, "unchanged": 1}
    with pytest.raises(FileFault, match="Filen er tatt inn før"):
        give(REACHED, "{};OTAR;2026-11-02;;")
    assert len(events(register, person)) == 3


@pytest.mark.parametrize(
    ("broken", "says", "mended"),
    [
        ("{};OTXX;2026-10-26;2026-10-26;", "finnes ikke. Bruk en av OTUK, OTOV", REACHED),
        ("{};OTOV;2026-11-11;2026-11-11;", "fram i tid. Vent", REACHED),
        ("{};OTOV;2026-10-19;2026-10-19;", "var ikke tilmeldt OT i fylket 19.10.2026", REACHED),
        ("{};OTOV;2026-10-26;;", "står til OT har fått kontakt", REACHED),
        ("{};OTOV;2026-10-26;2026-10-27;", "Dagen for kontakt er etter", REACHED),
        ("{};OTOV;26.10.2026;;", "ÅÅÅÅ-MM-DD", REACHED),
        ("{};OTOV;2026-10-26;i går;", "ÅÅÅÅ-MM-DD", REACHED),
        ("{};OTOV;2026-10-26", "5 felt", REACHED),
        ("12345678901;OTOV;2026-10-26;2026-10-26;", "ingen OT-linje i fylket", REACHED),
    ],
)
def test_a_line_that_breaks_a_rule_is_named_and_nothing_is_changed(
    register, person, give, broken, says, mended
):
    with pytest.raises(FileFault, match=says) as refused:
        give("{};OTFA_IM;2026-10-22;;", broken)
    assert [line for line, _ in refused.value.faults] == [3]
    assert number(register, person) not in str(refused.value)
    assert [event.otstatus for event in events(register, person)] == ["OTUK"]
    with Session(register) as session:
        taken = select(func.count()).where(Delivery.deliverable == "ot-status")
        assert session.scalar(taken) == 0
    assert give(mended)["given"] == 1


def test_another_status_of_the_same_day_is_never_written_over(register, person, give):
    give(REACHED)
    with pytest.raises(FileFault, match=r"alt statusen OTOV fra 26.10.2026.*senere dag"):
        give("{};OTNO;2026-10-26;2026-10-26;")
    with pytest.raises(FileFault, match=r"Linje 3: Personen har alt statusen OTNO"):
        give("{};OTNO;2026-10-28;;", "{};OTAR;2026-10-28;;")
    assert give("{};OTNO;2026-10-27;;")["given"] == 1


def test_who_is_outside_the_target_needs_no_contact_and_back_to_unknown_needs_a_reason(give):
    assert give("{};OTFA_IM;2026-10-22;;")["given"] == 1
    with pytest.raises(FileFault, match="tilbake til OTUK bare med en grunn"):
        give("{};OTUK;2026-10-30;;")
    assert give("{};OTUK;2026-10-30;;flyttet hjem igjen")["given"] == 1


def test_a_code_holds_only_from_its_first_day(give):
    with pytest.raises(FileFault, match=r"OTVF gjelder ikke 01.01.2015"):
        give("{};OTVF;2015-01-01;;")


def test_another_countys_line_is_out_of_reach(register, give):
    with pytest.raises(FileFault, match="ingen OT-linje i fylket"):
        give(REACHED, county="03")


def test_an_ended_line_gets_no_status_after_its_end(register, person, give):
    with Session(register) as session, session.begin():
        line = lines(register, person)[0].id
        told = {"kilde": "jobb", "aktor": "prøve", "at": OCTOBER}
        session.add(OtHendelse(linje_id=line, slag="A", gjelder=date(2026, 10, 25), **told))
    with pytest.raises(FileFault, match="var ikke tilmeldt"):
        give(REACHED)
    assert give("{};OTOV;2026-10-24;2026-10-24;")["given"] == 1


def test_the_heading_must_be_the_one_that_is_told(give):
    with pytest.raises(FileFault, match=f"Første linje skal være {HEADING}"):
        give(heading="nummer;status")


def test_an_earlier_identity_number_finds_the_line(register, person, give):
    with Session(register) as session, session.begin():
        old = session.get_one(Person, person).fodselsnummer
        new = free_number(session, date(2009, 3, 4))
        word = Decision(1, "Kari", "ny", OCTOBER)
        renumber(session.connection(), Change(old, new, date(2026, 10, 21)), word)
    assert give(f"{old};OTOV;2026-10-26;2026-10-26;")["given"] == 1
