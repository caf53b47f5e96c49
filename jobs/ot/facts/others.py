"""What else the register knows: adults' applications, competence reached, lines there already are."""

from collections.abc import Mapping

import polars as pl

from jobs.ot.transfer import Transfer

VOCABULARY = {
    "voksensoknad": "har en voksensøknad som ikke er avslått, eller følger voksenopplæring",
    "voksensoknad_fylke": "fylket voksensøknaden er sendt til",
    "kompetanse": "studie- eller yrkeskompetanse er registrert oppnådd",
    "linje_id": "OT-linjen personen har i fylket dette skoleåret",
    "linje_slutt": "dagen OT-linjen ble avsluttet; tom når den er åpen",
    "linje_kode": "tilmeldingskoden på OT-linjen",
}
REFUSED, FULL_COMPETENCE = "AV", ("S", "Y")


def adults(read: Mapping[str, pl.DataFrame], transfer: Transfer) -> pl.DataFrame:
    """Applications of this school year or a later one, and courses that still run."""
    applied, ends = pl.col("soknadsdato"), pl.col("sluttdato")
    refused = pl.any_horizontal(
        pl.col(name).eq_missing(REFUSED) for name in ("rettsvedtak", "inntaksvedtak")
    )
    made = applied.is_null() | (applied <= transfer.per)
    lasting = ends.is_null() | (ends > transfer.per)
    running = (pl.col("oppstartsdato") <= transfer.per) & (ends > transfer.per)
    current = (pl.col("skolear") >= transfer.skolear) | running.fill_null(value=False)
    active = read["voksen"].filter(~refused, made, lasting, current)
    return active.group_by("person_id").agg(
        voksensoknad=pl.lit(value=True), voksensoknad_fylke=pl.col("fylkesnummer").last()
    )


def competence(read: Mapping[str, pl.DataFrame], transfer: Transfer) -> pl.DataFrame:
    """Whoever has reached study or vocational competence by the day."""
    reached = pl.col("oppnadd_dato")
    full = read["kompetanse"].filter(
        pl.col("kompetanse").is_in(FULL_COMPETENCE), reached.is_null() | (reached <= transfer.per)
    )
    return full.select("person_id", kompetanse=pl.lit(value=True)).unique()


def lines(read: Mapping[str, pl.DataFrame], transfer: Transfer) -> pl.DataFrame:
    """The line that each person has in each county this school year, as it stood on the day."""
    made = pl.col("opprettet_at").dt.convert_time_zone("Europe/Oslo").dt.date() <= transfer.per
    ended = pl.col("avsluttet_at").dt.convert_time_zone("Europe/Oslo").dt.date()
    return (
        read["linje"]
        .filter(made)
        .select(
            "person_id",
            fylke="fylkesnummer",
            linje_id="id",
            linje_slutt=pl.when(ended <= transfer.per).then(ended),
            linje_kode="tilmeldingskode",
        )
    )
