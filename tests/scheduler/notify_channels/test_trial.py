"""A test message counts when a person says that it arrived, on the page or by its code."""

import re
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from scheduler.ledger.runs import LedgerError
from scheduler.notify import trial
from scheduler.notify.tables import ContactRow
from tests.scheduler.notify_channels.desk import NOW, add_contact, row_of, send, settings_for

SITE = "https://aarshjul.example"
LATER = NOW + timedelta(hours=1)


def order(database, contact: int, now=NOW) -> str:
    with Session(database) as session, session.begin():
        return trial.order(session, contact, SITE, now)


def confirm(database, contact: int, code: str) -> None:
    with Session(database) as session, session.begin():
        trial.confirm(session, contact, code, LATER)


def contact_row(database, contact: int) -> ContactRow:
    with Session(database, expire_on_commit=False) as session:
        return session.get_one(ContactRow, contact)


def test_a_test_is_sent_and_is_not_confirmed_by_being_accepted(database, tmp_path):
    contact = add_contact(database)
    assert trial.standing(contact_row(database, contact)) == "ikke prøvd"
    message_id = order(database, contact)
    assert send(database, settings_for(tmp_path, mail_folder=tmp_path / "mail")) == 1
    row = contact_row(database, contact)
    assert trial.standing(row) == "sendt, ikke bekreftet"
    text = row_of(database, message_id).text
    assert f"{SITE}/bekreft/{row.token}?kode={row.test_code}" in text
    (letter,) = (tmp_path / "mail").iterdir()
    assert b"List-Unsubscribe" not in letter.read_bytes()
    confirm(database, contact, re.search(r"kode=(\d{6})", text)[1])
    row = contact_row(database, contact)
    assert (trial.standing(row), row.confirmed_at, row.test_code) == ("bekreftet", LATER, "")


def test_a_wrong_code_confirms_nothing(database):
    contact = add_contact(database)
    order(database, contact)
    code = contact_row(database, contact).test_code
    wrong = f"{(int(code) + 1) % 10**6:06}"
    for guess in (wrong, "", "æøå"):
        with pytest.raises(LedgerError, match="Koden er feil"):
            confirm(database, contact, guess)
    assert contact_row(database, contact).confirmed_at is None


def test_a_new_test_takes_the_old_confirmation_and_the_old_code_back(database):
    contact = add_contact(database)
    order(database, contact)
    first = contact_row(database, contact).test_code
    confirm(database, contact, first)
    with pytest.raises(LedgerError, match="venter ikke"):
        confirm(database, contact, first)
    order(database, contact, LATER)
    assert trial.standing(contact_row(database, contact)) == "sendt, ikke bekreftet"


def test_a_contact_that_is_not_there_or_switched_off_is_told(database):
    gone = add_contact(database, active=False)
    for number, word in ((999, "999"), (gone, "tatt ut")):
        with pytest.raises(LedgerError, match=word):
            order(database, number)
