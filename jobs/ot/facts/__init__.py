"""Facts: one row a person, with all that the rules and gates may ask about.

VOCABULARY explains every column. A truth that is not known is false, a count that is not known 0.
"""

from collections.abc import Mapping

import polars as pl

from jobs.ot.facts import applications, contracts, courses, others, people
from jobs.ot.transfer import Transfer, limits

DERIVED = {
    "fylke": "fylket som eventuelt får personen: der personen bor, ellers der det skjedde",
    "her": "fylket overføringen gjelder",
    "hjemme": "personen hører til fylket overføringen gjelder",
    "rettstype": "nyeste kjente rettstype; uten noen regnes ungdomsrett",
    "har_rett": "har ungdomsrett eller fullføringsrett",
    "kompetent": "har oppnådd studie- eller yrkeskompetanse, etter register, fagprøve eller Vg3",
    "inntak_slutt": "inntaket er over denne dagen",
    "formidling_slutt": "perioden for formidling av læreplass er over denne dagen",
    "har_linje": "OT-linjen er åpen, eller avsluttet uten at personen har brutt av på nytt siden",
    "avbrudd_dager": "dager siden det siste avbruddet",
    "nytt_avbrudd": "skolekurset eller kontrakten ble avbrutt dette skoleåret",
    "frist_ute": "fristen for en varslet fortsettelse er ute",
    "ny_start": "dagen et nytt kurs eller en ny kontrakt begynner, når den er varslet innen fristen",
    "merknad": "det rådgiveren bør vite om avbruddet",
    "forslag": "statusen rådgiveren bør vurdere",
    "sokerar": "inntaksåret",
    "bosted": "hva som hindrer at fylket følger opp: død, utvandret, eller bor et annet sted",
}
VOCABULARY: dict[str, str] = {
    **people.VOCABULARY,
    **courses.VOCABULARY,
    **applications.VOCABULARY,
    **contracts.VOCABULARY,
    **others.VOCABULARY,
    **DERIVED,
}
NO_RIGHT = ("I", "V")
MILITARY, SUGGESTED_MILITARY = "MI", "OTMI"
NOT_FOUND = ", og den varslede fortsettelsen er ikke funnet"


def derive(read: Mapping[str, pl.DataFrame], transfer: Transfer) -> pl.DataFrame:
    """Every person the transfer is about, each once, by person_id."""
    facts = people.derive(read, transfer)
    for part in (
        courses.derive(read, transfer),
        applications.derive(read, transfer),
        contracts.derive(read, transfer),
        others.adults(read, transfer),
        others.competence(read, transfer),
    ):
        facts = facts.join(part, on="person_id", how="left")
    placed = facts.with_columns(fylke=_county()).with_columns(
        her=pl.col("fylke") if transfer.fylkesnummer is None else pl.lit(transfer.fylkesnummer)
    )
    known = placed.join(
        others.lines(read, transfer),
        left_on=["person_id", "her"],
        right_on=["person_id", "fylke"],
        how="left",
    )
    return _derived(_filled(known), transfer).sort("person_id")


def _county() -> pl.Expr:
    return pl.coalesce(
        "hjemstedsfylke",
        "sluttet_fylke",
        "sluttet_larling_fylke",
        "sokerfylke",
        "aktivt_kurs_fylke",
    )


def _elsewhere() -> pl.Expr:
    lives = pl.when(pl.col("hjemstedsfylke").is_null()).then(pl.lit("hører til"))
    return (
        pl.when("dod")
        .then(pl.lit("er død"))
        .when("utvandret")
        .then(pl.lit("er utvandret"))
        .when(~pl.col("hjemme"))
        .then(pl.format("{} fylke {}", lives.otherwise(pl.lit("bor i")), "fylke"))
    )


def _filled(facts: pl.DataFrame) -> pl.DataFrame:
    counts = [name for name in facts.columns if name.startswith("onsker")]
    more = ["laereplassonsker", "venter_laereplass"]
    return facts.with_columns(
        pl.selectors.boolean().fill_null(value=False), pl.col(*counts, *more).fill_null(0)
    )


def _derived(facts: pl.DataFrame, transfer: Transfer) -> pl.DataFrame:
    last_break = pl.max_horizontal("sluttet_skole", "sluttet_larling")
    return (
        facts.with_columns(
            hjemme=pl.col("fylke").eq_missing(pl.col("her")),
            rettstype=pl.coalesce("rettstype_soker", "rettstype_kurs", pl.lit("U")),
            kompetent=pl.any_horizontal("kompetanse", "fagprove_bestatt", "kurskompetanse"),
            inntak_slutt=pl.lit(transfer.per >= transfer.day(limits().inntak_slutt)),
            formidling_slutt=pl.lit(transfer.per >= transfer.day(limits().formidling_slutt)),
            har_linje=pl.col("linje_id").is_not_null()
            & (last_break.is_null() | (last_break <= pl.col("linje_slutt")).fill_null(value=True)),
            avbrudd_dager=(pl.lit(transfer.per) - last_break).dt.total_days(),
            nytt_avbrudd=last_break.is_not_null(),
            ny_start=pl.min_horizontal("kommende_kurs", "kommende_kontrakt"),
            forslag=pl.when(pl.col("sluttet_kode") == MILITARY).then(pl.lit(SUGGESTED_MILITARY)),
            sokerar=pl.lit(transfer.intake_year),
        )
        .with_columns(
            bosted=_elsewhere(),
            har_rett=~pl.col("rettstype").is_in(NO_RIGHT),
            frist_ute=(pl.col("avbrudd_dager") >= limits().frist_dager).fill_null(value=False),
        )
        .with_columns(
            merknad=pl.when(pl.col("varslet_fortsettelse") & pl.col("frist_ute"))
            .then(pl.lit(NOT_FOUND))
            .otherwise(pl.lit(""))
        )
    )
