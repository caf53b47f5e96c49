"""The archive: a ZIP written member by member, so that a year never lies in memory.

The same members give the same bytes: they have no time of their own, and an order that is given.
"""

import io
import zipfile
from collections.abc import Iterable, Iterator

# The earliest time that a ZIP can say; a member's own would be that of the archive's making.
NO_TIME = (1980, 1, 1, 0, 0, 0)
READABLE = 0o644 << 16
UNIX = 3


class _Outlet(io.RawIOBase):
    """Where the archive is written; what has come since is taken away piece by piece."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, piece: bytes) -> int:  # type: ignore[override]  # as every writer here calls it
        self._pieces.append(bytes(piece))
        return len(piece)

    def taken(self) -> bytes:
        taken = b"".join(self._pieces)
        self._pieces.clear()
        return taken


def packed(members: Iterable[tuple[str, bytes]]) -> Iterator[bytes]:
    """The archive's bytes, one or a few members at a time; each is (path in the archive, content)."""
    outlet = _Outlet()
    with zipfile.ZipFile(outlet, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            member = zipfile.ZipInfo(name, NO_TIME)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.create_system, member.external_attr = UNIX, READABLE
            archive.writestr(member, content)
            yield outlet.taken()
    yield outlet.taken()
