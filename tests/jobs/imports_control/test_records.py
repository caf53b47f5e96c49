"""Layouts, and the writer and the parser that read them: what is written is what is read."""

from dataclasses import replace

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jobs.imports.layout import HEADER, layout_names, load_layout
from jobs.imports.lines import check_lines
from jobs.imports.records import encode, read_table, split_records, write_lines

TEXT = st.text(
    st.characters(codec="iso-8859-1", exclude_categories=("Cc",), exclude_characters=";"),
    max_size=12,
)


@pytest.mark.parametrize("name", layout_names())
def test_a_layouts_fields_are_in_order_and_labelled(name):
    for record in load_layout(name).records.values():
        numbers = [field.nr for field in record.fields]
        assert numbers == sorted(set(numbers))
        assert numbers[0] >= 2  # field 1 is the record type
        assert {field.evidence for field in record.fields} <= {"P", "I"}


def test_the_published_numbers_of_sas_3_are_kept():
    records = load_layout("sas3").records
    course = {field.name: field.nr for field in records["$EK"].fields}
    subject = {field.name: field.nr for field in records["$KL"].fields}
    assert (course["startdato"], course["avbruddsdato"], course["fullfortkode"]) == (7, 8, 12)
    assert (subject["fagkode"], subject["fagstatus"], subject["rkv_dato"]) == (6, 16, 25)


def test_the_published_numbers_of_the_older_layout_are_kept():
    records = load_layout("eldre").records
    course = {field.name: field.nr for field in records["$EK"].fields}
    assert (course["startdato"], course["avbruddsdato"]) == (8, 9)
    assert (course["fullfortkode"], course["elevstatus"]) == (22, 31)


def test_an_unknown_layout_is_answered_with_the_known_ones():
    with pytest.raises(KeyError, match="eldre, fagopplaring, sas3, soker, voksen"):
        load_layout("sas4")


def test_a_separator_of_several_bytes_is_refused():
    with pytest.raises(ValueError, match="one byte"):
        replace(load_layout(), separator="¤")


@pytest.mark.parametrize("encoding", ["utf-8", "iso-8859-1"])
@pytest.mark.parametrize("name", layout_names())
@settings(deadline=None, max_examples=25)
@given(data=st.data())
def test_what_is_written_is_read_back(tmp_path_factory, name, encoding, data):
    layout = replace(load_layout(name), encoding=encoding)
    kind, record = list(layout.records.items())[-1]
    names = [field.name for field in record.fields]
    rows = data.draw(
        st.lists(st.lists(TEXT, min_size=len(names), max_size=len(names)), min_size=1, max_size=8)
    )
    table = pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")
    header = pl.DataFrame([{"antall_linjer": str(len(rows))}])
    path = tmp_path_factory.mktemp("lines") / "file.txt"
    lines = write_lines({HEADER: header, kind: table}, layout)["tekst"]
    path.write_bytes(encode(lines, layout))
    content = path.read_bytes().decode(encoding).encode()
    linje = pl.Series(range(1, len(rows) + 2), dtype=pl.UInt32)
    back = split_records(read_table(content, layout), linje, layout)[kind]
    assert back["linje"].to_list() == list(range(2, len(rows) + 2))
    assert back.select(names).fill_null("").equals(table)


def test_a_written_file_passes_the_line_pass(tmp_path):
    layout = load_layout()
    table = pl.DataFrame([{"fagkode": "NOR1260"}])
    lines = write_lines({HEADER: pl.DataFrame([{"antall_linjer": "1"}]), "$KL": table}, layout)[
        "tekst"
    ]
    path = tmp_path / "file.txt"
    path.write_bytes(encode(lines, layout))
    assert check_lines(path, layout, 1 << 20).rows == 1
