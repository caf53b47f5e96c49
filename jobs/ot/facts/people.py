"""People: where they live, how old they become this year, and whether their number is one to trust."""

from collections.abc import Mapping

import polars as pl

from jobs.codelists import table
from jobs.identity import Kind, birth_year_expression, kind_expression
from jobs.ot.transfer import Transfer, limits

VOCABULARY = {
    "hjemstedsfylke": "fylket personen bor i; tomt når registeret ikke vet det",
    "alder": "alderen ved utgangen av kalenderåret; tom når nummeret ikke sier fødselsåret",
    "i_alder": "alderen er innenfor grensene for oppfølging",
    "nummer_gyldig": "fødselsnummeret holder",
    "dobbel": "nummeret er midlertidig, og en annen med samme navn og fødselsdato har et vanlig",
    "dod": "merket som død",
    "utvandret": "merket som utvandret",
    "skjermet": "merket med gradert adresse",
    "annen_opplaring": "opplæring utenfor VIGO som personen er merket med",
}
TEMPORARY_FROM = 4  # the first digit of a D-number, or of a fictitious one, is its day's and 4 more
INVALID = (Kind.INVALID.value, Kind.FH.value)


def derive(read: Mapping[str, pl.DataFrame], transfer: Transfer) -> pl.DataFrame:
    """One row a person, under person_id, with kommunenummer beside the vocabulary."""
    year = birth_year_expression("fodselsnummer")
    # Lazily, so that the digits of a number are taken apart once for all that is asked of them.
    people = read["person"].rename({"id": "person_id"}).lazy()
    derived = people.with_columns(
        hjemstedsfylke=pl.col("kommunenummer").str.slice(0, 2),
        alder=transfer.per.year - year,
        nummer_gyldig=~kind_expression("fodselsnummer", transfer.per).is_in(INVALID),
        dobbel=_doubled(),
    ).with_columns(
        i_alder=pl.col("alder").is_between(limits().yngste, transfer.oldest).fill_null(value=False),
    )
    return (
        derived.collect()
        .join(_marks(read["merke"], transfer), on="person_id", how="left")
        .drop("fodselsnummer", "navn")
    )


def _doubled() -> pl.Expr:
    """Whether a temporary number's name and birth date are also those of an ordinary number."""
    number = pl.col("fodselsnummer")
    first = number.str.head(1).cast(pl.Int8, strict=False)
    temporary = first.is_between(TEMPORARY_FROM, 7)
    day = pl.when(temporary).then(first - TEMPORARY_FROM).otherwise(first).cast(pl.String)
    born = pl.concat_str(day, number.str.slice(1, 5))
    same = (~temporary).any().over(pl.col("navn").str.to_lowercase(), born)
    return (temporary & same & pl.col("navn").is_not_null()).fill_null(value=False)


def _marks(marks: pl.DataFrame, transfer: Transfer) -> pl.DataFrame:
    """What people are marked with on the day, one row a person."""
    begun = pl.col("fra").is_null() | (pl.col("fra") <= transfer.per)
    lasting = pl.col("til").is_null() | (pl.col("til") >= transfer.per)
    listed = table("personmerke").select(personmerke="kode", merkenavn="navn", slag="slag")
    holding = marks.filter(begun & lasting).join(listed, on="personmerke")
    slag = pl.col("slag")
    return holding.group_by("person_id").agg(
        *((slag == name).any().alias(name) for name in ("dod", "utvandret", "skjermet")),
        annen_opplaring=pl.col("merkenavn").filter(slag == "opplaring").sort().first(),
    )
