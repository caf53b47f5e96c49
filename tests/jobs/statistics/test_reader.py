"""The reader gives back what the writer wrote, for every layout and every form a receiver may want."""

import io
from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jobs.statistics.extract import encoded
from jobs.statistics.layout import FieldType, layouts
from jobs.statistics.reader import NotThisFileError, read
from jobs.statistics.receivers import Convention, Encoding, LineEnd
from jobs.statistics.texts import as_written

DATES = st.dates(date(1900, 1, 1), date(2099, 12, 31))
CONVENTIONS = st.builds(
    Convention,
    separator=st.sampled_from([";", "|", "\t"]),
    encoding=st.sampled_from(list(Encoding)),
    header=st.booleans(),
    line_end=st.sampled_from(list(LineEnd)),
)


def value_of(field):
    """Any value that fits a field: nothing where it may be empty."""
    letters = st.characters(min_codepoint=0x20, max_codepoint=0xFF, exclude_characters=';|"=+@\x7f')
    # Cc: 0x80-0x9f are control characters, which no letter of a name is.
    letters = letters.filter(lambda letter: not 0x80 <= ord(letter) <= 0xA0)
    kinds = {
        FieldType.TEXT: st.text(letters, min_size=1, max_size=field.length),
        FieldType.DIGITS: st.text("0123456789", min_size=1, max_size=field.length),
        FieldType.NUMBER: st.integers(0, 10**field.length - 1),
        FieldType.DECIMAL: st.integers(0, 10 ** (field.length - 1) - 1),
        FieldType.DATE: DATES,
        FieldType.DAY: DATES,
        FieldType.FLAG: st.sampled_from("JN"),
    }
    return kinds[field.type] if field.required else st.none() | kinds[field.type]


TYPES = {FieldType.NUMBER: pl.Int64, FieldType.DECIMAL: pl.Int64}
TYPES |= dict.fromkeys((FieldType.DATE, FieldType.DAY), pl.Date)


@pytest.mark.parametrize("layout", layouts().values(), ids=lambda layout: layout.name)
@settings(max_examples=20)
@given(data=st.data())
def test_what_was_written_is_read_back(layout, data, tmp_path_factory):
    row = st.fixed_dictionaries({f.variable: value_of(f) for f in layout.selected})
    rows = data.draw(st.lists(row, max_size=4))
    convention = data.draw(CONVENTIONS)
    schema = {f.variable: TYPES.get(f.type, pl.String) for f in layout.selected}
    given_rows = pl.DataFrame(rows, schema=schema)
    # As the database gives them: all as text, dates as 2026-10-01.
    batch = given_rows.with_columns(pl.all().cast(pl.String))
    file = io.BytesIO(b"".join(encoded([as_written(batch, layout)], layout, convention)))
    path = tmp_path_factory.mktemp("file") / "file.csv"
    path.write_bytes(file.getvalue())
    back = read(path, layout, convention)
    assert back.select(list(schema)).equals(given_rows)
    first = 2 if convention.header else 1
    assert back["linje"].to_list() == list(range(first, first + len(rows)))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"fodselsnummer;noe\r\n", "overskriften er ikke den til NOR"),
        (None, "feil antall felt"),
    ],
)
def test_another_file_is_named_as_such(tmp_path, content, said):
    layout = layouts()["NOR"]
    heading = ";".join(layout.heading).encode()
    path = tmp_path / "file.csv"
    path.write_bytes(content or heading + b"\r\n" + b"1;2;3;4;5;6;7;8;9\r\n")
    with pytest.raises(NotThisFileError, match=said):
        read(path, layout, Convention())
