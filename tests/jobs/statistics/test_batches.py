"""A query's rows come in few frames, in order, whatever the database."""

import pytest
from sqlalchemy import literal, select, union_all

from jobs.statistics import batches as read


@pytest.mark.parametrize(("rows", "frames"), [(0, [0]), (3, [3]), (4, [4]), (9, [4, 4, 1])])
def test_rows_come_as_many_at_a_time_as_there_is_room_for(database, monkeypatch, rows, frames):
    monkeypatch.setattr(read, "ROWS_AT_A_TIME", 4)
    numbers = union_all(*(select(literal(n).label("n")) for n in range(rows + 1))).subquery()
    query = select(numbers.c.n).where(numbers.c.n < rows).order_by(numbers.c.n)
    with read.snapshot(database) as connection:
        found = list(read.batches(connection, query))
    assert [frame.height for frame in found] == frames
    assert [n for frame in found for n in frame["n"]] == [str(n) for n in range(rows)]
