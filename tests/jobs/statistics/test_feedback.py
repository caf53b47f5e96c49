"""Feedback: each line finds its rows or is refused by number; imports mend it, and the final answers it."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from jobs import JOBS
from jobs.api import Refusal
from jobs.identity import SYNTHETIC_ONLY
from jobs.imports.number_changes import take_in as renumber
from jobs.register.feedback import Feedback, FeedbackState, followed_lines, listed, mendings, states
from jobs.register.tables import Delivery
from jobs.statistics.deliveries import deliveries
from jobs.statistics.feedback import Subject, take_in
from jobs.statistics.following import follow
from tests.jobs.frames import identity_number, pupils
from tests.jobs.registers import deliver
from tests.jobs.running import NOW, order, run

JOB = JOBS["deliver-ssbelev"]
FIRST = order(JOB, "stat-ssbelev-l1")
FINAL = order(JOB, "stat-ssbelev-endelig", "final")
DAY = timedelta(days=1)
LISTED = NOW + 7 * DAY
OF = "ssbElev+ssbElevFag/46/20262027/2026-10-01"
HEAD = "fodselsnummer;skolear;skolenummer;programomradekode;felt;kode;melding"
SUBJECTS = (
    "fodselsnummer;skolear;skolenummer;programomradekode;fagkode;opplaringstermin;felt;kode;melding"
)
SUBJECT = Subject(FIRST.key, "first", deliveries()["deliver-ssbelev"])


def key(n):
    return f"{identity_number(n)};20262027;4600{1 + n % 3};STUSP1----"


@pytest.fixture
def loaded(database, tmp_path):
    """Load pupils at an instant as the county's import, and follow the lines as its job does."""

    def load(frames, at=NOW - DAY):
        deliver(database, tmp_path / "load", frames, at=at)
        with Session(database) as session, session.begin():
            newest = session.scalars(select(Delivery.id).order_by(Delivery.id.desc())).first()
            follow(session, followed_lines(session, "46"), newest, at)
            return newest

    return load


@pytest.fixture
def first(database, loaded, tmp_path):
    """A first delivery of forty pupils, received."""
    loaded(pupils(40))
    run(JOB, FIRST, database, tmp_path)


@pytest.fixture
def listed_as(database, tmp_path):
    """Take in a list of lines."""

    def take(*lines, head=HEAD, now=LISTED, subject=SUBJECT):
        file = tmp_path / "tilbakemelding.csv"
        file.write_text("\n".join([head, *lines]) + "\n", encoding="utf-8")
        with Session(database) as session, session.begin():
            return take_in(session, tmp_path, file, subject, now)

    return take


@pytest.fixture
def final(database, tmp_path):
    def send(at=LISTED + 5 * DAY, until=None, **inputs):
        ordered = replace(FINAL, now=at, inputs=inputs)
        return run(JOB, ordered, database, tmp_path, until)

    return send


def standing(database):
    with Session(database) as session:
        return {state.value: count for state, count in states(session, OF).items() if count}


CHANGED = {3: {"startdato": date(2026, 9, 1)}}


def test_an_unmended_row_needs_a_reason_in_the_final_and_is_then_explained(
    database, first, listed_as, final
):
    assert listed_as(f"{key(3)};startdato;A12;Startdato mangler") == Counter(new=1, known=0)
    assert standing(database) == {"open": 1}
    with pytest.raises(Refusal) as refused:
        final()
    said = refused.value.reasons[0]
    assert "EGEN-LEV-07 er brutt 1 gang i ssbElev (linje " in said
    assert "«Startdato (B02)», mottakerens kode A12" in said
    assert "Startdato mangler" not in said
    assert identity_number(3) not in said
    seen = final(until="extract")["manifest_sha256"]
    assert final(approved=seen)["receipt"]
    assert standing(database) == {"explained": 1}


def test_a_line_that_is_explained_alone_is_asked_of_no_more_and_may_still_be_mended(
    database, first, loaded, listed_as, final
):
    listed_as(f"{key(3)};startdato;A12;", f"{key(4)};;B1;")
    with Session(database) as session, session.begin():
        line = session.scalars(select(Feedback).order_by(Feedback.linje)).first()
        line.explained_by, line.explained_at = 7, LISTED + DAY
    assert standing(database) == {"open": 1, "explained": 1}
    with pytest.raises(Refusal) as refused:
        final()
    assert "EGEN-LEV-07 er brutt 1 gang" in str(refused.value)
    assert "kode B1" in str(refused.value)
    loaded(pupils(40, changes=CHANGED), at=LISTED + 2 * DAY)
    assert standing(database) == {"open": 1, "mended": 1}


def test_only_what_an_import_may_mend_is_followed(database, first, listed_as):
    listed_as(f"{key(3)};startdato;A12;")
    with Session(database) as session:
        found = {
            sender: len(followed_lines(session, sender)) for sender in ("46", "03", "national")
        }
    assert found == {"46": 1, "03": 0, "national": 1}


def test_the_line_number_is_the_row_s_own_in_the_final_file(first, listed_as, final, tmp_path):
    listed_as(f"{key(3)};startdato;A12;")
    with pytest.raises(Refusal) as refused:
        final()
    (line,) = {
        number
        for number, text in enumerate(_file(final, tmp_path).splitlines(), 1)
        if text.startswith(identity_number(3))
    }
    assert f"(linje {line})" in refused.value.reasons[0]


def _file(final, tmp_path):
    final(until="extract")
    (path,) = tmp_path.glob("work/*/ssbElev_*.csv")
    return path.read_text(encoding="utf-8")


def test_an_import_that_changes_the_row_mends_the_line_and_the_final_goes(
    database, first, loaded, listed_as, final
):
    listed_as(f"{key(3)};startdato;A12;", f"{key(4)};;B1;Feil skole")
    mended_at = LISTED + 2 * DAY
    by = loaded(pupils(40, changes=CHANGED), at=mended_at)
    assert standing(database) == {"mended": 1, "open": 1}
    with Session(database) as session:
        (mended, open_) = listed(session, OF)
        assert (mended[0].mended_by, mended[0].mended_at) == (by, mended_at)
        assert (mended[1], open_[1]) == (FeedbackState.MENDED, FeedbackState.OPEN)
        (mending,) = mendings(session, OF)
        assert (mending.deliverable, mending.at, mending.lines) == (
            "skole-off-telling-okt",
            mended_at,
            1,
        )
    with pytest.raises(Refusal) as refused:
        final()
    assert "EGEN-LEV-07 er brutt 1 gang" in str(refused.value)  # the other line, and it alone
    assert "hele raden, mottakerens kode B1" in str(refused.value)
    loaded(pupils(40, changes=CHANGED | {4: {"sersprak": "J"}}), at=mended_at + DAY)
    assert standing(database) == {"mended": 2}
    assert "EGEN-LEV-07" not in str(final(until="extract")["to_be_signed"])


def test_a_row_that_is_gone_is_mended(database, first, loaded, listed_as, final):
    listed_as(f"{key(39)};;B1;Ikke elev")
    loaded(pupils(39), at=LISTED + DAY)
    assert standing(database) == {"mended": 1}
    assert "EGEN-LEV-07" not in str(final(until="extract")["to_be_signed"])


def test_an_import_that_brings_the_row_back_opens_the_line_again(
    database, first, loaded, listed_as, final
):
    listed_as(f"{key(3)};startdato;A12;")
    loaded(pupils(40, changes=CHANGED), at=LISTED + DAY)
    loaded(pupils(40), at=LISTED + 2 * DAY)
    assert standing(database) == {"open": 1}
    with Session(database) as session:
        line = session.scalars(select(Feedback)).one()
        assert (line.mended_by, line.mended_at) == (None, None)
    with pytest.raises(Refusal, match="EGEN-LEV-07"):
        final()


def test_a_later_import_does_not_take_the_mending_over(database, first, loaded, listed_as):
    listed_as(f"{key(3)};startdato;A12;")
    by = loaded(pupils(40, changes=CHANGED), at=LISTED + DAY)
    loaded(pupils(41, changes=CHANGED), at=LISTED + 2 * DAY)
    with Session(database) as session:
        assert session.scalars(select(Feedback)).one().mended_by == by


def test_what_was_mended_before_the_list_came_says_which_import_did_it(
    database, first, loaded, listed_as
):
    loaded(pupils(41), at=NOW + DAY)
    by = loaded(pupils(41, changes=CHANGED), at=NOW + 2 * DAY)
    loaded(pupils(42, changes=CHANGED), at=NOW + 3 * DAY)
    listed_as(f"{key(3)};startdato;A12;", f"{key(5)};;A1;")
    assert standing(database) == {"mended": 1, "open": 1}
    with Session(database) as session:
        line = session.scalars(select(Feedback).order_by(Feedback.linje)).first()
        assert (line.mended_by, line.mended_at) == (by, NOW + 2 * DAY)


def test_lines_about_subjects_are_told_from_the_heading(database, first, loaded, listed_as, final):
    listed_as(f"{key(3)};MAT1019;;timer;T1;", head=SUBJECTS)
    with pytest.raises(Refusal, match=r"EGEN-LEV-07 er brutt 1 gang i ssbElevFag \(linje "):
        final()
    elev, kurs, fag = pupils(40)
    rows = fag.to_dicts()
    for row in rows:
        if (row["fodselsnummer"], row["fagkode"]) == (identity_number(3), "MAT1019"):
            row["timer"] = 140
    loaded((elev, kurs, type(fag)(rows, schema=fag.schema)), at=LISTED + DAY)
    assert standing(database) == {"mended": 1}


def test_a_person_with_a_new_number_is_the_same_row(database, first, listed_as, final, tmp_path):
    listed_as(f"{key(3)};startdato;A12;")
    file = tmp_path / "endringer.csv"
    new = identity_number(99)
    file.write_text(f"gammelt;nytt;dato\n{identity_number(3)};{new};2026-10-16\n", encoding="utf-8")
    renumber(database, tmp_path, file, "x", "vask", LISTED + DAY, SYNTHETIC_ONLY)
    with pytest.raises(Refusal, match="EGEN-LEV-07 er brutt 1 gang"):
        final()


def test_another_county_s_rows_and_another_year_s_lines_answer_nothing(
    database, first, listed_as, loaded, final
):
    listed_as(f"{key(3)};;A1;")
    with Session(database) as session, session.begin():
        session.execute(update(Feedback).values(speaks_for=OF.replace("/46/", "/03/")))
    assert "EGEN-LEV-07" not in str(final(until="extract")["to_be_signed"])
