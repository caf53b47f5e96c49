"""Derived columns: the hard parts of the rules, computed once, so that predicates stay readable.

A module for each kind of file says what its columns mean (VOCABULARY) and makes them (derive).
"""

from collections.abc import Callable, Mapping
from datetime import date

import polars as pl

from jobs.imports.expected import Expected
from jobs.quality.derived import adults, applicants, apprentices, completion, people, school
from jobs.quality.derived.columns import FIELD_COLUMNS
from jobs.quality.derived.completion import SPREAD, completion_part, derive_completion
from jobs.quality.derived.people import WHOLE_FILE, derive_people

__all__ = [
    "DERIVE",
    "FIELD_COLUMNS",
    "SPREAD",
    "VOCABULARY",
    "WHOLE_FILE",
    "completion_part",
    "derive_completion",
    "derive_people",
]

Frames = Mapping[str, pl.DataFrame]
MODULES = (school, completion, people, adults, applicants, apprentices)

VOCABULARY: Mapping[str, Mapping[str, str]] = {
    frame: columns for module in MODULES for frame, columns in module.VOCABULARY.items()
}
# By the name of the dataset: frames, what is expected, the day the file was written.
DERIVE: Mapping[str, Callable[[Frames, Expected, date], dict[str, pl.DataFrame]]] = {
    "school": school.derive,
    "adults": adults.derive,
    "applicants": applicants.derive,
    "apprentices": apprentices.derive,
}
