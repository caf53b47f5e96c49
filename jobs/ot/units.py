"""Units: which unit of the follow-up service gets a person, by the municipality the person lives in."""

import polars as pl

from jobs.codelists import table


def with_unit(people: pl.DataFrame) -> pl.DataFrame:
    """Add `otenhet`: the local unit, or the county's central one for a protected address or none.

    Reads kommunenummer, her (the county) and skjermet.
    """
    units = table("otenhet")
    central = units.filter(sentral="J").select(her="fylkesnummer", sentral="kode")
    local = (
        units.filter(sentral="N")
        .select(pl.col("kommune_fra").cast(pl.Int32), lokal="kode", lokalt_fylke="fylkesnummer")
        .sort("kommune_fra")
    )
    placed = (
        people.with_columns(kommune=pl.col("kommunenummer").cast(pl.Int32, strict=False))
        .sort("kommune", nulls_last=False)
        .join_asof(local, left_on="kommune", right_on="kommune_fra", check_sortedness=False)
        .join(central, on="her", how="left")
    )
    here = pl.col("lokalt_fylke").eq_missing(pl.col("her")) & ~pl.col("skjermet")
    return placed.with_columns(otenhet=pl.when(here).then("lokal").otherwise("sentral")).select(
        *people.columns, "otenhet"
    )
