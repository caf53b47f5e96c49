"""People: the identity number and the name judged, and numbers that may be one person."""

from datetime import date

import polars as pl

from jobs.identity import Kind, classify, kind_expression
from jobs.imports.keys import PERSON_KEY
from jobs.quality.derived.columns import KEYED, keyed

WHOLE_FILE = "fil"  # the frame of rules that need every person of the file; they set nobody aside

NUMBER_AND_NAME = {
    "fodselsnummer_type": "nummerets slag (F, D, SYNTHETIC_80 …)",
    "fodselsnummer_godtatt": "nummeret holder, og slaget er tillatt her",
    "fodselsnummer_grunn": "hvorfor nummeret ikke godtas",
    "navn_uvanlig": "navnet har andre tegn enn bokstaver, mellomrom, punktum, komma, apostrof og bindestrek",
}
VOCABULARY = {
    "person": KEYED | NUMBER_AND_NAME,
    WHOLE_FILE: {
        "linje": "linjenummeret til personen",
        "linjetype": "linjetypen personen står med",
        "navn": "personens navn",
        "fodselsnummer": "personens fødselsnummer",
        "antall_navnesosken": "antall numre i filen med samme navn og fødselsdato",
    },
}


def derive_person(person: pl.DataFrame, accept: frozenset[Kind], on: date) -> pl.DataFrame:
    """Judge the people of a file of our own layouts; `on` is the day the file was written."""
    return keyed(judged(person, accept, on), *PERSON_KEY)


def judged(people: pl.DataFrame, accept: frozenset[Kind], on: date) -> pl.DataFrame:
    """Judge the identity number and the name (see NUMBER_AND_NAME)."""
    kind = pl.col("fodselsnummer_type")
    read = people.with_columns(
        fodselsnummer_type=kind_expression("fodselsnummer", on),
        navn_uvanlig=~pl.col("navn").str.contains(r"^[\p{L} .,'’-]+$"),
    )
    return read.with_columns(
        fodselsnummer_godtatt=kind.is_in([kind.value for kind in accept]),
        fodselsnummer_grunn=_reasons(read, on),
    )


def _reasons(read: pl.DataFrame, on: date) -> pl.Series:
    invalid = pl.col("fodselsnummer_type") == Kind.INVALID.value
    texts = {
        number: ", ".join(classify(number, on).reasons)
        for number in read.filter(invalid)["fodselsnummer"].unique()
    }
    return read["fodselsnummer"].replace_strict(
        texts, default="slaget nummer er ikke tillatt her", return_dtype=pl.String
    )


def derive_people(people: pl.DataFrame) -> pl.DataFrame:
    """Count the numbers that share a name and a birth date; `people` is everyone in a file.

    A D-number is its birth date with 40 added to the day, so the first digit loses 4.
    """
    number = pl.col("fodselsnummer")
    first = number.str.head(1)
    day = first.replace({"4": "0", "5": "1", "6": "2", "7": "3"})
    same = people.select("linje", number, name=pl.col("navn").str.to_lowercase()).with_columns(
        born=pl.concat_str(day, number.str.slice(1, 5))
    )
    counted = same.group_by("name", "born").agg(antall_navnesosken=number.n_unique())
    siblings = same.join(counted.filter(pl.col("antall_navnesosken") > 1), on=["name", "born"])
    return people.join(
        siblings.select("linje", "antall_navnesosken"),
        on="linje",
        how="left",
        maintain_order="left",
    ).with_columns(pl.col("antall_navnesosken").fill_null(1))
