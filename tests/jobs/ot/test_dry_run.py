"""Who is on the way in: kept of a dry run, of its categories and county alone, until their next run."""

from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from jobs.ot.catalogue import Category
from jobs.ot.dry_run import dry_run
from jobs.ot.transfer import Transfer
from jobs.register.followup import OtPaVei
from jobs.register.people import Person
from jobs.register.pupils import Elevkurs
from jobs.register.renumber import Change, Decision, renumber
from tests.jobs.ot.people import SKOLEAR
from tests.jobs.ot.transfers import BROKE_OFF, OCTOBER, adding, transfer

LATER = OCTOBER + timedelta(hours=1)


def try_out(database, now=OCTOBER, categories=tuple(Category)):
    asked = Transfer("46", SKOLEAR, OCTOBER.date())
    return dry_run(database, asked, {category: {} for category in categories}, now)


def waiting(database):
    """Who is on the way: (person, category, gate)."""
    with Session(database) as session:
        rows = session.scalars(select(OtPaVei).order_by(OtPaVei.person_id))
        return [(row.person_id, row.kategori, row.port) for row in rows]


def test_a_dry_run_keeps_whom_it_would_transfer_and_whom_not_each_with_the_sentence(
    either_register,
):
    goes = adding(either_register, kurs=BROKE_OFF)
    stays = adding(either_register, kurs={"skole": "privat"})
    try_out(either_register)
    assert waiting(either_register) == [(goes, "elevkurs", None), (stays, "sokere", "G6")]
    with Session(either_register) as session:
        row = session.scalars(select(OtPaVei).where(OtPaVei.person_id == goes)).one()
        assert row.setning == "R7: sluttet i skole 02.10.2026 (feilvalg). Overføres med OESL."
        assert (row.fylkesnummer, row.skolear, row.skjermet) == ("46", SKOLEAR, False)


def test_the_next_dry_run_of_a_category_replaces_it_and_leaves_the_others(either_register):
    goes, applied = (
        adding(either_register, kurs=BROKE_OFF),
        adding(either_register, soker={"onsker": "57"}),
    )
    try_out(either_register)
    with Session(either_register) as session, session.begin():
        session.scalars(select(Elevkurs)).one().fullfortkode = "H"
        session.scalars(select(Elevkurs)).one().avbruddsdato = None
    try_out(either_register, LATER, (Category.BROKEN_OFF,))
    assert waiting(either_register) == [(applied, "sokere", None)]
    assert goes != applied


def test_a_transfer_takes_its_category_away(either_register, tmp_path):
    adding(either_register, kurs=BROKE_OFF)
    applied = adding(either_register, soker={"onsker": "57"})
    try_out(either_register)
    transfer(either_register, tmp_path, now=LATER)
    assert waiting(either_register) == [(applied, "sokere", None)]


def test_what_a_county_has_not_chosen_is_a_dry_run_that_it_can_look_at(either_register, tmp_path):
    kept = {"onsker": "18"}
    person = adding(either_register, soker=kept)
    transfer(either_register, tmp_path, "transfer-ot-youth", LATER)
    assert [row[:2] for row in waiting(either_register)] == [(person, "elever")]


def test_who_turns_out_to_be_another_is_found_anew(either_register):
    gone, kept = adding(either_register, kurs=BROKE_OFF), adding(either_register)
    try_out(either_register)
    with Session(either_register) as session, session.begin():
        old, new = (session.get_one(Person, person).fodselsnummer for person in (gone, kept))
        change = Change(old, new, date(2026, 10, 21))
        renumber(session.connection(), change, Decision(1, "Kari", "lik", OCTOBER))
    assert gone not in {person for person, *_ in waiting(either_register)}
