"""A value that does not fit its field is a named error in every file that has such a field."""

from datetime import date

import polars as pl
import pytest

from jobs import JOBS
from jobs.api import Refusal
from jobs.statistics.layout import FieldType, layouts
from jobs.statistics.receivers import Convention, Encoding
from jobs.statistics.texts import as_written, misfits
from tests.jobs.frames import pupils
from tests.jobs.registers import deliver
from tests.jobs.running import order, run

DAY = date(2026, 10, 1)
PLAIN = Convention()
RIGHT = {
    FieldType.TEXT: "A",
    FieldType.DIGITS: "1",
    FieldType.NUMBER: "1",
    FieldType.DECIMAL: "1250",
    FieldType.DATE: "2026-10-01",
    FieldType.DAY: "2026-10-01",
    FieldType.FLAG: "J",
}
# What is put in a text field, and what is said of it.
TEXT_FAULTS = {
    "a;b": "inneholder skilletegnet «;»",
    'a"b': "inneholder anførselstegn",
    "a\nb": "inneholder linjeskift eller et annet styretegn",
    "a\rb": "inneholder linjeskift eller et annet styretegn",
    "a\tb": "inneholder linjeskift eller et annet styretegn",
    "=1+1": "begynner med «=», som et regneark tar for en formel",
    "+47": "begynner med «+», som et regneark tar for en formel",
    "@A1": "begynner med «@», som et regneark tar for en formel",
}


def row_of(layout, **values):
    """A row that fits, but for the codes."""
    right = {field.variable: RIGHT[field.type] for field in layout.selected}
    return pl.DataFrame([right | values], schema=dict.fromkeys(right, pl.String))


def faults(layout, convention=PLAIN, **values):
    """What is said of a row, by field."""
    written = as_written(row_of(layout, **values), layout)
    found = misfits(written, pl.Series("linje", ["7"]), layout, convention, DAY)
    return {(misfit.field.variable, misfit.fault): misfit for misfit in found}


def text_field(layout):
    """The longest field of text that has no code list."""
    free = [f for f in layout.selected if f.type is FieldType.TEXT and not f.codes]
    return max(free, key=lambda field: field.length, default=None)


every_file = pytest.mark.parametrize("layout", layouts().values(), ids=lambda layout: layout.name)


@every_file
@pytest.mark.parametrize("text", TEXT_FAULTS, ids=repr)
def test_text_that_would_break_the_file_is_named(layout, text):
    field = text_field(layout)
    assert field is not None
    said = TEXT_FAULTS[text]
    (misfit,) = [
        m
        for (name, fault), m in faults(layout, **{field.variable: text}).items()
        if (name, fault) == (field.variable, said)
    ]
    assert f"feltet {field.nr} «{field.title}» {said}, for raden fra linje 7" in str(misfit)
    assert text not in str(misfit)
    assert (field.variable, said) not in faults(layout, **{field.variable: "ab"})


@every_file
def test_a_value_longer_than_its_field_is_named_in_every_field(layout):
    for field in layout.selected:
        if field.type in (FieldType.TEXT, FieldType.DIGITS, FieldType.NUMBER):
            digit = "1" * (field.length + 1)
            said = f"har {field.length + 1} tegn, men plass til {field.length}"
            assert (field.variable, said) in faults(layout, **{field.variable: digit})
            assert (field.variable, said) not in faults(layout, **{field.variable: digit[1:]})


@every_file
def test_a_code_the_year_does_not_have_is_named(layout):
    coded = [field for field in layout.selected if field.codes]
    assert coded or layout.name == "Larebedrifter"
    for field in coded:
        said = (field.variable, f"har en kode som ikke gjelder («{field.codes}»)")
        assert said in faults(layout, **{field.variable: "Ø"})


def test_a_code_counts_in_the_years_it_is_valid():
    layout = layouts()["ssbElev"]
    written = as_written(row_of(layout, elevstatus="H"), layout)
    said = "har en kode som ikke gjelder («elevstatus»)"
    for day, wrong in ((date(2020, 10, 1), False), (DAY, True)):
        found = misfits(written, pl.Series("linje", ["7"]), layout, PLAIN, day)
        assert (said in [misfit.fault for misfit in found]) is wrong


@every_file
def test_a_required_field_that_is_empty_is_named(layout):
    for field in layout.selected:
        found = (field.variable, "mangler") in faults(layout, **{field.variable: None})
        assert found is field.required


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("fodselsnummer", "1234567890a", "er ikke et tall"),
        ("arstimer", "12,5", "er ikke et tall"),
        ("karakterpoeng", "x", "er ikke et tall med to desimaler"),
        ("startdato", "i fjor", "er ikke en dato"),
        ("sersprak", "X", "skal være J eller N"),
    ],
)
def test_a_value_of_another_form_is_named(variable, value, said):
    layout = layouts()["ssbResultat"]
    assert (variable, said) in faults(layout, **{variable: value})


def test_a_letter_beyond_the_receivers_character_set_is_named():
    layout = layouts()["ssbElev"]
    said = ("elevnavn", "har tegn som ikke finnes i ISO-8859-1")
    latin = Convention(encoding=Encoding.LATIN_1)
    assert said in faults(layout, latin, elevnavn="Łukasz")
    assert said not in faults(layout, latin, elevnavn="Åse Ærø")
    assert said not in faults(layout, PLAIN, elevnavn="Łukasz")


def test_what_does_not_fit_stops_the_file_and_leaves_nothing(database, tmp_path):
    elev, kurs, fag = pupils(2)
    named = elev.with_columns(navn=pl.lit('=HYPERLINK("x";"y")'))
    deliver(database, tmp_path / "load", (named, kurs, fag))
    job = JOBS["deliver-ssbelev"]
    with pytest.raises(Refusal) as refused:
        run(job, order(job, "stat-ssbelev-l1"), database, tmp_path)
    said = str(refused.value)
    for fault in ("skilletegnet «;»", "anførselstegn", "begynner med «=»"):
        assert fault in said
    assert "HYPERLINK" not in said
    assert not (tmp_path / "outbox").exists()
