"""Trying: a step that stops for a reason that may pass is tried again, as its row's policy says."""

import time
from collections.abc import Callable
from typing import TypeVar

from dbos import StepOptions
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from scheduler.calendar.policy import Policy
from scheduler.engine.answers import PassingError, may_pass

T = TypeVar("T")


def step_options(name: str, policy: Policy) -> StepOptions:
    """The policy in the engine's own words; what will not pass is not tried again."""
    return {
        "name": name,
        "retries_allowed": policy.attempts > 1,
        "max_attempts": policy.attempts,
        "interval_seconds": policy.first_wait,
        "backoff_rate": policy.wait_factor,
        "should_retry": may_pass,
    }


def in_transactions(
    policy: Policy, session: Callable[[], Session], body: Callable[[], T]
) -> Callable[[], T]:
    """`body` for a data step, which the engine begins anew only for a fault of the database.

    That it does until the database answers. Another passing fault is told to it as such a one,
    once the transaction is given back, so that nobody waits for it meanwhile.
    """
    failed = 0

    def tried() -> T:
        nonlocal failed
        try:
            return body()
        except PassingError as error:
            failed += 1
            if failed >= policy.attempts:
                raise
            session().rollback()
            time.sleep(policy.wait_after(failed))
            raise DBAPIError("a data step", {}, error, connection_invalidated=True) from error

    return tried
