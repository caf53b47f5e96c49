"""Frames for the rules that only a delivery can break: what a file shows, and what follows from it."""

from collections.abc import Callable, Iterator, Mapping

import polars as pl

from jobs.codelists import table
from jobs.imports.keys import KURS_KEY
from jobs.quality.completion import (
    ABSENT,
    NO_BASIS,
    NOT_PASSED,
    OWN_PLAN_REMARK,
    OWN_PLAN_SUBJECT,
    Completion,
    Result,
    fullfortkode,
)
from jobs.quality.derived.apprentices import running_on
from jobs.quality.derived.school import GRADES
from jobs.quality.status import Course, elevstatus
from jobs.statistics.layout import layouts
from jobs.statistics.selection import Count

Files = Mapping[str, pl.DataFrame]
COMPARED = "utsammenlignet"
ANSWERED = "uttilbakemeldt"


def _of(kind: str, *variables: str, **more: str) -> dict[str, str]:
    known = {field.variable: field.title for field in layouts()[kind].fields}
    return {name: known[name] for name in variables} | more


VOCABULARY: Mapping[str, Mapping[str, str]] = {
    "utelev": _of("ssbElev", "elevstatus", beregnet="elevstatus som følger av fagene i ssbElevFag"),
    "utresultat": _of(
        "ssbResultat",
        *("elevstatus", "fullfortkode", "kursprosent"),
        mulig="fullførtkoden kan følge av resultatene i ssbResultatFag",
    ),
    "utkontrakt": _of(
        "ssbKontrakt", "godkjent_dato", "telledato", lopende="kontrakten løper på telledatoen"
    ),
    "utprove": _of("ssbAvlagteProver", "provedato", "telledato_fom", "telledato_tom"),
    "utformidling": _of(
        "UdirFormidling", "kontrakt_godkjent", gruppe="gruppen som statuskoden hører til"
    ),
    "utbedrift": _of("Larebedrifter", "kommunenummer"),
    "utskolear": {"forste": "skoleårets første år", "siste": "skoleårets siste år"},
    "uttomme": {
        "variabel": "feltet",
        "andel": "andelen rader der feltet er tomt",
        "grense": "høyeste andel i oppsettet",
        "tekst": "feltet og andelen i prosent",
    },
    COMPARED: {
        "mot": "forste (1. levering) eller fjor",
        "slag": "rader, skole eller kode",
        "variabel": "feltet koden står i",
        "kode": "koden",
        "rader": "antall rader i den minste av de to filene",
        "avvik": "endring i prosent, for koder i prosentpoeng",
        "tekst": "begge tallene",
    },
    ANSWERED: {
        "felt": "feltet mottakeren meldte feil i",
        "rettet": "raden er endret siden, eller borte",
        "begrunnet": "noen har gitt en grunn for linjen alene",
        "tekst": "feltet og mottakerens feilkode",
    },
}


def derive_outgoing(files: Files, count: Count) -> dict[str, pl.DataFrame]:
    """The frames that the files give, each with the file's `linje` and its name as `linjetype`."""
    made: dict[str, pl.DataFrame] = {}
    for kind, rows in files.items():
        named = rows.with_columns(linjetype=pl.lit(kind))
        if kind in MAKERS:
            frame, make = MAKERS[kind]
            made[frame] = make(named, files, count)
    years = [
        r.with_columns(linjetype=pl.lit(k)) for k, r in files.items() if "skolear" in r.columns
    ]
    if years:
        made["utskolear"] = pl.concat([_school_years(rows) for rows in years])
    return made | {"uttomme": pl.DataFrame(list(_empty_shares(files)), EMPTY, orient="row")}


def _as_they_are(rows: pl.DataFrame, _files: Files, _count: Count) -> pl.DataFrame:
    return rows


def _pupils(rows: pl.DataFrame, files: Files, _count: Count) -> pl.DataFrame:
    """Compute elevstatus once for each kind of course there is."""
    letters = pl.col("fagstatus").unique().sort().str.join()
    subjects = files["ssbElevFag"].group_by(KURS_KEY).agg(bokstaver=letters)
    joined = rows.join(subjects, on=KURS_KEY, how="left", maintain_order="left").with_columns(
        pl.col("bokstaver").fill_null(""),
        kategori=pl.col("programomradekode").str.slice(6, 2),
        fagopplaring=pl.col("skolenummer").str.ends_with("000"),
    )
    seen = ("bokstaver", "kategori", "fagopplaring")
    return _with(joined, seen, "beregnet", _status)


def _status(letters: str, category: str, apprenticeship: bool) -> str:
    return elevstatus(
        Course(
            broken_off=False,
            adult=False,
            apprenticeship=apprenticeship,
            category=category,
            statuses=letters,
        )
    )


def _with(
    rows: pl.DataFrame, seen: tuple[str, ...], name: str, compute: Callable[..., object]
) -> pl.DataFrame:
    """Add a column that a function gives, called once for each combination of values."""
    kinds = rows.select(seen).unique()
    values = [compute(*row) for row in kinds.iter_rows()]
    known = kinds.with_columns(pl.Series(name, values, strict=False))
    return rows.join(known, on=seen, how="left", maintain_order="left", nulls_equal=True)


def _results(rows: pl.DataFrame, files: Files, _count: Count) -> pl.DataFrame:
    """Find out whether the completion code may follow from the grades (B21, E4)."""
    own_plan = (pl.col("fagmerknad") == OWN_PLAN_REMARK).fill_null(value=False)
    outcome = (
        files["ssbResultatFag"]
        .group_by(KURS_KEY)
        .agg(
            strok=_any_grade(*NOT_PASSED).any(),
            mangler=((_any_grade(NO_BASIS) & ~own_plan) | _any_grade(ABSENT)).any(),
            egen_plan=(
                (_any_grade(NO_BASIS) & own_plan)
                | pl.col("fagkode").str.starts_with(OWN_PLAN_SUBJECT)
            ).any(),
            har_fag=pl.lit(value=True),
        )
    )
    flags = ("strok", "mangler", "egen_plan", "har_fag")
    joined = rows.join(outcome, on=KURS_KEY, how="left", maintain_order="left").with_columns(
        pl.col(flags).fill_null(value=False), brutt=pl.col("avbruddsdato").is_not_null()
    )
    return _with(joined, ("fullfortkode", "elevstatus", "brutt", *flags), "mulig", _is_possible)


def _any_grade(*grades: str) -> pl.Expr:
    return pl.any_horizontal(pl.col(GRADES).is_in(grades).fill_null(value=False))


def _is_possible(
    code: str,
    status: str,
    broken_off: bool,
    failed: bool,
    lacks: bool,
    own_plan: bool,
    has_subjects: bool,
) -> bool:
    """Whether a code follows, whether or not the whole programme was taught (no file tells which)."""
    subjects = (
        (has_subjects, Result("")),
        (failed, Result("", frozenset(NOT_PASSED[:1]))),
        (lacks, Result("", frozenset((ABSENT,)))),
        (own_plan, Result(OWN_PLAN_SUBJECT)),
    )
    results = tuple(result for there, result in subjects if there)
    return code in {
        fullfortkode(Completion(broken_off, status, whole, results)) for whole in (True, False)
    }


def _contracts(rows: pl.DataFrame, _files: Files, count: Count) -> pl.DataFrame:
    return rows.with_columns(lopende=running_on(count.telledato))


def _mediation(rows: pl.DataFrame, _files: Files, _count: Count) -> pl.DataFrame:
    groups = table("soknadsstatus").select(statuskode="kode", gruppe="gruppe")
    return rows.join(groups, on="statuskode", how="left", maintain_order="left")


MAKERS: Mapping[str, tuple[str, Callable[[pl.DataFrame, Files, Count], pl.DataFrame]]] = {
    "ssbElev": ("utelev", _pupils),
    "ssbResultat": ("utresultat", _results),
    "ssbKontrakt": ("utkontrakt", _contracts),
    "ssbAvlagteProver": ("utprove", _as_they_are),
    "UdirFormidling": ("utformidling", _mediation),
    "Larebedrifter": ("utbedrift", _as_they_are),
}


def _school_years(rows: pl.DataFrame) -> pl.DataFrame:
    year = pl.col("skolear")
    parts = {"forste": year.str.slice(0, 4), "siste": year.str.slice(4)}
    return rows.select(
        "linje",
        "linjetype",
        **{name: part.cast(pl.Int64, strict=False).fill_null(0) for name, part in parts.items()},
    )


EMPTY = {
    "linje": pl.UInt32,
    "linjetype": pl.String,
    "variabel": pl.String,
    "andel": pl.Float64,
    "grense": pl.Float64,
    "tekst": pl.String,
}


def _empty_shares(files: Files) -> Iterator[tuple[object, ...]]:
    for kind, rows in files.items():
        for field in layouts()[kind].fields:
            if field.most_empty is not None and rows.height:
                share = rows[field.variable].null_count() / rows.height
                text = f"«{field.title}» er tomt i {round(100 * share)} % av radene"
                yield None, kind, field.variable, share, field.most_empty, text
