"""The risk of being late against ten made-up years: how many late ones are foretold, how many alarms are false."""

from collections.abc import Iterator

from bench.rows import Row
from tests.scheduler.made_up_years import (
    FALSE_AT_MOST,
    FORETOLD_AT_LEAST,
    IN_GOOD_TIME,
    SEED,
    back_test,
    history,
)


def run() -> Iterator[Row]:
    score = back_test(history(SEED))
    told = f"{score.late} late of {score.late + score.in_time}, seed {SEED}"
    yield Row(
        f"Late deliveries foretold {IN_GOOD_TIME} working days ahead",
        score.foretold_share * 100,
        FORETOLD_AT_LEAST * 100,
        "%",
        f"the least we accept; made-up history: {told}",
    )
    yield Row(
        "False alarms, of all alarms of being late",
        score.false_share * 100,
        FALSE_AT_MOST * 100,
        "%",
        f"the most we accept; {score.alarms} alarms in the same made-up history",
    )
