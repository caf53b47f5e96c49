"""Passwords of local accounts, kept as argon2id hashes (RFC 9106, the library's parameters)."""

from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST, LONGEST = 12, 200
_HASHER = PasswordHasher()


class PasswordError(Exception):
    """A password that cannot be used, and the remedy, in a Norwegian sentence."""


def hashed(password: str) -> str:
    """What is kept of a password; raises PasswordError for one that is too short or too long."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise PasswordError(f"Passordet må ha mellom {SHORTEST} og {LONGEST} tegn.")
    return _HASHER.hash(password)


def matches(kept: str | None, password: str) -> bool:
    """Whether it is the password; without one kept it takes as long, so nobody learns which names exist."""
    try:
        _HASHER.verify(kept or _nobodys(), password[: LONGEST + 1])
    except (VerificationError, InvalidHashError):
        return False
    return kept is not None


@lru_cache(maxsize=1)
def _nobodys() -> str:
    return _HASHER.hash("no account has this password")
