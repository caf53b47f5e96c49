"""OT data per a reference date: who was registered that day and with which status, from the events.

What counts is what held on the day, also when it was written down later. A person's municipality
does not enter, only what the number tells: gender and age. The day of contact is the first one told
since the registration. Layout: ours (I).
"""

from datetime import date

import polars as pl
from sqlalchemy import select
from sqlalchemy.orm import Session

from jobs.codelists import codes, table
from jobs.identity import birth_year_expression
from jobs.imports.hand_file import day_of
from jobs.ot.status_use import tells_of_contact
from jobs.register.followup import MEMBERSHIP, Event, OtHendelse, OtLinje
from jobs.register.people import Person

COLUMNS = (
    "fylkesnummer",
    "telledato",
    "otenhet",
    "fodselsnummer",
    "kjonn",
    "aldersgruppe",
    "tilmeldingskode",
    "tilmeldt_dato",
    "malgruppe",
    "statusgruppe",
    "statuskode",
    "statusdato",
    "kontakt_dato",
)
# The age groups of Udir's table, by their last year; the oldest takes the rest.
AGE_GROUPS = ((16, "16 og yngre"), (17, "17"), (18, "18"), (19, "19"), (20, "20"), (21, "21"))
OLDEST_GROUP = "22-24"
EVENTS = {
    "linje_id": pl.Int64,
    "person_id": pl.Int64,
    "fodselsnummer": pl.String,
    "fylkesnummer": pl.String,
    "id": pl.Int64,
    "slag": pl.String,
    "gjelder": pl.Date,
    "statuskode": pl.String,
    "tilmeldingskode": pl.String,
    "otenhet": pl.String,
    "kontakt": pl.Date,
}


def ot_data(session: Session, county: str | None, skolear: str, telledato: date) -> pl.DataFrame:
    """The rows of the file for a county (None: every one) in order, by COLUMNS and person_id."""
    return members(_events(session, county, skolear, telledato), telledato)


def _events(session: Session, county: str | None, skolear: str, telledato: date) -> pl.DataFrame:
    """What had happened to the lines of the school year by the day."""
    query = (
        select(
            OtHendelse.linje_id,
            OtLinje.person_id,
            Person.fodselsnummer,
            OtLinje.fylkesnummer,
            OtHendelse.id,
            OtHendelse.slag,
            OtHendelse.gjelder,
            OtHendelse.otstatus,
            OtHendelse.tilmeldingskode,
            OtHendelse.otenhet,
            OtHendelse.bevis,
        )
        .join(OtLinje, OtLinje.id == OtHendelse.linje_id)
        .join(Person, Person.id == OtLinje.person_id)
        .where(OtLinje.skolear == skolear, OtHendelse.gjelder <= telledato)
    )
    if county is not None:
        query = query.where(OtLinje.fylkesnummer == county)
    rows = [(*row[:-1], day_of(row.bevis.get("kontakt") or "")) for row in session.execute(query)]
    return pl.DataFrame(rows, schema=EVENTS, orient="row")


def members(events: pl.DataFrame, telledato: date) -> pl.DataFrame:
    """Whoever the events leave as registered, with the newest status, reason and unit."""
    status, contact = pl.col("statuskode"), _contact()
    membership = pl.col("slag").is_in(MEMBERSHIP)
    stands = (
        events.sort("gjelder", "id")
        .group_by("linje_id", maintain_order=True)
        .agg(
            pl.col("person_id", "fodselsnummer", "fylkesnummer").first(),
            pl.col("tilmeldingskode", "otenhet").drop_nulls().last(),
            siste=pl.col("slag").filter(membership).last(),
            tilmeldt_dato=pl.col("gjelder").filter(pl.col("slag") == Event.REGISTERED.value).last(),
            statuskode=status.drop_nulls().last(),
            statusdato=pl.col("gjelder").filter(status.is_not_null()).last(),
            kontakt_dato=contact.filter(_since_registered()).min(),
        )
        .filter(pl.col("siste") == Event.REGISTERED.value)
    )
    described = _described(stands, telledato).select(*COLUMNS, "person_id")
    return described.sort("fylkesnummer", "fodselsnummer")


def _contact() -> pl.Expr:
    """The day of contact an event tells: as it was said, else that of a status only contact can give."""
    by_contact = [code for code in codes("otstatus") if tells_of_contact(code)]
    given = pl.when(pl.col("statuskode").is_in(by_contact)).then("gjelder")
    return pl.coalesce("kontakt", given)


def _since_registered() -> pl.Expr:
    """Of a line's events in order, those from the newest registration on."""
    registered = pl.col("slag") == Event.REGISTERED.value
    return registered.cum_sum() == registered.sum()


def _described(stands: pl.DataFrame, telledato: date) -> pl.DataFrame:
    groups = table("otstatus").select(statuskode="kode", statusgruppe="gruppe")
    targets = table("otgruppe").select(statusgruppe="kode", malgruppe="malgruppe")
    age = telledato.year - birth_year_expression("fodselsnummer")
    odd = pl.col("fodselsnummer").str.slice(8, 1).cast(pl.Int8, strict=False) % 2 == 1
    grouped = pl.coalesce(pl.when(age <= last).then(pl.lit(name)) for last, name in AGE_GROUPS)
    return (
        stands.join(groups, on="statuskode", how="left")
        .join(targets, on="statusgruppe", how="left")
        .with_columns(
            telledato=pl.lit(telledato),
            kjonn=pl.when(odd).then(pl.lit("M")).otherwise(pl.lit("K")),
            aldersgruppe=pl.coalesce(grouped, pl.lit(OLDEST_GROUP)),
        )
    )
