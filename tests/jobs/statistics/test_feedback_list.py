"""A receiver's list is taken in whole or not at all; what is wrong is told by line, without what is in it."""

from collections import Counter

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from jobs.imports.lines import FileFault
from jobs.register.feedback import Feedback
from jobs.register.tables import Delivery, Outbound
from jobs.statistics.feedback import Subject
from jobs.wording import without_numbers
from tests.jobs.frames import identity_number
from tests.jobs.statistics.test_feedback import (
    FINAL,
    HEAD,
    SUBJECT,
    first,
    key,
    listed_as,
    loaded,
    standing,
)

__all__ = ["first", "listed_as", "loaded"]


def test_a_line_of_no_row_is_named_and_nothing_is_kept(database, first, listed_as):
    with pytest.raises(FileFault) as fault:
        listed_as(f"{key(3)};;A1;", f"{key(77)};;A1;", f"{key(2)};;A1;", f"{key(78)};;A1;")
    assert [line for line, _ in fault.value.faults] == [3, 5]
    assert "Ingen rad i leveringen har denne nøkkelen." in str(fault.value)
    assert identity_number(77) not in str(fault.value)
    with Session(database) as session:
        assert session.scalars(select(Feedback)).all() == []
        assert (
            session.scalars(select(Delivery).filter_by(deliverable="stat-tilbakemelding")).all()
            == []
        )


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{key};Startdato;A1;", "Feltet finnes ikke i ssbElev."),
        ("{key};;;uten kode", "Koden mangler eller har feil form."),
        ("{key};;{number};", "Koden mangler eller har feil form."),
        ("{key};;a b;", "Koden mangler eller har feil form."),
        ("{key};;A1;" + "x" * 501, "Meldingen er lengre enn 500 tegn."),
        ("{key};A1;", "Linjen skal ha 7 felt"),
    ],
)
def test_a_line_that_is_wrong_is_refused_by_number_without_its_words(
    database, first, listed_as, line, said
):
    wrong = line.format(key=key(3), number=identity_number(3))
    with pytest.raises(FileFault) as fault:
        listed_as(f"{key(4)};;A1;", wrong)
    assert [number for number, _ in fault.value.faults] == [3]
    assert said in str(fault.value)
    assert identity_number(3) not in str(fault.value)
    assert standing(database) == {}


def test_the_same_line_twice_is_told_and_one_known_from_before_is_kept_once(
    database, first, listed_as
):
    with pytest.raises(FileFault, match="Linje 3: Linjen er den samme som linje 2"):
        listed_as(f"{key(3)};;A1;", f"{key(3)};;A1;annet")
    assert listed_as(f"{key(3)};;A1;") == Counter(new=1, known=0)
    assert listed_as(f"{key(3)};;A1;", f"{key(4)};;A1;") == Counter(new=1, known=1)
    assert standing(database) == {"open": 2}
    with pytest.raises(FileFault, match="Filen er tatt inn før"):
        listed_as(f"{key(3)};;A1;", f"{key(4)};;A1;")


@pytest.mark.parametrize(
    ("head", "lines", "said"),
    [
        ("fodselsnummer;felt;kode;melding", ("1;;A1;",), "Første linje skal være fodselsnummer;"),
        (HEAD, (), "Listen har ingen linjer."),
    ],
)
def test_a_list_of_another_form_is_refused(first, listed_as, head, lines, said):
    with pytest.raises(FileFault, match=said):
        listed_as(*lines, head=head)


def test_a_list_about_what_was_never_sent_or_is_final_is_refused(database, listed_as, loaded):
    with pytest.raises(FileFault, match="Leveringen er ikke sendt"):
        listed_as(f"{key(3)};;A1;")
    last = Subject(FINAL.key, "final", SUBJECT.delivery)
    with pytest.raises(FileFault, match="gjelder en første levering"):
        listed_as(f"{key(3)};;A1;", subject=last)


def test_a_file_that_cannot_be_made_again_is_never_matched_by_guess(database, first, listed_as):
    with Session(database) as session, session.begin():
        sent = session.scalars(select(Outbound)).one()
        files = [{**file, "sha256": "0" * 64} for file in sent.manifest["filer"]]
        session.execute(update(Outbound).values(manifest={**sent.manifest, "filer": files}))
    with pytest.raises(FileFault, match="kan ikke lages igjen"):
        listed_as(f"{key(3)};;A1;")
    assert standing(database) == {}


def test_a_number_in_the_receiver_s_words_is_not_kept(database, first, listed_as):
    listed_as(f"{key(3)};;A1;Se også {identity_number(5)} takk")
    with Session(database) as session:
        assert session.scalars(select(Feedback)).one().melding == "Se også <nummer fjernet> takk"
    assert without_numbers("a" * 64) == "a" * 64
