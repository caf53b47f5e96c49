"""A person's word instead of a file is given to the runs that stand on it, by day."""

from datetime import UTC, datetime

import pytest
from sqlalchemy.orm import Session

from scheduler.engine.word import by_word
from scheduler.ledger import runs

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
LATE_IN_THE_EVENING = datetime(2026, 11, 10, 23, 30, tzinfo=UTC)  # the 11th in Oslo
LEAVERS, PRIVATE = "skole-off-sluttere-startere", "skole-priv-telling-okt"


@pytest.fixture
def session(planned_database):
    with Session(planned_database) as opened, opened.begin():
        yield opened


def told(session, job="transfer-ot-broken-off"):
    return by_word(session, job, "2026-2027", "46")


def nothing(session, turn, county, at):
    runs.report_nothing(session, f"{LEAVERS}/2026-2027/{turn}/{county}", "kari", "Ingen.", at)


def test_a_run_is_told_of_the_newest_word_of_its_county_and_of_the_country(session):
    nothing(session, 1, "46", datetime(2026, 9, 7, 9, tzinfo=UTC))
    nothing(session, 2, "46", LATE_IN_THE_EVENING)
    runs.waive(session, f"{PRIVATE}/2026-2027/only/national", "kari", "Ingen private.", NOW)
    assert told(session) == {"by_word": {LEAVERS: "2026-11-11", PRIVATE: "2026-11-22"}}


def test_another_countys_word_and_a_receipt_are_no_word(session):
    nothing(session, 1, "03", NOW)
    runs.settle(runs.occurrence_row(session, f"{LEAVERS}/2026-2027/2/46"), "done", NOW)
    assert told(session) == {}


def test_a_job_that_stands_on_its_own_file_is_told_nothing(session):
    nothing(session, 1, "46", NOW)
    assert told(session, "deliver-ssbelev") == {}
