"""Contracts and tests: the running contract anywhere, the one that ended this year, a trade passed."""

from collections.abc import Mapping

import polars as pl

from jobs.codelists import table
from jobs.ot.transfer import Transfer

VOCABULARY = {
    "aktiv_kontrakt": "har en løpende kontrakt i et fylke",
    "aktiv_kontrakt_fylke": "fylket den løpende kontrakten hører til",
    "aktiv_kontrakt_eget": "har en løpende kontrakt i hjemfylket",
    "kommende_kontrakt": "dagen en ny kontrakt begynner, når den er varslet innen fristen",
    "sluttet_larling": "dagen den siste kontrakten i skoleåret ble avsluttet",
    "sluttet_larling_fylke": "fylket kontrakten hørte til",
    "avslutningskode": "avslutningskoden",
    "avslutning": "avslutningskoden, med ord",
    "fagprove_bestatt": "har bestått fag- eller svenneprøve",
}
TRADE_TESTS, PASSED = ("F", "S"), ("B", "BM")


def derive(read: Mapping[str, pl.DataFrame], transfer: Transfer) -> pl.DataFrame:
    """One row a person who has a contract or has taken a test."""
    start, end = pl.col("laretid_fra"), pl.col("avsluttet_dato")
    home = read["person"].select(person_id="id", hjemme=pl.col("kommunenummer").str.slice(0, 2))
    known = (
        read["kontrakt"]
        .join(home, on="person_id", how="left")
        .with_columns(
            ended=(end <= transfer.per).fill_null(value=False),
            begun=start.is_null() | (start <= transfer.per),
        )
    )
    active = pl.col("begun") & ~pl.col("ended")
    coming = ~pl.col("begun") & (start <= transfer.hold_until) & end.is_null()
    running = known.group_by("person_id").agg(
        aktiv_kontrakt=active.any(),
        aktiv_kontrakt_fylke=pl.col("fylkesnummer").filter(active).last(),
        aktiv_kontrakt_eget=(active & pl.col("fylkesnummer").eq_missing(pl.col("hjemme"))).any(),
        kommende_kontrakt=start.filter(coming).min(),
    )
    ended = known.filter("ended", end >= transfer.first_day)
    return running.join(_last(ended), on="person_id", how="left").join(
        _passed(read["prove"], transfer), on="person_id", how="full", coalesce=True
    )


def _last(ended: pl.DataFrame) -> pl.DataFrame:
    listed = table("avslutningskode").select(avslutningskode="kode", avslutning="navn")
    named = ended.join(listed, on="avslutningskode", how="left")
    last = named.sort("avsluttet_dato").group_by("person_id", maintain_order=True).last()
    return last.select(
        "person_id",
        "avslutningskode",
        sluttet_larling="avsluttet_dato",
        sluttet_larling_fylke="fylkesnummer",
        avslutning=pl.col("avslutning").fill_null("årsak ikke oppgitt"),
    )


def _passed(tests: pl.DataFrame, transfer: Transfer) -> pl.DataFrame:
    passed = tests.filter(
        pl.col("provetype").is_in(TRADE_TESTS),
        pl.col("proveresultat").is_in(PASSED),
        pl.col("provedato").is_null() | (pl.col("provedato") <= transfer.per),
    )
    return passed.select("person_id", fagprove_bestatt=pl.lit(value=True)).unique()
