"""Synthetic applicants of one county: last year's pupils and those who leave lower secondary school."""

from datetime import date

import polars as pl

from jobs.synth.draw import Draw
from jobs.synth.people import FEWEST, address, name, numbered, volume
from jobs.synth.pupils import PUBLIC, make_extract, schools_of

LAST_YEAR_OF_SCHOOL = "3"
NEXT_GROUP = {"1": "V2", "2": "V3"}
WISHES = 3
GENERAL, VOCATIONAL, TRADE = "STUSP1----", "ELELE1----", "ELELE3----"
# Per mille: how the first wish went, when the intake is over. VIGO's numbers of the wish statuses.
OUTCOMES = {"place": 900, "declined": 20, "waiting": 30, "without": 50}
STATUS = {"place": "18", "declined": "40", "waiting": "30", "without": "3"}
ANSWER = {"place": "JA", "declined": "NEI", "waiting": "VEN"}
INTAKE = (7, 7)
STRUCK = "61"  # admitted on another wish


def make_applicants(
    county: str, period: str, written: date, seed: int, share: float
) -> dict[str, pl.DataFrame]:
    """The frames of the county's applicants of a year ("2027"), as text.

    In a file written after the intake the wishes have status and answer.
    """
    draw = Draw(f"{seed}/{county}/{period}/sokere", row="eiernr")
    people = _people(county, period, seed, share, draw).with_columns(
        utfall=draw.weighted(OUTCOMES, "outcome"),
        soker_lare=draw.chance(100, "apprenticeship") & (pl.col("sokergruppe") == "V3"),
    )
    soker = people.select(
        "eiernr",
        "ledd",
        "fodselsnummer",
        sokerar=pl.lit(period),
        sokergruppe=pl.when("soker_lare").then(pl.lit("LP")).otherwise("sokergruppe"),
        rettstype=pl.lit("U"),
        avgiverskole="avgiverskole",
        poengsum=(2500 + draw.below(3000, "points")).cast(pl.String),
        soknadsfrist=draw.weighted({"0103": 95, "0102": 5}, "deadline"),
    )
    onske = _wishes(people, county, period, share, draw)
    if written < date(int(period), *INTAKE):
        onske = onske.drop("statuskode", "statusdato", "svar", "inntaksrunde")
    return {"person": people, "soker": soker, "onske": onske}


def _people(county: str, period: str, seed: int, share: float, draw: Draw) -> pl.DataFrame:
    """Pupils who go on, and as many newcomers as the volume of applicants leaves room for."""
    pupils = make_extract(county, f"{int(period) - 1}-{period}", seed, share)
    level = pl.col("programomradekode").str.slice(5, 1)
    going_on = pupils.kurs.filter(level != LAST_YEAR_OF_SCHOOL, voksen="N").select(
        "fodselsnummer",
        avgiverskole="skolenummer",
        sokergruppe=level.replace_strict(NEXT_GROUP, default="V2", return_dtype=pl.String),
    )
    columns = ("fodselsnummer", "navn", "adresse", "postnummer", "kommunenummer")
    old = going_on.unique("fodselsnummer", keep="first", maintain_order=True).join(
        pupils.elev.select(columns), on="fodselsnummer", maintain_order="left"
    )
    count = max(FEWEST, round(volume(county, "sokere") * share) - old.height)
    new = pl.DataFrame({"eiernr": range(count)}).with_columns(
        fodselsar=pl.lit(int(period) - 16),
        navn=name(draw),
        sokergruppe=pl.lit("V1"),
        **address(draw, county),
    )
    numbers = numbered(new, county, seed, second_half=True).drop("eiernr", "birth", "serial")
    together = pl.concat([old, numbers.drop("fodselsar")], how="diagonal")
    return together.with_columns(eiernr=pl.int_range(pl.len()), ledd=pl.lit(0))


def _wishes(
    people: pl.DataFrame, county: str, period: str, share: float, draw: Draw
) -> pl.DataFrame:
    numbers = pl.DataFrame({"ledd": range(WISHES)})
    first, apprentice = pl.col("ledd") == 0, pl.col("soker_lare") & (pl.col("ledd") == 0)
    outcome = pl.col("utfall")
    school = draw.choose(schools_of(county, share, PUBLIC), "wish")
    programme = pl.when(first).then(pl.lit(VOCATIONAL)).otherwise(pl.lit(GENERAL))
    return (
        people.drop("ledd")
        .join(numbers, how="cross", maintain_order="left_right")
        .select(
            "eiernr",
            "ledd",
            "fodselsnummer",
            sokerar=pl.lit(period),
            onskenummer=(pl.col("ledd") + 1).cast(pl.String),
            onsketype=pl.when(apprentice).then(pl.lit("L")).otherwise(pl.lit("S")),
            skolenummer=pl.when(~apprentice).then(school),
            programomradekode=pl.when(apprentice).then(pl.lit(TRADE)).otherwise(programme),
            behandlingskategori=pl.lit("OR"),
            statuskode=pl.when(first)
            .then(outcome.replace_strict(STATUS, return_dtype=pl.String))
            .when(outcome == "without")
            .then(pl.lit(STATUS["without"]))
            .otherwise(pl.lit(STRUCK)),
            statusdato=pl.lit(f"{period}0707"),
            svar=pl.when(first).then(
                outcome.replace_strict(ANSWER, default=None, return_dtype=pl.String)
            ),
            inntaksrunde=pl.lit("1"),
        )
    )
