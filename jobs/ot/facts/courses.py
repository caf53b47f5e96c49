"""Courses at a school: the active one anywhere, the one broken off this year, what came of the last."""

from collections.abc import Mapping

import polars as pl

from jobs.codelists import table
from jobs.ot.transfer import AUGUST, Transfer
from jobs.quality.values import GENERAL_PROGRAMMES

VOCABULARY = {
    "aktivt_kurs": "følger et elevkurs i et fylke eller ved en privat skole",
    "aktivt_kurs_fylke": "fylket det aktive kurset hører til",
    "aktivt_kurs_eget": "følger et elevkurs ved en offentlig skole i hjemfylket",
    "kommende_kurs": "dagen et nytt elevkurs begynner, når den er varslet innen fristen",
    "sluttet_skole": "dagen det siste avbrutte elevkurset i skoleåret ble avbrutt",
    "sluttet_fylke": "fylket det avbrutte kurset hørte til",
    "sluttet_arsak": "avbruddsårsaken, med ord",
    "sluttet_kode": "avbruddsårsaken",
    "sluttet_fullfort": "fullførtkoden til det avbrutte kurset",
    "varslet_fortsettelse": "årsaken varsler at eleven fortsetter et annet sted",
    "siste_fullfort": "fullførtkoden til det siste avsluttede elevkurset",
    "fag_uten_bestatt": "et fag med mer opplæring er slutt uten å være bestått",
    "rettstype_kurs": "rettstypen på det nyeste elevkurset",
    "kurskompetanse": "har bestått Vg3 i et studieforberedende program",
}
PRIVATE_CANDIDATE, LAST_LEVEL = "P", "3"
PASSED_GRADES = ("2", "3", "4", "5", "6", "7", "A", "C", "E", "B", "BM", "D", "GK")
GRADES = ("standpunkt", "skriftlig", "muntlig", "annen")


def derive(read: Mapping[str, pl.DataFrame], transfer: Transfer) -> pl.DataFrame:
    """One row a person who has a course."""
    dated = read["kurs"].join(
        read["person"].select(person_id="id", hjemme=pl.col("kommunenummer").str.slice(0, 2)),
        on="person_id",
        how="left",
    )
    known = dated.with_columns(**_states(transfer)).sort("skolear", "avbruddsdato", "id")
    left = known.filter("avbrutt_i_ar").join(
        table("avbruddsarsak").select(
            avbruddsarsak="kode", arsaksnavn="navn", fortsetter=pl.col("fortsetter") == "J"
        ),
        on="avbruddsarsak",
        how="left",
    )
    return (
        known.group_by("person_id")
        .agg(
            aktivt_kurs=pl.col("aktiv").any(),
            aktivt_kurs_fylke=pl.col("fylkesnummer").filter("aktiv").last(),
            aktivt_kurs_eget=(pl.col("aktiv") & pl.col("eget")).any(),
            kommende_kurs=pl.col("startdato").filter("kommende").min(),
            siste_fullfort=pl.col("fullfortkode").filter("slutt").last(),
            rettstype_kurs=pl.col("rettstype").last(),
            kurskompetanse=pl.col("siste_trinn_bestatt").any(),
        )
        .join(_broken_off(left), on="person_id", how="left")
        .join(_extra_teaching(read["fag"], transfer), on="person_id", how="left")
    )


def _states(transfer: Transfer) -> dict[str, pl.Expr]:
    """Where each course stands on the day; a course without a start date began with the year."""
    start, broken = pl.col("startdato"), pl.col("avbruddsdato")
    counts = pl.col("elevstatus").ne_missing(PRIVATE_CANDIDATE)
    this_year = pl.col("skolear") == transfer.skolear
    begun = start.is_null() | (start <= transfer.per)
    ended = (broken <= transfer.per).fill_null(value=False)
    general = pl.col("programomradekode").str.slice(0, 2).is_in(GENERAL_PROGRAMMES)
    last_level = pl.col("programomradekode").str.slice(5, 1) == LAST_LEVEL
    over = pl.date(pl.col("skolear").str.slice(4, 4).cast(pl.Int32), AUGUST, 1) <= transfer.per
    return {
        "aktiv": this_year & begun & ~ended & counts,
        "eget": (pl.col("eierform") != "privat")
        & pl.col("fylkesnummer").eq_missing(pl.col("hjemme")),
        "kommende": this_year
        & (start > transfer.per).fill_null(value=False)
        & (start <= transfer.hold_until).fill_null(value=False)
        & broken.is_null(),
        "avbrutt_i_ar": this_year & ended & counts & (broken >= transfer.first_day),
        "slutt": over | ended,
        "siste_trinn_bestatt": general & last_level & (pl.col("fullfortkode") == "B"),
        "rettstype": pl.coalesce("rettstype", pl.when(pl.col("voksen") == "J").then(pl.lit("V"))),
    }


def _broken_off(left: pl.DataFrame) -> pl.DataFrame:
    """The last course of this year that each person broke off."""
    last = left.sort("avbruddsdato", "id").group_by("person_id", maintain_order=True).last()
    return last.select(
        "person_id",
        sluttet_skole="avbruddsdato",
        sluttet_fylke="fylkesnummer",
        sluttet_arsak=pl.col("arsaksnavn").fill_null("årsak ikke oppgitt"),
        sluttet_kode="avbruddsarsak",
        sluttet_fullfort="fullfortkode",
        varslet_fortsettelse=pl.col("fortsetter").fill_null(value=False),
    )


def _extra_teaching(subjects: pl.DataFrame, transfer: Transfer) -> pl.DataFrame:
    over = pl.date(pl.col("skolear").str.slice(4, 4).cast(pl.Int32), AUGUST, 1) <= transfer.per
    ended = over | (pl.col("avbruddsdato") <= transfer.per).fill_null(value=False)
    passed = pl.any_horizontal(
        pl.col(grade).is_in(PASSED_GRADES).fill_null(value=False) for grade in GRADES
    )
    return subjects.group_by("person_id").agg(fag_uten_bestatt=(ended & ~passed).any())
