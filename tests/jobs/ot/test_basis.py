"""What a transfer stands on: refused while it is missing or old, and the county's own choice."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from jobs import JOBS
from jobs.api import Refusal
from jobs.ot.choice import choose
from jobs.ot.job import transfer_of
from jobs.register.applicants import Onske, Soker
from jobs.register.followup import OtKjoring, OtLinje
from jobs.register.tables import Delivery
from tests.jobs.ot.transfers import (
    BASIS,
    BROKE_OFF,
    OCTOBER,
    adding,
    deliver,
    lines,
    order,
    transfer,
)
from tests.jobs.running import run


@pytest.mark.parametrize(
    ("job", "row"),
    [
        ("transfer-ot-broken-off", "skole-off-sluttere-startere"),
        ("transfer-ot-broken-off", "skole-priv-telling-okt"),
        ("transfer-ot-applicants", "inn-sokere-vigo-host"),
        ("transfer-ot-applicants", "fag-kontrakter-vigo"),
        ("transfer-ot-youth", "vok-inschool-aug"),
        ("transfer-ot-youth", "skole-off-telling-okt"),
    ],
)
def test_a_category_is_refused_while_its_basis_is_missing(register, tmp_path, job, row):
    adding(register, kurs=BROKE_OFF)
    with Session(register) as session, session.begin():
        session.execute(delete(Delivery).where(Delivery.deliverable == row))
    with pytest.raises(Refusal, match="ville for mange blitt overført"):
        transfer(register, tmp_path, job)
    with Session(register) as session, session.begin():
        assert session.scalar(select(func.count()).select_from(OtLinje)) == 0
        deliver(session, row, BASIS[row][0], OCTOBER)
    transfer(register, tmp_path, job, number=2)


@pytest.mark.parametrize(
    ("said", "goes"), [("2026-10-15", True), ("2026-10-09", False), ("2026-10-21", False)]
)
def test_a_word_that_there_is_nothing_does_for_a_file_as_long_as_the_file_would(
    register, tmp_path, said, goes
):
    adding(register, kurs=BROKE_OFF)
    with Session(register) as session, session.begin():
        session.execute(
            delete(Delivery).where(Delivery.deliverable == "skole-off-sluttere-startere")
        )
    inputs = {"by_word": {"skole-off-sluttere-startere": said}}
    ordered = replace(order("transfer-ot-broken-off"), inputs=inputs)
    if goes:
        run(JOBS[ordered.job], ordered, register, tmp_path)
    else:
        with pytest.raises(Refusal, match="ville for mange blitt overført"):
            run(JOBS[ordered.job], ordered, register, tmp_path)


def test_leavers_that_are_too_old_are_refused(register, tmp_path):
    adding(register, kurs=BROKE_OFF)
    with pytest.raises(Refusal, match=r"de siste 10 dagene.*Sist lest inn 19.10.2026"):
        transfer(register, tmp_path, now=OCTOBER + timedelta(days=10))


def test_applicants_in_november_must_be_new_since_they_are_deleted_then(register, tmp_path):
    november = datetime(2026, 11, 5, 6, 0, tzinfo=UTC)
    adding(register, soker={"onsker": "3"})
    with pytest.raises(Refusal, match="de slettes i november"):
        transfer(register, tmp_path, "transfer-ot-applicants", november)
    with Session(register) as session, session.begin():
        deliver(session, "inn-sokere-vigo-host", "46", november - timedelta(days=6))
    assert transfer(register, tmp_path, "transfer-ot-applicants", november, 2)["nye"] == 1


def test_the_evidence_of_an_applicant_outlives_the_application(register, tmp_path):
    person = adding(register, soker={"onsker": "57 3"})
    transfer(register, tmp_path, "transfer-ot-applicants")
    with Session(register) as session, session.begin():
        session.execute(delete(Onske))
        session.execute(delete(Soker))
    transfer(register, tmp_path, "transfer-ot-applicants", OCTOBER + timedelta(days=1))
    (line,) = lines(register, person)
    assert (line.tilmeldingskode, line.bevis["onskestatuser"]) == ("OSNP", "3, 57")


def test_before_15_november_the_private_schools_leavers_must_be_in(register, tmp_path):
    november = datetime(2026, 11, 10, 6, 0, tzinfo=UTC)
    adding(register, kurs=BROKE_OFF)
    with Session(register) as session, session.begin():
        deliver(session, "skole-off-sluttere-startere", "46", november)
    with pytest.raises(Refusal, match="som skal være inne før 15"):
        transfer(register, tmp_path, now=november)
    with Session(register) as session, session.begin():
        deliver(session, "skole-priv-slutt-start-nov", "national", november)
    assert transfer(register, tmp_path, now=november, number=2)["nye"] == 1


def test_the_countys_own_youth_is_only_counted_until_the_county_has_chosen_it(register, tmp_path):
    person = adding(register, soker={"onsker": "18"})
    transfer_ = transfer_of(order("transfer-ot-youth"))
    with Session(register) as session, pytest.raises(Refusal, match="prøvekjøring"):
        choose(session, transfer_, "Kari", "vil", OCTOBER)
    counted = transfer(register, tmp_path, "transfer-ot-youth")
    assert (counted["kandidater"], counted["prøvekjøring"]) == (1, True)
    assert lines(register, person) == []
    with Session(register) as session, session.begin():
        choose(session, transfer_, "Kari", "vedtatt i ledermøtet", OCTOBER)
    assert transfer(register, tmp_path, "transfer-ot-youth", number=2)["nye"] == 1
    assert lines(register, person)[0].tilmeldingskode == "OSMO"


def test_the_overlap_tells_what_other_transfers_catch_now_later_and_lately(
    either_register, tmp_path
):
    adding(either_register, soker={"onsker": "18"})
    adding(either_register)
    adding(
        either_register,
        kurs={**BROKE_OFF, "avbruddsarsak": "AS", "avbruddsdato": date(2026, 10, 15)},
    )
    adding(either_register, soker={"onsker": "57"})
    transfer(either_register, tmp_path, "transfer-ot-applicants")
    transfer(either_register, tmp_path, "transfer-ot-youth")
    with Session(either_register) as session:
        runs = {run.kategorier[0]: run for run in session.scalars(select(OtKjoring))}
    assert "overlapp" not in runs["sokere"].tall
    told = runs["elever"].tall["overlapp"]
    assert told["kandidater"] == 4
    assert told["bare_her"] == 1
    assert told["tas_nar_fristen_er_ute_av"] == {"R7": 1}
    assert told["fanget_av"] == {"R1": 1, "R3": 1}


def test_the_report_counts_and_names_nobody(register, tmp_path):
    adding(register, kurs=BROKE_OFF, navn="Prøve, Hemmelig")
    transfer(register, tmp_path)
    (report,) = (tmp_path / "returns" / "46").glob("ot-overforing-elevkurs-*.txt")
    text = report.read_text(encoding="utf-8")
    assert "1 kandidater: 1 overføres (0 med gradert adresse), 0 utelates." in text
    assert "Hemmelig" not in text
