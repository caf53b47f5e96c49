"""Adults: an application held against its person, its year and its school."""

from collections.abc import Mapping
from datetime import date

import polars as pl

from jobs.imports.expected import Expected
from jobs.imports.keys import PERSON_KEY
from jobs.quality.derived.columns import BELOW, below, keyed, placed
from jobs.quality.derived.people import derive_person

VOCABULARY = {
    "soknad": BELOW
    | {
        "periode_ventet": "skoleåret leveransen gjelder",
        "felt_periode": "feltet som har skoleåret",
        "fylkesnummer": "fylket som leverer",
        "skole_fylke": "fylket skolen har i skoleregisteret",
    },
    "kompetanse": BELOW | {"fildato": "dagen filen ble skrevet"},
}


def derive(
    frames: Mapping[str, pl.DataFrame], expected: Expected, on: date
) -> dict[str, pl.DataFrame]:
    """Add the derived columns; `on` is the day the file was written."""
    soknad = keyed(frames["soknad"], *PERSON_KEY, "soknadsnummer").with_columns(
        periode_ventet=pl.lit(expected.skolear),
        felt_periode=pl.lit("skolear"),
        fylkesnummer=pl.lit(expected.fylkesnummer),
    )
    reached = keyed(frames["kompetanse"], *PERSON_KEY, "kompetanse").with_columns(
        fildato=pl.lit(on, pl.Date)
    )
    return {
        "person": derive_person(frames["person"], expected.accept, on),
        "kompetanse": below(reached, frames["person"], *PERSON_KEY),
        "soknad": placed(below(soknad, frames["person"], *PERSON_KEY), expected.schools),
    }
