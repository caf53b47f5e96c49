"""Apprentices: contracts held against their tests and periods, and organisation numbers judged."""

from collections.abc import Mapping
from datetime import date

import polars as pl

from jobs.imports.expected import Expected
from jobs.imports.keys import FIRM_KEY, PERSON_KEY
from jobs.organisation import holds
from jobs.quality.derived.columns import BELOW, KEYED, below, keyed, known
from jobs.quality.derived.people import derive_person

TEST_KEY = (*PERSON_KEY, "programomradekode")
PASSED = ("BM", "B")
MOST_MONTHS = 240  # beyond any training; a longer period is a slip of the pen
FAILED = "IB"

VOCABULARY = {
    "kontrakt": BELOW
    | {
        "bedrift_gyldig": "bedriftens organisasjonsnummer holder (ni siffer, modulus 11)",
        "kontor_gyldig": "opplæringskontorets organisasjonsnummer holder",
        "felt_organisasjon": "feltet med organisasjonsnummeret som ikke holder",
        "lopende": "kontrakten løper dagen filen ble skrevet",
        "antall_lopende": "antall kontrakter personen har som løper den dagen",
        "avvik_dager": "dager fra netto læretid og avbrudd tilsier at læretiden slutter, til den gjør det",
        "har_bestatt": "personen har en bestått prøve i lærefaget",
        "antall_strok": "antall prøver i lærefaget som ikke er bestått",
    },
    "prove": BELOW
    | {
        "bedrift_gyldig": "bedriftens organisasjonsnummer holder",
        "felt_organisasjon": "feltet med organisasjonsnummeret",
        "fildato": "dagen filen ble skrevet",
    },
    "bedrift": KEYED
    | {
        "nummer_gyldig": "organisasjonsnummeret holder",
        "kontor_gyldig": "opplæringskontorets organisasjonsnummer holder",
        "felt_organisasjon": "feltet med organisasjonsnummeret som ikke holder",
    },
    "bedriftsfag": BELOW,
    "kontor": KEYED
    | {
        "nummer_gyldig": "organisasjonsnummeret holder",
        "felt_organisasjon": "feltet med organisasjonsnummeret",
    },
}


def derive(
    frames: Mapping[str, pl.DataFrame], expected: Expected, on: date
) -> dict[str, pl.DataFrame]:
    """Add the derived columns; `on` is the day the file was written."""
    person, firm = frames["person"], frames["bedrift"]
    trade = keyed(frames["bedriftsfag"], *FIRM_KEY, "programomradekode")
    return {
        "person": derive_person(person, expected.accept, on),
        "kontrakt": below(_contracts(frames["kontrakt"], frames["prove"], on), person, *PERSON_KEY),
        "prove": below(_tests(frames["prove"], on), person, *PERSON_KEY),
        "bedrift": keyed(firm, *FIRM_KEY).with_columns(
            nummer_gyldig=holds("organisasjonsnummer"),
            kontor_gyldig=holds("medlem_av"),
            felt_organisasjon=first_wrong("organisasjonsnummer", "medlem_av"),
        ),
        "bedriftsfag": below(trade, firm, *FIRM_KEY),
        "kontor": keyed(frames["kontor"], *FIRM_KEY).with_columns(
            nummer_gyldig=holds("organisasjonsnummer"),
            felt_organisasjon=pl.lit("organisasjonsnummer"),
        ),
    }


def first_wrong(first: str, second: str) -> pl.Expr:
    """Which of two columns has the number that does not hold."""
    return pl.when(~holds(first)).then(pl.lit(first)).otherwise(pl.lit(second))


def _contracts(kontrakt: pl.DataFrame, prove: pl.DataFrame, on: date) -> pl.DataFrame:
    result = pl.col("proveresultat")
    tests = prove.group_by(TEST_KEY).agg(
        har_bestatt=result.is_in(PASSED).any(), antall_strok=(result == FAILED).sum()
    )
    contracts = keyed(kontrakt, *PERSON_KEY, "kontraktsnummer").join(
        tests, on=TEST_KEY, how="left", maintain_order="left"
    )
    return contracts.with_columns(
        pl.col("har_bestatt").fill_null(value=False),
        pl.col("antall_strok").fill_null(0),
        bedrift_gyldig=holds("bedrift"),
        kontor_gyldig=holds("opplaringskontor"),
        felt_organisasjon=first_wrong("bedrift", "opplaringskontor"),
        lopende=running_on(on),
        avvik_dager=_days_off(),
    ).with_columns(
        antall_lopende=pl.when(known(PERSON_KEY)).then(pl.col("lopende").sum().over(*PERSON_KEY))
    )


def running_on(on: date) -> pl.Expr:
    """Whether a contract runs on a day: approved, in its period, not interrupted and not ended.

    P, the survey's rule.
    """
    interrupted = (pl.col("avbrudd_fra") <= on) & (pl.col("avbrudd_til").fill_null(on) >= on)
    return (
        pl.col("godkjent_dato").is_not_null()
        & (pl.col("laretid_fra") <= on)
        & (pl.col("laretid_til") >= on)
        & ~interrupted.fill_null(value=False)
        & pl.col("avslutningskode").is_null()
    ).fill_null(value=False)


def _days_off() -> pl.Expr:
    """Days past the end that months of training and the interruption give (C06: start + net period)."""
    net = pl.col("netto_laretid") + pl.col("mer_opplaring").fill_null(0)
    months = pl.format("{}mo", net.clip(0, MOST_MONTHS))
    interruption = (pl.col("avbrudd_til") - pl.col("avbrudd_fra")).fill_null(pl.duration(days=0))
    due = pl.col("laretid_fra").dt.offset_by(months) + interruption
    days = (pl.col("laretid_til") - due).dt.total_days()
    return pl.when(net <= MOST_MONTHS).then(days)


def _tests(prove: pl.DataFrame, on: date) -> pl.DataFrame:
    key = (*TEST_KEY, "provetype", "provenummer")
    return keyed(prove, *key).with_columns(
        bedrift_gyldig=holds("bedrift"),
        felt_organisasjon=pl.lit("bedrift"),
        fildato=pl.lit(on, pl.Date),
    )
