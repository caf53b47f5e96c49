"""The nation's applications, contracts, and what adults have applied for or reached."""

from datetime import date

import polars as pl

from jobs.synth.draw import Draw
from jobs.synth.nation.people import leaving_day

WISHES, SECOND = 3, 2
APPRENTICESHIP = "L"
# What became of the later wishes; the others have the first one's status.
STRUCK, GRANTED = "61", ("18", "19", "20", "40", "51", "9")
SCHOOL_PLACE = "18"  # who found no apprenticeship but a school has it on the second wish
ANSWERS = {"18": "JA", "19": "JA", "20": "JA", "40": "NEI", "30": "VEN"}
TRADE = "ELELE3----"
# Why contracts end before their time, per mille: our estimate (I).
ENDINGS = {"FV": 300, "PS": 200, "AR": 150, "BR": 100, "AF": 150, "AS": 100}


def applicants(people: pl.DataFrame, cycle: str) -> dict[str, pl.DataFrame]:
    """The frames of the autumn's applicants, as text."""
    who = people.filter(pl.col("onske").is_not_null()).with_columns(sokerar=pl.lit(cycle[:4]))
    trade = pl.col("onske").str.ends_with(APPRENTICESHIP)
    first, status = pl.col("nummer") == 1, pl.col("onske").str.strip_suffix(APPRENTICESHIP)
    to_school = trade & pl.col("kurs").is_not_null() & (pl.col("nummer") == SECOND)
    given = (
        pl.when(first)
        .then(status)
        .when(to_school)
        .then(pl.lit(SCHOOL_PLACE))
        .when(status.is_in(GRANTED))
        .then(pl.lit(STRUCK))
        .otherwise(status)
    )
    wishes = who.join(
        pl.DataFrame({"nummer": range(1, WISHES + 1)}), how="cross", maintain_order="left_right"
    )
    onske = wishes.select(
        "fodselsnummer",
        "sokerar",
        onskenummer=pl.col("nummer").cast(pl.String),
        onsketype=pl.when(trade & ~to_school).then(pl.lit(APPRENTICESHIP)).otherwise(pl.lit("S")),
        programomradekode=pl.lit(TRADE),
        statuskode=given,
        statusdato=pl.lit(f"{cycle[:4]}0807"),
        svar=given.replace_strict(ANSWERS, default=None, return_dtype=pl.String),
    )
    return {"person": who, "soker": who.with_columns(rettstype=pl.lit("U")), "onske": onske}


def make_contracts(people: pl.DataFrame, cycle: str, seed: int = 1) -> pl.DataFrame:
    """Everybody's contract, with `slutter` (a date) and `arsak` for those who will leave."""
    draw = Draw(f"{seed}/{cycle}/kontrakter")
    autumn = int(cycle[:4])
    leaves = pl.col("kontrakt") == "brutt"
    begins = pl.when(pl.col("kontrakt").is_in(["gammel", "brutt"]))
    return people.filter(pl.col("kontrakt").is_not_null()).with_columns(
        kontraktsnummer=pl.format("SYN-{}", "nr"),
        programomradekode=pl.lit(TRADE),
        kontraktstype=pl.lit("L"),
        laretid_fra=begins.then(pl.lit(f"{autumn - 1}0815")).otherwise(pl.lit(f"{autumn}0815")),
        slutter=pl.when(leaves).then(leaving_day(draw, cycle)),
        arsak=pl.when(leaves).then(draw.weighted(ENDINGS, "ending")),
    )


def contracts(made: pl.DataFrame, since: date, until: date) -> dict[str, pl.DataFrame]:
    """The frames of a file of the contracts that ended after a day and not after another."""
    gone = made.filter(pl.col("slutter") > since, pl.col("slutter") <= until)
    ended = gone.with_columns(
        avsluttet_dato=pl.col("slutter").dt.strftime("%Y%m%d"), avslutningskode="arsak"
    )
    return {"person": gone, "kontrakt": ended}


def running(made: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """The frames of a file of every contract, before any has ended."""
    return {"person": made, "kontrakt": made}


def adults(people: pl.DataFrame, cycle: str) -> dict[str, pl.DataFrame]:
    """The frames of those who applied as adults, and of the competence people have reached."""
    applied = pl.col("voksen").is_not_null()
    who = people.filter(applied | pl.col("kompetanse").is_not_null())
    soknad = who.filter(applied).with_columns(
        soknadsnummer=pl.format("SYN-{}", "nr"),
        skolear=pl.lit(cycle.replace("-", "")),
        soknadsdato=pl.lit(f"{cycle[:4]}0801"),
        rettsvedtak=pl.lit("IN"),
    )
    reached = who.filter(pl.col("kompetanse").is_not_null()).with_columns(
        oppnadd_dato=pl.lit(f"{cycle[:4]}0620"), grunnlag=pl.lit("vitnemål")
    )
    return {"person": who, "soknad": soknad, "kompetanse": reached}
