"""Sessions: the cookie that a browser is known by, signed with a key that the installation keeps."""

from functools import partial
from pathlib import Path
from secrets import token_bytes

from flask import Flask, Request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface

from scheduler.access.kept import kept
from scheduler.settings import Settings

KEY, KEY_BYTES = "session", 32


class _Sessions(SecureCookieSessionInterface):
    """Signed with the key in the data folder; with a passing one until there is a folder to keep it in."""

    def __init__(self, data_dir: Path) -> None:
        self._data_dir = data_dir
        self._has_key = False

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        if not self._has_key and self._data_dir.is_dir():
            path = kept(self._data_dir, KEY, partial(token_bytes, KEY_BYTES))
            app.secret_key, self._has_key = path.read_bytes(), True
        return super().open_session(app, request)


def install(app: Flask, settings: Settings) -> None:
    """A cookie that no script reads, no other site's form carries, and no plain HTTP once over HTTPS."""
    app.config.update(
        SECRET_KEY=token_bytes(KEY_BYTES),
        SESSION_COOKIE_NAME="__Host-aarshjul" if settings.https else "aarshjul",
        SESSION_COOKIE_SECURE=settings.https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
    )
    app.session_interface = _Sessions(settings.data_dir)
