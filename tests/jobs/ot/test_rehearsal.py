"""A rehearsal of a transfer: the counts of a dry run and nothing else, refused where a transfer would be."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from jobs import JOBS
from jobs.api import REHEARSAL, JobContext, Refusal
from jobs.register.followup import OtHendelse, OtKjoring, OtLinje, OtPaVei, OtUtelatt
from tests.jobs.ot.transfers import BROKE_OFF, OCTOBER, adding, order

JOB = "transfer-ot-broken-off"


def rehearsed(database, folder, now=OCTOBER, **inputs):
    """Try the job as its rehearsal does."""
    asked = order(JOB, now)
    run_id = asked.run_id.replace("#", f"{REHEARSAL}-10#")
    tried = replace(asked, job=JOB + REHEARSAL, run_id=run_id, inputs=inputs)
    (trial,) = JOBS[JOB].rehearsal
    assert trial.waits
    return trial.step.body(JobContext(tried, database, folder), {})


def counted(database):
    with Session(database) as session:
        models = (OtLinje, OtHendelse, OtUtelatt, OtPaVei)
        return [session.scalar(select(func.count()).select_from(model)) for model in models]


def test_it_counts_as_a_dry_run_and_writes_nobody_down(either_register, tmp_path):
    adding(either_register, kurs=BROKE_OFF)
    adding(either_register, kurs=[BROKE_OFF, {"skole": "privat"}])
    told = rehearsed(either_register, tmp_path)["told"]
    assert (told["kandidater"], told["overfores"], told["utelates"]) == (2, 1, 1)
    rehearsed(either_register, tmp_path)  # begun twice after a crash
    with Session(either_register) as session:
        run = session.scalars(select(OtKjoring)).one()
        assert (run.torr, run.kategorier, run.tall) == (True, ["elevkurs"], told)
    assert counted(either_register) == [0, 0, 0, 0]
    assert not (tmp_path / "returns").exists()
    assert not (tmp_path / "work").exists()


def test_what_has_not_come_is_told_and_a_persons_word_does_for_it(register, tmp_path):
    late = OCTOBER + timedelta(days=12)
    with pytest.raises(Refusal, match="Sluttere og startere"):
        rehearsed(register, tmp_path, late)
    with Session(register) as session:
        assert session.scalars(select(OtKjoring)).all() == []
    said = {"skole-off-sluttere-startere": late.date().isoformat()}
    assert rehearsed(register, tmp_path, late, by_word=said)["told"]["kandidater"] == 0
