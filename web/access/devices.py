"""Devices: browsers where an account has signed in before, so that guessing elsewhere shuts none of them out.

Known by a signed random word in a cookie of its own, which outlives the session. The signature is
made for one account, which it does not name: for any other it is worth nothing.
"""

import hashlib
import secrets

from flask import current_app, request
from itsdangerous import BadSignature, TimestampSigner
from werkzeug.wrappers import Response

from web.site import site

REMEMBERED = 365 * 24 * 3600  # seconds
WORD_BYTES = 16


def known(account: str) -> str | None:
    """The word of this browser, if the account has signed in here; None for all others."""
    try:
        word = _signer(account).unsign(request.cookies.get(_cookie(), ""), REMEMBERED)
    except BadSignature:
        return None
    return word.decode()


def remember(response: Response, account: str) -> None:
    """From now on the account's own browser, with a new word."""
    response.set_cookie(
        _cookie(),
        _signer(account).sign(secrets.token_urlsafe(WORD_BYTES)).decode(),
        max_age=REMEMBERED,
        secure=site().settings.https,
        httponly=True,
        samesite="Strict",
    )


def _cookie() -> str:
    return "__Host-aarshjul-enhet" if site().settings.https else "aarshjul-enhet"


def _signer(account: str) -> TimestampSigner:
    key = current_app.secret_key or ""
    return TimestampSigner(key, salt=f"device {account}", digest_method=hashlib.sha256)
