"""Derived columns: the hard parts of the rules, computed once, so that predicates stay readable."""

from collections.abc import Mapping
from datetime import date

import polars as pl

from jobs.identity import Kind, classify, kind_expression
from jobs.imports.expected import Expected
from jobs.quality.status import Course, elevstatus

KURS_KEY = ("fodselsnummer", "skolear", "skolenummer", "programomradekode")
GRADES = ("termin2", "standpunkt", "skriftlig", "muntlig", "annen")

WHOLE_FILE = "fil"  # the frame of rules that need every pupil of the file; they set nobody aside

FIELD_COLUMNS = {
    "linje": "linjenummeret i filen",
    "felt_mangler": "første obligatoriske felt som er tomt",
    "felt_form": "første felt med feil lengde eller type",
    "felt_kode": "første felt med en kode utenfor kodelisten",
}
VOCABULARY: Mapping[str, Mapping[str, str]] = {
    "elev": FIELD_COLUMNS
    | {
        "fodselsnummer_type": "nummerets slag (F, D, SYNTHETIC_80 …)",
        "fodselsnummer_godtatt": "nummeret holder, og slaget er tillatt her",
        "fodselsnummer_grunn": "hvorfor nummeret ikke godtas",
        "navn_uvanlig": "navnet har andre tegn enn bokstaver, mellomrom, punktum, komma, apostrof og bindestrek",
        "antall_elevlinjer": "antall $EL-linjer med samme fødselsnummer",
        "skolenummer": "skolen på elevens første elevkurs",
    },
    WHOLE_FILE: {
        "linje": "linjenummeret til eleven",
        "navn": "elevens navn",
        "fodselsnummer": "elevens fødselsnummer",
        "skolenummer": "skolen på elevens første elevkurs",
        "antall_navnesosken": "antall numre i filen med samme navn og fødselsdato",
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
    kind = pl.col("fodselsnummer_type")
    judged = elev.join(schools, on="fodselsnummer", how="left", maintain_order="left").with_columns(
        fodselsnummer_type=kind_expression("fodselsnummer", on),
        navn_uvanlig=~pl.col("navn").str.contains(r"^[\p{L} .,'’-]+$"),
        antall_elevlinjer=_count_of_same(("fodselsnummer",)),
    )
    return judged.with_columns(
        fodselsnummer_godtatt=kind.is_in([kind.value for kind in accept]),
        fodselsnummer_grunn=_reasons(judged, on),
    )


def _reasons(judged: pl.DataFrame, on: date) -> pl.Series:
    invalid = pl.col("fodselsnummer_type") == Kind.INVALID.value
    texts = {
        number: ", ".join(classify(number, on).reasons)
        for number in judged.filter(invalid)["fodselsnummer"].unique()
    }
    return judged["fodselsnummer"].replace_strict(
        texts, default="slaget nummer er ikke tillatt her", return_dtype=pl.String
    )


def derive_people(people: pl.DataFrame) -> pl.DataFrame:
    """Count the numbers that share a name and a birth date; `people` is every pupil of a file.

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


def derive_kurs(
    kurs: pl.DataFrame, elev: pl.DataFrame, fag: pl.DataFrame, expected: Expected
) -> pl.DataFrame:
    """Place the course in its school year, its school and its pupil; compute elevstatus."""
    in_year = pl.col("skolear") == expected.skolear
    telledato = expected.telledato
    placed = (
        kurs.join(_subjects(fag), on=KURS_KEY, how="left", maintain_order="left")
        .join(_register(expected.schools), on="skolenummer", how="left", maintain_order="left")
        .with_columns(
            pl.col("fullfortkode").fill_null("X"),  # published: blank becomes X
            pl.col("antall_faglinjer").fill_null(0),
            pl.col("fagstatuser").fill_null(""),
            kategori=pl.col("programomradekode").str.slice(6, 2).fill_null(""),
            fylkesnummer=pl.lit(expected.fylkesnummer),
            skolear_ventet=pl.lit(expected.skolear),
            skolear_start=pl.when(in_year).then(pl.lit(expected.first_day)),
            skolear_slutt=pl.when(in_year).then(pl.lit(expected.last_day)),
            har_elev=pl.col("fodselsnummer").is_in(elev["fodselsnummer"].drop_nulls().implode()),
            antall_like=_count_of_same(KURS_KEY),
            lopende=(pl.col("startdato").fill_null(telledato) <= telledato)
            & (pl.col("avbruddsdato").is_null() | (pl.col("avbruddsdato") > telledato)),
        )
    )
    running = _running(placed)
    placed = placed.join(running, on="fodselsnummer", how="left", maintain_order="left")
    return _with_elevstatus(placed)


def _subjects(fag: pl.DataFrame) -> pl.DataFrame:
    letters = pl.col("fagstatus").drop_nulls().unique().sort().str.join()
    own_plan = (pl.col("fagmerknad") == "FAM05").fill_null(value=False)
    return fag.group_by(KURS_KEY).agg(
        antall_faglinjer=pl.len(),
        fagstatuser=letters,
        har_ikke_bestatt=_any_grade("1", "IB").any(),
        mangler_grunnlag=((_any_grade("IV") & ~own_plan) | _any_grade("IM")).any(),
    )


def _any_grade(*grades: str) -> pl.Expr:
    """Whether one of a line's grades after the first term is one of these."""
    return pl.any_horizontal(pl.col(GRADES).is_in(grades).fill_null(value=False))


def _register(schools: pl.DataFrame) -> pl.DataFrame:
    return schools.select("skolenummer", skole_fylke="fylkesnummer", skole_serie="serie")


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
            har_kurs=pl.when(_known(KURS_KEY)).then(pl.col("found").fill_null(value=False)),
            har_im=_any_grade("IM"),
            har_ig=_any_grade("IG"),
            har_gk=_any_grade("GK"),
            vurdert=pl.any_horizontal(pl.col(GRADES).is_not_null()),
            antall_like_fag=_count_of_same((*KURS_KEY, "fagkode"), "eksamenstermin"),
        )
        .drop("found")
    )


def _known(columns: tuple[str, ...]) -> pl.Expr:
    return pl.all_horizontal(pl.col(columns).is_not_null())


def _count_of_same(key: tuple[str, ...], *also: str) -> pl.Expr:
    """Count the lines with the same key; null when a part of the key is missing."""
    return pl.when(_known(key)).then(pl.len().over(*key, *also))
