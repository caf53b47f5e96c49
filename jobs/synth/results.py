"""Synthetic results: grades at the end of the school year, and the completion code they give."""

from dataclasses import replace

import polars as pl

from jobs.imports.keys import KURS_KEY
from jobs.synth.draw import Draw
from jobs.synth.pupils import Extract

# Standpunkt, per thousand; IV is no basis for a grade.
GRADES = {"6": 90, "5": 230, "4": 310, "3": 240, "2": 105, "1": 15, "IV": 10}
GRADED = ("E", "A", "N", "U", "O", "V")
OWN_PLAN, ADULT = "A", "V"


def with_results(extract: Extract, seed: str) -> Extract:
    """The extract as it is in June: every subject that is taught has a grade, every course its code."""
    draw = Draw(f"{seed}/resultater", row="rad")
    fag = extract.fag.with_columns(rad=pl.int_range(pl.len())).with_columns(
        standpunkt=pl.when(pl.col("fagstatus").is_in(GRADED)).then(draw.weighted(GRADES, "grade"))
    )
    outcome = fag.group_by(KURS_KEY).agg(
        strok=(pl.col("standpunkt") == "1").any(),
        mangler=(pl.col("standpunkt") == "IV").any(),
        egen_plan=(pl.col("fagstatus") == OWN_PLAN).any(),
        voksen_fag=(pl.col("fagstatus") == ADULT).any(),
    )
    code = (
        pl.when(pl.col("avbruddsdato").is_not_null())
        .then(pl.lit("S"))
        .when("voksen_fag")
        .then(pl.lit("H"))
        .when(pl.col("mangler") & ~pl.col("strok"))
        .then(pl.lit("M"))
        .when("egen_plan")
        .then(pl.lit("A"))
        .when("strok")
        .then(pl.lit("I"))
        .otherwise(pl.lit("B"))
    )
    kurs = extract.kurs.join(outcome, on=KURS_KEY, how="left", maintain_order="left")
    kurs = kurs.with_columns(fullfortkode=code).drop("strok", "mangler", "egen_plan", "voksen_fag")
    return replace(extract, kurs=kurs, fag=fag.drop("rad"))
