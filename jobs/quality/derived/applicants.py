"""Applicants: each held against the year, and the wishes against applicant and school register."""

from collections.abc import Mapping
from datetime import date

import polars as pl

from jobs.imports.expected import Expected
from jobs.imports.keys import PERSON_KEY, SOKER_KEY
from jobs.quality.derived.columns import BELOW, below, keyed, placed
from jobs.quality.derived.people import derive_person

VOCABULARY = {
    "soker": BELOW
    | {
        "periode_ventet": "søkeråret leveransen gjelder",
        "felt_periode": "feltet som har søkeråret",
        "antall_onsker": "antall ønsker søkeren har i filen",
        "antall_ja": "antall av ønskene som er besvart med JA",
    },
    "onske": BELOW | {"skole_fylke": "fylket den ønskede skolen har i skoleregisteret"},
}


def derive(
    frames: Mapping[str, pl.DataFrame], expected: Expected, on: date
) -> dict[str, pl.DataFrame]:
    """Add the derived columns; `on` is the day the file was written."""
    person, soker, onske = frames["person"], frames["soker"], frames["onske"]
    wishes = onske.group_by(SOKER_KEY).agg(
        antall_onsker=pl.len(), antall_ja=(pl.col("svar") == "JA").sum()
    )
    counted = (
        keyed(soker, *SOKER_KEY)
        .join(wishes, on=SOKER_KEY, how="left", maintain_order="left")
        .with_columns(
            pl.col("antall_onsker", "antall_ja").fill_null(0),
            periode_ventet=pl.lit(expected.skolear),
            felt_periode=pl.lit("sokerar"),
        )
    )
    wished = below(keyed(onske, *SOKER_KEY, "onskenummer"), soker, *SOKER_KEY)
    return {
        "person": derive_person(person, expected.accept, on),
        "soker": below(counted, person, *PERSON_KEY),
        "onske": placed(wished, expected.schools),
    }
