"""Synthetic adults of one county: people and applications, each somewhere on the way to a place."""

from datetime import date

import polars as pl

from jobs.synth.draw import Draw
from jobs.synth.people import FEWEST, address, name, numbered, volume

PROGRAMMES = {"HSHEA2----": 36, "HSBUA2----": 12, "BABAT1----": 10, "PBPBY3----": 37}
AIMS = {"S": 37, "Y": 60, "P": 3}
# Per mille of the applications: place, waiting list, refused, decided on the right alone, new.
STAGES = {"place": 620, "waiting": 80, "refused": 60, "right": 140, "new": 100}
REACHED = 150  # per mille who have a vocational competence already
YOUNGEST, YEARS = 40, 20  # older than any synthetic pupil, so that nobody has two names


def make_adults(
    county: str, period: str, _written: date, seed: int, share: float
) -> dict[str, pl.DataFrame]:
    """The frames of the county's adults for a school year ("20262027"), as text."""
    draw = Draw(f"{seed}/{county}/{period}/voksne")
    autumn = period[:4]
    count = max(FEWEST, round(volume(county, "voksne") * share))
    adults = pl.DataFrame({"nr": range(count)}).with_columns(
        fodselsar=int(autumn) - YOUNGEST - draw.below(YEARS, "age"),
        navn=name(draw),
        ledd=pl.lit(0),
        eiernr="nr",
        **address(draw, county),
    )
    adults = numbered(adults, county, seed, second_half=True)
    stage = draw.weighted(STAGES, "stage")
    decided, placed = stage.is_in(["place", "waiting", "refused"]), stage == "place"
    day = (draw.below(18, "day") + 10).cast(pl.String)
    outcome = pl.when(placed).then(pl.lit("IN")).when(stage == "waiting").then(pl.lit("VE"))
    soknad = adults.select(
        "eiernr",
        "ledd",
        "fodselsnummer",
        soknadsnummer=pl.format("{}-{}", pl.lit(autumn), pl.col("nr") + 1),
        skolear=pl.lit(period),
        soknadsdato=pl.format("{}08{}", pl.lit(autumn), day),
        sluttkompetanse=draw.weighted(AIMS, "aim"),
        programomradekode=draw.weighted(PROGRAMMES, "programme"),
        rettsvedtak=pl.when(stage != "new").then(pl.lit("IN")),
        rettsvedtak_dato=pl.when(stage != "new").then(pl.format("{}09{}", pl.lit(autumn), day)),
        inntaksvedtak=pl.when(decided).then(outcome.otherwise(pl.lit("AV"))),
        inntaksvedtak_dato=pl.when(decided).then(pl.format("{}10{}", pl.lit(autumn), day)),
        skolenummer=pl.when(placed).then(pl.lit(f"{county}100")),
        oppstartsdato=pl.when(placed).then(pl.lit(f"{autumn}1102")),
    )
    reached = adults.filter(draw.chance(REACHED, "reached")).select(
        "eiernr",
        "ledd",
        "fodselsnummer",
        kompetanse=pl.lit("Y"),
        oppnadd_dato=pl.lit("20100620"),
        grunnlag=pl.lit("fagbrev"),
    )
    return {"person": adults, "soknad": soknad, "kompetanse": reached}
