"""The nation's courses: who follows what at which school, and who leaves when and for what."""

from datetime import date

import polars as pl

from jobs.codelists import schools
from jobs.synth.draw import Draw
from jobs.synth.nation.people import leaving_day
from jobs.synth.people import counties, table

SUBJECTS = 9  # per course; the register has eight to twelve
EXTRA_TEACHING = 3  # per mille of the subjects, as in jobs/synth/pupils.py
SERIES = {"privat": "privat"}
# Why pupils leave, per mille: our estimate (I). The first three announce that one goes on elsewhere.
REASONS = {"AP": 60, "AS": 90, "LA": 80, "AR": 110, "FR": 160, "FV": 170, "FL": 40, "AF": 290}
GOES_ON = ("AP", "AS", "LA")
KEEPS_WORD = 700  # per mille of those who say that they go on elsewhere, do
DAYS_BETWEEN = 7
YOUNGEST = 16


def make_courses(people: pl.DataFrame, cycle: str, seed: int = 1) -> pl.DataFrame:
    """Everybody's course of the year, with `slutter` (a date) and `arsak` for those who will leave.

    Columns: those of the people, skolear, skolenummer, programomradekode, slutter, arsak, ny_skole
    (where the course goes on after that, null for nowhere).
    """
    draw = Draw(f"{seed}/{cycle}/kurs")
    leaves = pl.col("kurs") == "slutter"
    weights = {
        code: int(w)
        for code, w in table("programmes").select("programomradekode", "vekt").iter_rows()
    }
    followed = people.filter(pl.col("kurs").is_not_null()).with_columns(
        skolear=pl.lit(cycle.replace("-", "")),
        programomradekode=draw.weighted(weights, "programme"),
        skolefylke=pl.when(kurs="nabo").then(_neighbour()).otherwise("fylke"),
        serie=pl.col("kurs").replace_strict(SERIES, default="offentlig", return_dtype=pl.String),
        slutter=pl.when(leaves).then(leaving_day(draw, cycle)),
        arsak=pl.when(leaves).then(draw.weighted(REASONS, "reason")),
    )
    placed = _at_school(_at_school(followed, "skolenummer", draw), "annen_skole", draw)
    keeps = pl.col("arsak").is_in(GOES_ON) & draw.chance(KEEPS_WORD, "word")
    other = pl.col("annen_skole") != pl.col("skolenummer")
    return placed.with_columns(ny_skole=pl.when(keeps & other).then("annen_skole")).drop(
        "annen_skole", "skolefylke", "serie"
    )


def _neighbour() -> pl.Expr:
    """The next county by number."""
    ours = counties()
    return pl.col("fylke").replace_strict(ours, [*ours[1:], ours[0]], return_dtype=pl.String)


def _at_school(courses: pl.DataFrame, column: str, draw: Draw) -> pl.DataFrame:
    """Add one of the county's schools of the series, all equally likely."""
    place = ["skolefylke", "serie"]
    listed = schools().select("skolenummer", skolefylke="fylkesnummer", serie="serie")
    numbered = listed.with_columns(skole_nr=pl.int_range(pl.len()).over(place))
    counted = listed.group_by(place).agg(skoler=pl.len().cast(pl.Int64))
    return (
        courses.join(counted, on=place, how="left", maintain_order="left")
        .with_columns(skole_nr=draw.raw(column) % pl.col("skoler"))
        .join(
            numbered.rename({"skolenummer": column}),
            on=[*place, "skole_nr"],
            how="left",
            maintain_order="left",
        )
        .drop("skoler", "skole_nr")
    )


def begun(courses: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """The frames of a file of the autumn, before anybody has left: elev, kurs and fag, as text."""
    return {
        "elev": courses,
        "kurs": courses.select(*_COURSE, fullfortkode=pl.lit("H")),
        "fag": _subjects(courses),
    }


def left(courses: pl.DataFrame, since: date, until: date) -> dict[str, pl.DataFrame]:
    """The frames of a file of those who left after a day and not after another, and began anew."""
    gone = courses.filter(pl.col("slutter") > since, pl.col("slutter") <= until)
    ended = gone.select(
        *_COURSE,
        fullfortkode=pl.lit("S"),
        avbruddsdato=pl.col("slutter").dt.strftime("%Y%m%d"),
        avbruddsarsak="arsak",
    )
    anew = gone.filter(pl.col("ny_skole").is_not_null()).select(
        "fodselsnummer",
        "skolear",
        "programomradekode",
        skolenummer="ny_skole",
        fullfortkode=pl.lit("H"),
        startdato=(pl.col("slutter") + pl.duration(days=DAYS_BETWEEN)).dt.strftime("%Y%m%d"),
    )
    return {
        "elev": gone,
        "kurs": pl.concat([ended, anew], how="diagonal"),
        "fag": _subjects(courses.clear()),
    }


def earlier(people: pl.DataFrame, cycle: str) -> dict[str, pl.DataFrame]:
    """The frames of last year's file of those who are outside now: known from a course they broke off.

    Whoever came from lower secondary school this year is known without one.
    """
    outside = ("kurs", "onske", "kontrakt", "kompetanse", "voksen")
    known = people.filter(pl.all_horizontal(pl.col(outside).is_null()))
    autumn = int(cycle[:4])
    last = Draw(f"{cycle}/tidligere")
    born = pl.col("fodselsnummer").str.slice(4, 2).cast(pl.Int64) + 2000
    kurs = _at_school(
        known.filter(born < autumn - YOUNGEST).with_columns(
            skolefylke="fylke", serie=pl.lit("offentlig")
        ),
        "skolenummer",
        last,
    ).select(
        "fodselsnummer",
        "skolenummer",
        skolear=pl.lit(f"{autumn - 1}{autumn}"),
        programomradekode=pl.lit("ELELE1----"),
        avbruddsdato=pl.lit(f"{autumn}0201"),
        avbruddsarsak=pl.lit("AF"),
        fullfortkode=pl.lit("S"),
    )
    return {"elev": known, "kurs": kurs, "fag": _subjects(kurs.clear())}


_COURSE = ("fodselsnummer", "skolear", "skolenummer", "programomradekode")


def _subjects(courses: pl.DataFrame) -> pl.DataFrame:
    each = Draw("fag", row="rad")
    return (
        courses.select(_COURSE)
        .join(pl.DataFrame({"plass": range(SUBJECTS)}), how="cross", maintain_order="left_right")
        .with_columns(rad=pl.int_range(pl.len()))
        .select(
            *_COURSE,
            fagkode=pl.format("SYN100{}", "plass"),
            eksamenstermin=pl.lit(""),
            fagstatus=pl.when(each.chance(EXTRA_TEACHING, "status"))
            .then(pl.lit("B"))
            .otherwise(pl.lit("E")),
        )
    )
