"""History: what the register knew at an instant, whatever was loaded after it."""

from datetime import date, timedelta
from functools import partial

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from jobs.register.history import as_of, history_of
from jobs.register.pupils import Elevkurs, Faglinje
from tests.jobs.frames import pupils
from tests.jobs.registers import NOW, deliver

LATER = NOW + timedelta(days=7)
BEFORE = NOW - timedelta(days=1)


@pytest.fixture
def delivered(database, tmp_path):
    return partial(deliver, database, tmp_path / "work")


def _known(database, model, at, *columns):
    known = as_of(model, at)
    with Session(database) as session:
        return session.execute(select(*(known.c[name] for name in columns))).all()


def test_a_changed_row_is_known_as_it_was_before_and_as_it_is_after(database, delivered):
    delivered(pupils(5))
    delivered(pupils(5, changes={3: {"klasse": "2STB"}}), at=LATER)
    assert {row.klasse for row in _known(database, Elevkurs, NOW, "klasse")} == {"1STA"}
    after = [row.klasse for row in _known(database, Elevkurs, LATER, "klasse")]
    assert sorted(after) == ["1STA"] * 4 + ["2STB"]
    assert _known(database, Elevkurs, BEFORE, "klasse") == []


def test_a_row_that_ended_is_still_known_as_of_before(database, delivered):
    delivered(pupils(5))
    delivered(pupils(4), at=LATER)
    assert len(_known(database, Faglinje, NOW, "fagkode")) == 10
    assert len(_known(database, Faglinje, LATER, "fagkode")) == 8


def test_a_kept_row_says_which_delivery_brought_it_and_which_ended_it(database, delivered):
    delivered(pupils(5))
    delivered(pupils(5, changes={3: {"avbruddsdato": date(2026, 9, 1)}}), at=LATER)
    kept = history_of(Elevkurs)
    with Session(database) as session:
        (row,) = session.execute(select(kept)).all()
    assert (row.delivery_id, row.ended_by, row.how, row.avbruddsdato) == (1, 2, "E", None)


def test_an_unchanged_file_keeps_nothing_and_touches_nothing(database, delivered):
    delivered(pupils(5))
    delivered(pupils(5), at=LATER)
    with Session(database) as session:
        for model in (Elevkurs, Faglinje):
            assert session.scalar(select(func.count()).select_from(history_of(model))) == 0
