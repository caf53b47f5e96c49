"""Synthetic pupils of one county: $EL, $EK and $KL lines as tables of text.

Shares are our defaults on public sums (I). Every number has month + 80; names are made up.
"""

from dataclasses import dataclass
from datetime import date

import polars as pl

from jobs.codelists import schools
from jobs.synth.draw import Draw
from jobs.synth.people import (
    FEWEST,
    address,
    name,
    numbered,
    private_pupils_of,
    pupils_of,
    table,
)

LEAVING_REASONS = ("AP", "AR", "AS", "FL", "FR", "FV", "LA", "AF")
PUBLIC, PRIVATE = "offentlig", "privat"
# Kind of pupil, per mille: E ordinary, A individual plan, V adult, P private candidate, U, O.
KINDS = {"E": 905, "A": 30, "V": 40, "P": 5, "U": 5, "O": 15}
UNIT_OF_KIND = {"V": "100", "P": "130"}
# Adults and private candidates have units of the county's own.
PRIVATE_KINDS = {kind: share for kind, share in KINDS.items() if kind not in UNIT_OF_KIND}
# Beside the kind's own subject status, per mille.
ORDINARY_SUBJECTS = {"E": 962, "F": 10, "G": 20, "N": 5, "B": 3}
FEWEST_SUBJECTS = {"st": 9, "yf": 8, "pb": 5}
MOST_SUBJECTS = 12
COMMON_SUBJECTS = ("NOR1260", "ENG1007", "MAT1019", "KRO1017", "SAK1001", "NAT1007")


@dataclass(frozen=True, slots=True)
class Extract:
    """One county's lines before they are laid out; `eiernr` and `ledd` give their order."""

    elev: pl.DataFrame
    kurs: pl.DataFrame
    fag: pl.DataFrame


def make_extract(county: str, cycle: str, seed: int, share: float) -> Extract:
    """Make the lines of the county's public schools for a school year; `share` scales their pupils."""
    draw = Draw(f"{seed}/{county}/{cycle}")
    return _extract(
        _numbered(_public(county, cycle, draw, share), county, cycle, seed), county, draw
    )


def make_private(county: str, cycle: str, seed: int, share: float) -> Extract:
    """The same of its private schools: other pupils, with numbers that follow the public schools'."""
    public = _public(county, cycle, Draw(f"{seed}/{county}/{cycle}"), share)
    draw = Draw(f"{seed}/privat/{county}/{cycle}")
    count = max(1, round(private_pupils_of(county) * share))
    private = _courses(
        _people(count, draw, PRIVATE_KINDS), county, int(cycle[:4]), draw, share, PRIVATE
    )
    everyone = _numbered(pl.concat([public, private]), county, cycle, seed)
    return _extract(everyone.filter(pl.col("eierform") == PRIVATE), county, draw)


def _public(county: str, cycle: str, draw: Draw, share: float) -> pl.DataFrame:
    count = max(FEWEST, round(pupils_of(county) * share))
    return _courses(_people(count, draw, KINDS), county, int(cycle[:4]), draw, share, PUBLIC)


def _extract(pupils: pl.DataFrame, county: str, draw: Draw) -> Extract:
    ours = pupils.sort("skolenummer", "nr")
    ours = ours.with_columns(eiernr=pl.int_range(pl.len()), ledd=pl.lit(0, pl.Int64))
    return Extract(
        elev=_elev(ours, draw, county),
        kurs=_kurs(ours),
        fag=_fag(ours, draw),
    )


def _people(count: int, draw: Draw, kinds: dict[str, int]) -> pl.DataFrame:
    programmes = dict(table("programmes").select("programomradekode", "vekt").iter_rows())
    weights = {code: int(weight) for code, weight in programmes.items()}
    return pl.DataFrame({"nr": range(count)}).select(
        "nr",
        slag=draw.weighted(kinds, "kind"),
        programomradekode=draw.weighted(weights, "programme"),
        navn=name(draw),
    )


def _courses(
    people: pl.DataFrame, county: str, start_year: int, draw: Draw, share: float, owner: str
) -> pl.DataFrame:
    """Place each pupil at a school of the owner, in a class, perhaps started late or broken off."""
    first_day = date(start_year, 8, 24)
    day = pl.lit(first_day) + pl.duration(days=draw.below(44, "day"))
    unit = pl.col("slag").replace_strict(UNIT_OF_KIND, default=None, return_dtype=pl.String)
    code = pl.col("programomradekode")
    gone = draw.chance(10, "leaver") & pl.col("slag").is_in(["E", "A"])
    late = draw.chance(20, "late") & ~pl.col("gone")
    return people.with_columns(gone=gone).with_columns(
        eierform=pl.lit(owner),
        skolear=pl.lit(f"{start_year}{start_year + 1}"),
        skolenummer=pl.coalesce(
            pl.lit(county) + unit, draw.choose(schools_of(county, share, owner), "school")
        ),
        klasse=code.str.slice(5, 1) + code.str.slice(0, 2) + draw.choose("ABCD", "class"),
        startdato=pl.when(late).then(day.dt.strftime("%Y%m%d")),
        avbruddsdato=pl.when("gone").then(day.dt.strftime("%Y%m%d")),
        avbruddsarsak=pl.when("gone").then(draw.choose(LEAVING_REASONS, "reason")),
        fullfortkode=pl.when("gone").then(pl.lit("S")).otherwise(pl.lit("H")),
        voksen=pl.when(pl.col("slag") == "V").then(pl.lit("J")).otherwise(pl.lit("N")),
        rettstype=pl.when(pl.col("slag") == "V").then(pl.lit("V")),
        malform=draw.weighted({"B": 87, "N": 13}, "malform"),
        sersprak=draw.weighted({"N": 96, "J": 4}, "sersprak"),
    )


def schools_of(county: str, share: float, owner: str) -> list[str]:
    """The schools of an owner that pupils go to: all of them, or a few in a small extract."""
    ours = schools().filter(fylkesnummer=county, serie=owner)["skolenummer"].to_list()
    return ours if share == 1 else ours[: max(2, len(ours) // 10)]


def _numbered(pupils: pl.DataFrame, county: str, cycle: str, seed: int) -> pl.DataFrame:
    """Give every pupil a number that nobody else in the country has in the same year."""
    start_year = int(cycle[:4])
    draw = Draw(f"{seed}/{county}/{start_year}")
    level = pl.col("programomradekode").str.slice(5, 1).cast(pl.Int64)
    age = (
        pl.when(slag="V")
        .then(25 + draw.below(20, "age"))
        .otherwise(15 + level + draw.chance(80, "older").cast(pl.Int64))
    )
    return numbered(pupils.with_columns(fodselsar=start_year - age), county, seed)


def _elev(pupils: pl.DataFrame, draw: Draw, county: str) -> pl.DataFrame:
    return pupils.select(
        "eiernr",
        "ledd",
        "fodselsnummer",
        "navn",
        **address(draw, county),
        morsmal=draw.weighted({"NO": 82, "EN": 4, "PL": 5, "AR": 4, "UK": 5}, "tongue"),
    )


def _kurs(pupils: pl.DataFrame) -> pl.DataFrame:
    return pupils.select(
        "eiernr",
        "ledd",
        "fodselsnummer",
        "skolear",
        "skolenummer",
        "programomradekode",
        "klasse",
        "startdato",
        "avbruddsdato",
        "avbruddsarsak",
        "fullfortkode",
        "rettstype",
        "voksen",
        "malform",
        "sersprak",
    )


def _fag(pupils: pl.DataFrame, draw: Draw) -> pl.DataFrame:
    """Lay out each pupil's subjects: common ones first, then the programme's own."""
    kinds = dict(table("programmes").select("programomradekode", "slag").iter_rows())
    fewest = {code: FEWEST_SUBJECTS[kind] for code, kind in kinds.items()}
    few = pl.col("slag").is_in(list(UNIT_OF_KIND))
    ordinary = pl.col("programomradekode").replace_strict(fewest, return_dtype=pl.Int64)
    count = pl.when(few).then(1).otherwise(ordinary) + draw.below(4, "subjects")
    each = Draw(f"{draw.seed}/fag", row="fagnr")
    own_status = (
        pl.when("gone")
        .then(pl.lit("S"))
        .when(slag="E")
        .then(each.weighted(ORDINARY_SUBJECTS, "status"))
        .otherwise(pl.col("slag"))
    )
    return (
        pupils.with_columns(antall=count)
        .join(_subjects(list(kinds)), on="programomradekode", maintain_order="left_right")
        .filter(pl.col("plass") < pl.col("antall"))
        .with_columns(fagnr=pl.col("nr") * 2 * MOST_SUBJECTS + pl.col("plass"))
        .select(
            "eiernr",
            ledd=pl.col("plass"),
            fodselsnummer="fodselsnummer",
            skolear="skolear",
            skolenummer="skolenummer",
            programomradekode="programomradekode",
            fagkode="fagkode",
            fagstatus=own_status,
            avbruddsdato="avbruddsdato",
            timer=each.choose(("84", "113", "140", "197"), "hours"),
        )
    )


def _subjects(programmes: list[str]) -> pl.DataFrame:
    """The subjects a programme offers, in order; the codes have Grep's form but are made up."""
    rows = [
        (code, place, _subject(code, place))
        for code in programmes
        for place in range(MOST_SUBJECTS + 1)
    ]
    return pl.DataFrame(rows, schema=["programomradekode", "plass", "fagkode"], orient="row")


def _subject(code: str, place: int) -> str:
    if place < len(COMMON_SUBJECTS):
        return COMMON_SUBJECTS[place]
    return f"{code[2:5]}{code[5]}{place:03}"
