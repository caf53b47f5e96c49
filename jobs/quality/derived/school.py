"""School: pupils, courses and subjects held against each other, the school year and the register."""

from collections.abc import Mapping
from datetime import date

import polars as pl

from jobs.identity import Kind
from jobs.imports.expected import Expected
from jobs.imports.keys import KURS_KEY, PERSON_KEY
from jobs.quality.completion import ABSENT, NO_BASIS, NOT_PASSED, OWN_PLAN_REMARK
from jobs.quality.derived.columns import FIELD_COLUMNS, count_of_same, known, placed
from jobs.quality.derived.people import NUMBER_AND_NAME, judged
from jobs.quality.status import Course, elevstatus

GRADES = ("termin2", "standpunkt", "skriftlig", "muntlig", "annen")

VOCABULARY: Mapping[str, Mapping[str, str]] = {
    "elev": FIELD_COLUMNS
    | NUMBER_AND_NAME
    | {
        "antall_elevlinjer": "antall $EL-linjer med samme fødselsnummer",
        "skolenummer": "skolen på elevens første elevkurs",
    },
    "kurs": FIELD_COLUMNS
    | {
        "fylkesnummer": "fylket som leverer",
        "skolear_ventet": "skoleåret leveransen gjelder",
        "skolear_start": "første dag i skoleåret (1. august)",
        "skolear_slutt": "siste dag i skoleåret (31. juli)",
        "skole_fylke": "fylket skolen har i skoleregisteret",
        "skole_serie": "serien skolenummeret ligger i (A06)",
        "har_elev": "det finnes en $EL-linje for eleven",
        "antall_like": "antall elevkurs med samme elev, skoleår, skole og programområde",
        "antall_faglinjer": "antall faglinjer på elevkurset",
        "lopende": "elevkurset løper på telledatoen 1. oktober",
        "kategori": "posisjon 7–8 i programområdekoden",
        "fagstatuser": "de ulike fagstatusene på elevkurset, i bokstavrekkefølge",
        "har_ikke_bestatt": "et fag på elevkurset har karakteren 1 eller IB",
        "mangler_grunnlag": "et fag på elevkurset har IV uten FAM05, eller IM",
        "antall_lopende": "antall ulike løpende elevkurs eleven har på telledatoen",
    },
    "fag": FIELD_COLUMNS
    | {
        "har_kurs": "det finnes et elevkurs med samme nøkkel",
        "kurs_avbruddsdato": "avbruddsdatoen på elevkurset",
        "kurs_elevstatus": "elevstatus på elevkurset",
        "har_im": "en karakter etter 1. termin er IM (ikke møtt)",
        "har_ig": "en karakter etter 1. termin er IG (ikke godkjent)",
        "har_gk": "en karakter etter 1. termin er GK (godkjent)",
        "vurdert": "faget har karakter for 2. termin, standpunkt eller eksamen",
        "antall_like_fag": "antall faglinjer med samme elevkurs, fagkode og eksamenstermin",
    },
}


def derive(
    frames: Mapping[str, pl.DataFrame], expected: Expected, on: date
) -> dict[str, pl.DataFrame]:
    """Add the derived columns to the three frames; `on` is the day the file was written."""
    kurs = derive_kurs(frames["kurs"], frames["elev"], frames["fag"], expected)
    return {
        "elev": derive_elev(frames["elev"], kurs, expected.accept, on),
        "kurs": kurs,
        "fag": derive_fag(frames["fag"], kurs),
    }


def derive_elev(
    elev: pl.DataFrame, kurs: pl.DataFrame, accept: frozenset[Kind], on: date
) -> pl.DataFrame:
    """Judge the identity number and the name; find the pupil's first school."""
    schools = kurs.select("fodselsnummer", "skolenummer").unique(
        "fodselsnummer", keep="first", maintain_order=True
    )
    counted = elev.with_columns(antall_elevlinjer=count_of_same(PERSON_KEY))
    return judged(counted, accept, on).join(
        schools, on="fodselsnummer", how="left", maintain_order="left"
    )


def derive_kurs(
    kurs: pl.DataFrame, elev: pl.DataFrame, fag: pl.DataFrame, expected: Expected
) -> pl.DataFrame:
    """Place the course in its school year, its school and its pupil; compute elevstatus."""
    in_year = pl.col("skolear") == expected.skolear
    telledato = expected.telledato
    courses = placed(
        kurs.join(_subjects(fag), on=KURS_KEY, how="left", maintain_order="left"),
        expected.schools,
    ).with_columns(
        pl.col("fullfortkode").fill_null("X"),  # published: blank becomes X
        pl.col("antall_faglinjer").fill_null(0),
        pl.col("fagstatuser").fill_null(""),
        kategori=pl.col("programomradekode").str.slice(6, 2).fill_null(""),
        fylkesnummer=pl.lit(expected.fylkesnummer),
        skolear_ventet=pl.lit(expected.skolear),
        skolear_start=pl.when(in_year).then(pl.lit(expected.first_day)),
        skolear_slutt=pl.when(in_year).then(pl.lit(expected.last_day)),
        har_elev=pl.col("fodselsnummer").is_in(elev["fodselsnummer"].drop_nulls().implode()),
        antall_like=count_of_same(KURS_KEY),
        lopende=(pl.col("startdato").fill_null(telledato) <= telledato)
        & (pl.col("avbruddsdato").is_null() | (pl.col("avbruddsdato") > telledato)),
    )
    running = _running(courses)
    courses = courses.join(running, on="fodselsnummer", how="left", maintain_order="left")
    return _with_elevstatus(courses)


def _subjects(fag: pl.DataFrame) -> pl.DataFrame:
    letters = pl.col("fagstatus").drop_nulls().unique().sort().str.join()
    own_plan = (pl.col("fagmerknad") == OWN_PLAN_REMARK).fill_null(value=False)
    return fag.group_by(KURS_KEY).agg(
        antall_faglinjer=pl.len(),
        fagstatuser=letters,
        har_ikke_bestatt=_any_grade(*NOT_PASSED).any(),
        mangler_grunnlag=((_any_grade(NO_BASIS) & ~own_plan) | _any_grade(ABSENT)).any(),
    )


def _any_grade(*grades: str) -> pl.Expr:
    """Whether one of a line's grades after the first term is one of these."""
    return pl.any_horizontal(pl.col(GRADES).is_in(grades).fill_null(value=False))


def _running(kurs: pl.DataFrame) -> pl.DataFrame:
    course = pl.struct("skolenummer", "programomradekode")
    running = kurs.filter("lopende").group_by("fodselsnummer")
    return running.agg(antall_lopende=course.n_unique())


def _with_elevstatus(kurs: pl.DataFrame) -> pl.DataFrame:
    """Keep the status the file gives; else compute it, once per distinct kind of course."""
    seen = {
        "broken_off": pl.col("avbruddsdato").is_not_null(),
        "adult": (pl.col("voksen") == "J").fill_null(value=False),
        "apprenticeship": pl.col("skolenummer").str.ends_with("000").fill_null(value=False),
        "category": pl.col("kategori"),
        "statuses": pl.col("fagstatuser"),
    }
    kurs = kurs.with_columns(**seen)
    kinds = kurs.select(*seen).unique()
    computed = [elevstatus(Course(**row)) for row in kinds.iter_rows(named=True)]
    kinds = kinds.with_columns(computed=pl.Series(computed, dtype=pl.String))
    return (
        kurs.join(kinds, on=list(seen), how="left", maintain_order="left")
        .with_columns(elevstatus=pl.coalesce("elevstatus", "computed"))
        .drop(*seen, "computed")
    )


def derive_fag(fag: pl.DataFrame, kurs: pl.DataFrame) -> pl.DataFrame:
    """Find the subject line's course, and whether the subject has been assessed."""
    courses = kurs.select(
        *KURS_KEY, kurs_avbruddsdato="avbruddsdato", kurs_elevstatus="elevstatus", found=True
    ).unique(KURS_KEY, keep="first", maintain_order=True)
    return (
        fag.join(courses, on=KURS_KEY, how="left", maintain_order="left")
        .with_columns(
            har_kurs=pl.when(known(KURS_KEY)).then(pl.col("found").fill_null(value=False)),
            har_im=_any_grade("IM"),
            har_ig=_any_grade("IG"),
            har_gk=_any_grade("GK"),
            vurdert=pl.any_horizontal(pl.col(GRADES).is_not_null()),
            antall_like_fag=count_of_same((*KURS_KEY, "fagkode"), "eksamenstermin"),
        )
        .drop("found")
    )
