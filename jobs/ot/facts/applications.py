"""Applications of the year's intake: what became of the wishes, in any county."""

from collections.abc import Mapping

import polars as pl

from jobs.codelists import table
from jobs.ot.transfer import Transfer

# Our own statuses in soknadsstatus, and the count of wishes in each.
CLASSES = {
    "JA": "onsker_plass",
    "TILB": "onsker_tilbud",
    "VENT": "onsker_venteliste",
    "NEI": "onsker_nei",
    "UBESVART": "onsker_ubesvart",
    "UTENTILB": "onsker_uten_tilbud",
    "IKKEAKT": "onsker_ikke_aktuelle",
    None: "onsker_ukjent",
}
VOCABULARY = {
    "har_sokt": "står som søker i årets inntak i et fylke",
    "sokerfylke": "fylket personen søkte i",
    "onsker": "antall ønsker",
    "onsker_plass": "ønsker med plass, eller på vei til det",
    "onsker_tilbud": "ønsker med åpent tilbud",
    "onsker_venteliste": "ønsker på venteliste",
    "onsker_nei": "ønsker søkeren har takket nei til",
    "onsker_ubesvart": "ønsker med tilbud som ikke ble besvart",
    "onsker_uten_tilbud": "ønsker uten tilbud",
    "onsker_ikke_aktuelle": "ønsker som ikke er aktuelle",
    "onsker_ukjent": "ønsker med en status vi ikke kjenner betydningen av",
    "laereplassonsker": "ønsker om læreplass",
    "venter_laereplass": "ønsker om læreplass som ikke har gitt tilbud",
    "onskestatuser": "statuskodene på ønskene",
    "rettstype_soker": "rettstypen på søknaden",
}
NO = ("NEI", "VNE")
SETTLED = ("JA",)
STILL_LOOKING = ("4", "82")
APPRENTICESHIP = "L"


def derive(read: Mapping[str, pl.DataFrame], transfer: Transfer) -> pl.DataFrame:  # noqa: ARG001
    """One row a person who has applied."""
    applied = (
        read["soker"]
        .group_by("person_id")
        .agg(
            har_sokt=pl.lit(value=True),
            sokerfylke=pl.col("fylkesnummer").sort().first(),
            rettstype_soker=pl.col("rettstype").drop_nulls().last(),
        )
    )
    return applied.join(_wishes(read["onske"]), on="person_id", how="left")


def _wishes(wishes: pl.DataFrame) -> pl.DataFrame:
    listed = table("soknadsstatus").select(statuskode="kode", gruppe="gruppe")
    grouped = wishes.join(listed, on="statuskode", how="left").with_columns(
        # An answer on the wish counts where the status has not already settled it.
        gruppe=pl.when(
            pl.col("svar").is_in(NO) & ~pl.col("gruppe").is_in(SETTLED).fill_null(value=False)
        )
        .then(pl.lit("NEI"))
        .otherwise("gruppe"),
        laereplass=pl.col("onsketype") == APPRENTICESHIP,
    )
    looking = pl.col("laereplass") & pl.col("statuskode").is_in(STILL_LOOKING)
    # Sorted once: each person's statuses are then in order without a sort of their own.
    return (
        grouped.sort("statuskode")
        .group_by("person_id")
        .agg(
            *(pl.col("gruppe").eq_missing(name).sum().alias(to) for name, to in CLASSES.items()),
            onsker=pl.len(),
            laereplassonsker=pl.col("laereplass").sum(),
            venter_laereplass=looking.sum(),
            onskestatuser=pl.col("statuskode").drop_nulls().str.join(", "),
        )
    )
