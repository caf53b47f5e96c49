"""Kept: a secret that many ask for at once is one secret, whole and readable by us alone."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from secrets import token_bytes
from threading import Barrier

import pytest

from scheduler.access.kept import kept

AT_ONCE = 8


def test_threads_that_are_first_at_once_get_one_secret(tmp_path):
    """Each thread has made its own before any looks for it on disk."""
    all_have_made = Barrier(AT_ONCE, timeout=30)

    def make() -> bytes:
        all_have_made.wait()
        return token_bytes(32)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        found = [
            pool.submit(lambda: kept(tmp_path, "sign", make).read_bytes()) for _ in range(AT_ONCE)
        ]
        secrets = {future.result() for future in found}
    assert len(secrets) == 1
    (secret,) = secrets
    assert len(secret) == 32
    assert [path.name for path in (tmp_path / "keys").iterdir()] == ["sign"]


def test_it_is_made_once_and_readable_by_us_alone(tmp_path):
    first = kept(tmp_path, "sign", partial(token_bytes, 32))
    again = kept(tmp_path, "sign", lambda: pytest.fail("made twice"))
    assert again == first
    assert first.stat().st_mode & 0o777 == 0o600
    assert first.parent.stat().st_mode & 0o777 == 0o700
