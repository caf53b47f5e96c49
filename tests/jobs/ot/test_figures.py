"""OT data per a reference date, and its figures: as it was, whole in the file, hidden where shown."""

from datetime import UTC, date, datetime

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from jobs.ot.extract import COLUMNS, ot_data
from jobs.ot.figures import REASONS, crossed, in_target, reasons, suppressed
from jobs.register.followup import OtHendelse, OtLinje
from tests.jobs.ot.people import SKOLEAR
from tests.jobs.ot.transfers import BROKE_OFF, adding, transfer

COUNT = date(2026, 11, 15)


def event(database, person, day, **values):
    """Something an adviser wrote down afterwards, valid from a day."""
    with Session(database) as session, session.begin():
        line = session.scalars(select(OtLinje).where(OtLinje.person_id == person)).one()
        defaults = {"slag": "S", "kilde": "radgiver", "aktor": "Kari", "bevis": {}}
        at = datetime(2026, 12, 1, tzinfo=UTC)
        session.add(OtHendelse(**{**defaults, **values}, linje_id=line.id, gjelder=day, at=at))


def data(database, on=COUNT):
    with Session(database) as session:
        return ot_data(session, "46", SKOLEAR, on)


@pytest.fixture
def transferred(register, tmp_path):
    """A register with one registered person; returns the register and the person."""
    person = adding(register, kurs=BROKE_OFF, fodt=date(2008, 5, 5))
    transfer(register, tmp_path)
    return register, person


def test_a_row_holds_what_udir_counts_by(transferred):
    register, _ = transferred
    (row,) = data(register).to_dicts()
    assert tuple(row) == (*COLUMNS, "person_id")
    assert (row["statuskode"], row["statusgruppe"], row["malgruppe"]) == ("OTUK", "1", "J")
    assert (row["aldersgruppe"], row["otenhet"], row["tilmeldingskode"]) == ("18", "46201", "OESL")
    assert (row["tilmeldt_dato"], row["kontakt_dato"]) == (date(2026, 10, 20), None)


def test_the_status_is_that_of_the_reference_date_and_not_of_today(transferred):
    register, person = transferred
    event(register, person, date(2026, 11, 10), otstatus="OTOV")
    event(register, person, date(2026, 11, 16), otstatus="OTAR")
    (row,) = data(register).to_dicts()
    assert (row["statuskode"], row["statusdato"]) == ("OTOV", date(2026, 11, 10))
    assert row["kontakt_dato"] == date(2026, 11, 10)
    assert data(register, date(2026, 11, 16))["statuskode"].to_list() == ["OTAR"]


def contact(register, on=COUNT):
    return data(register, on)["kontakt_dato"].to_list()


def test_the_day_of_contact_is_the_first_one_that_was_told(transferred):
    register, person = transferred
    event(register, person, date(2026, 10, 28), otstatus="OTFA_IM")  # takes no contact
    assert contact(register) == [None]
    told = {"otstatus": "OTOV", "bevis": {"kontakt": "2026-11-02"}}
    event(register, person, date(2026, 11, 5), **told)
    event(register, person, date(2026, 11, 9), otstatus="OTAR")
    assert contact(register) == [date(2026, 11, 2)]
    assert contact(register, date(2026, 11, 4)) == [None]


def test_contact_before_a_new_registration_is_no_contact_since(transferred):
    register, person = transferred
    event(register, person, date(2026, 10, 26), otstatus="OTOV")
    event(register, person, date(2026, 10, 28), slag="A")
    event(register, person, date(2026, 11, 3), slag="T", otstatus="OTUK")
    assert contact(register) == [None]
    event(register, person, date(2026, 11, 4), otstatus="OTAR")
    assert contact(register) == [date(2026, 11, 4)]


def test_whoever_was_registered_later_or_had_gone_is_not_in_it(transferred):
    register, person = transferred
    assert data(register, date(2026, 10, 19)).is_empty()
    event(register, person, date(2026, 11, 20), slag="A")
    assert data(register).height == 1
    assert data(register, date(2026, 11, 20)).is_empty()


def test_a_protected_person_is_in_the_file(register, tmp_path):
    adding(register, kurs=BROKE_OFF, merke={"personmerke": "K6"})
    transfer(register, tmp_path)
    assert data(register)["otenhet"].to_list() == ["46200"]


CODES = ["OSON", "OSNP", "OSUT", "OSVE", "OESL", "OSMO"]
GROUPS = ["16 og yngre", "17", "18", "22-24"]


def rows(found):
    schema = dict.fromkeys(("tilmeldingskode", "aldersgruppe", "malgruppe"), pl.String)
    return pl.DataFrame(found, schema=schema, orient="row")


@given(st.lists(st.tuples(st.sampled_from(CODES), st.sampled_from(GROUPS), st.sampled_from("JN"))))
def test_the_five_reasons_sum_to_the_target_group(found):
    counted = reasons(rows(found))
    assert tuple(counted) == REASONS
    assert sum(counted.values()) == in_target(rows(found)).height


def test_small_cells_are_hidden_and_one_more_so_that_no_sum_tells_them():
    found = [("OSON", "17", "J")] * 20 + [("OESL", "17", "J")] * 3 + [("OSON", "18", "J")] * 9
    found += [("OESL", "18", "J")] * 30 + [("OESL", "17", "N")] * 50
    shown = crossed(rows(found), "aldersgruppe", "grunn")
    assert (shown.rows, shown.columns) == (("17", "18"), ("AVBR", "IKKES"))
    assert shown.cells[0] == (None, None)
    assert None in shown.cells[1]
    assert shown.total == 62


GRID = st.integers(1, 4).flatmap(
    lambda width: st.lists(
        st.lists(st.integers(0, 12), min_size=width, max_size=width), min_size=1, max_size=4
    )
)


def whole_of(shown):
    body = [[*cells, total] for cells, total in zip(shown.cells, shown.row_sums, strict=True)]
    return [*body, [*shown.column_sums, shown.total]]


@settings(max_examples=200)
@given(GRID)
def test_no_hidden_cell_can_be_worked_out_from_what_is_shown(grid):
    shown = whole_of(
        suppressed(tuple(map(str, range(len(grid)))), tuple("abcd"[: len(grid[0])]), grid)
    )
    known = [line.copy() for line in shown]
    lines = [[(r, c) for c in range(len(known[0]))] for r in range(len(known))]
    lines += [[(r, c) for r in range(len(known))] for c in range(len(known[0]))]
    unknown = [(r, c) for r, line in enumerate(known) for c, n in enumerate(line) if n is None]
    # Equations of the hidden cells: a cell is told when the others leave it no freedom.
    matrix = [
        [float(cell in line) * (-1 if cell == line[-1] else 1) for cell in unknown]
        for line in lines
    ]
    for place in range(len(unknown)):
        without = [row[:place] + row[place + 1 :] for row in matrix]
        assert rank(without) == rank(matrix), (grid, shown)


def rank(matrix):
    """The rank, by elimination."""
    rows, found = [row.copy() for row in matrix], 0
    for column in range(len(matrix[0]) if matrix else 0):
        pivot = next((r for r in range(found, len(rows)) if abs(rows[r][column]) > 1e-9), None)
        if pivot is None:
            continue
        rows[found], rows[pivot] = rows[pivot], rows[found]
        for r in range(len(rows)):
            if r != found and abs(rows[r][column]) > 1e-9:
                factor = rows[r][column] / rows[found][column]
                rows[r] = [a - factor * b for a, b in zip(rows[r], rows[found], strict=True)]
        found += 1
    return found


@settings(max_examples=100)
@given(GRID)
def test_what_is_shown_is_right_and_never_small(grid):
    names = tuple(map(str, range(len(grid)))), tuple("abcd"[: len(grid[0])])
    shown = suppressed(*names, grid)
    for line, true in zip(shown.cells, grid, strict=True):
        for cell, count in zip(line, true, strict=True):
            assert cell is None or (cell == count and not 0 < cell < 5)
