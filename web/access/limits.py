"""Limits: how often an address on the net may ask; the feeds are answered before, and never limited.

Counted in this process: each node counts its own.
"""

import math
import time
from collections.abc import Callable
from typing import cast

from flask import Flask, Response, request
from flask_limiter import Limiter, RateLimitExceeded, RequestLimit
from flask_limiter.util import get_remote_address

from scheduler.access import accounts
from scheduler.settings import Settings
from web.access import devices, guard
from web.words.language import gettext as _

UNLIMITED = ("static", "health.report", "metrics.report", "public.robots", "public.favicon")
# Only what was wrong counts: from one address, and for one account whoever asks. A browser where the
# account has signed in before is counted alone, or anybody could shut its owner out by guessing.
WRONG_FROM_AN_ADDRESS = "10 per 5 minutes"
WRONG_FOR_AN_ACCOUNT = "30 per 1 hour"
WRONG_FROM_A_DEVICE = "10 per 1 hour"
SIGN_IN, WRONG = "sign_in.enter", 422


def install(app: Flask, settings: Settings) -> None:
    limiter = Limiter(
        get_remote_address,
        app=app,
        application_limits=[f"{settings.requests_per_minute} per minute"],
        storage_uri="memory://",
    )
    limiter.request_filter(lambda: request.endpoint in UNLIMITED)
    for limit, key, exempt in (
        (WRONG_FROM_AN_ADDRESS, get_remote_address, _on_its_device),
        (WRONG_FOR_AN_ACCOUNT, lambda: f"account {_account()}", _on_its_device),
        (WRONG_FROM_A_DEVICE, lambda: f"device {devices.known(_account())}", _elsewhere),
    ):
        wrong = limiter.limit(limit, key_func=key, deduct_when=_was_wrong, exempt_when=exempt)
        view = app.view_functions[SIGN_IN]
        app.view_functions[SIGN_IN] = cast("Callable[..., Response]", wrong(view))
    app.register_error_handler(RateLimitExceeded, _too_often(limiter))


def _account() -> str:
    return accounts.as_read(request.form.get("navn", ""))


def _on_its_device() -> bool:
    return devices.known(_account()) is not None


def _elsewhere() -> bool:
    return not _on_its_device()


def _was_wrong(response: Response) -> bool:
    return response.status_code == WRONG


def _wait(limit: RequestLimit) -> int:
    """Seconds until another try, told in whole ones: never none, nor more than the limit's own."""
    left = math.ceil(limit.reset_at - time.time())
    return min(max(1, left), limit.limit.get_expiry())


def _too_often(limiter: Limiter) -> Callable[[RateLimitExceeded], Response]:
    def answer(_error: RateLimitExceeded) -> Response:
        current = limiter.current_limit
        seconds = _wait(current) if current else 60
        return guard.page(
            429,
            _("For mange forsøk på kort tid"),
            _("Vent %(seconds)s sekunder, og prøv igjen.", seconds=seconds),
            _(
                "Er dere mange bak samme adresse på nettet, kan den som drifter årshjulet heve grensen."
            ),
            headers={"Retry-After": str(seconds)},
        )

    return answer
