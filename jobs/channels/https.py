"""A line over HTTPS: each file is put under the delivery's address, the envelope last.

The envelope is put only if none is there, so it is the proof that all is there, and is there once.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, ClassVar
from urllib.parse import quote

from urllib3 import BaseHTTPResponse, PoolManager, Timeout
from urllib3.exceptions import HTTPError, SSLError

from jobs.channels.configuration import Https
from jobs.channels.faults import (
    CertificateRefused,
    Declined,
    LoginRefused,
    NoRoomThere,
    UnreachedError,
)
from jobs.channels.sealing import ENVELOPE, SIGNATURE, Found, envelope_files
from jobs.channels.slips import MOST_BYTES, SUFFIX, Slip

CONNECT_SECONDS = 20
SILENT_SECONDS = 120  # how long a server may say nothing, also while it stores a large file
_OK = (200, 201, 204)
_LOGIN = (401, 403)
_FULL = (413, 507)
_NOT_FOUND = 404
_THERE_ALREADY = 412
_BROKEN = 500
_LATER = (408, 425, 429)


@dataclass(frozen=True, slots=True)
class HttpsLine:
    """The web server of one receiver."""

    kind: ClassVar[str] = "https"
    receiver: str
    way: Https

    def reach(self, size: int) -> str:  # noqa: ARG002 - HTTP does not tell of room ahead
        self.look_up("finnes-ikke")
        return f"{self.way.url} slipper oss inn, og sertifikatet er godtatt."

    def look_up(self, name: str) -> Found | None:
        envelope = self._read(f"{name}/{ENVELOPE}")
        if envelope is None:
            return None
        signature = self._read(f"{name}/{SIGNATURE}") or b""
        sizes = {file: self._size(f"{name}/{file}") for file in envelope_files(envelope)}
        return Found(envelope, signature, sizes)

    def place(self, name: str, files: Sequence[Path], about_to: Callable[[], None]) -> None:
        *others, envelope = files
        for path in others:
            self._put(f"{name}/{path.name}", path, {})
        about_to()
        self._put(f"{name}/{envelope.name}", envelope, {"If-None-Match": "*"})

    def slips(self, names: Sequence[str]) -> list[Slip]:
        found = ((f"{name}{SUFFIX}", self._read(f"{name}{SUFFIX}")) for name in names)
        return [Slip(name, content) for name, content in found if content is not None]

    def _put(self, path: str, file: Path, headers: dict[str, str]) -> None:
        length = {"Content-Length": str(file.stat().st_size)}
        with file.open("rb") as body, self._asked("PUT", path, body, length | headers) as answer:
            if answer.status != _THERE_ALREADY:  # another process was first: the look-up compares
                self._judge(answer)

    def _read(self, path: str) -> bytes | None:
        """A small file there, or as much as shows that it is not; None when there is none."""
        with self._asked("GET", path) as answer:
            if answer.status == _NOT_FOUND:
                return None
            self._judge(answer)
            return answer.read(MOST_BYTES + 1)

    def _size(self, path: str) -> int:
        with self._asked("HEAD", path) as answer:
            return int(answer.headers.get("Content-Length", -1)) if answer.status in _OK else -1

    @contextmanager
    def _asked(
        self,
        method: str,
        path: str,
        body: IO[bytes] | None = None,
        headers: dict[str, str] | None = None,
    ) -> Iterator[BaseHTTPResponse]:
        authority = str(self.way.authority) if self.way.authority else None
        timeout = Timeout(connect=CONNECT_SECONDS, read=SILENT_SECONDS)
        token = self.way.token.read_text(encoding="utf-8").strip()
        told = {"Authorization": f"Bearer {token}", **(headers or {})}
        with PoolManager(ca_certs=authority, timeout=timeout) as pool:
            try:
                answer = pool.request(
                    method,
                    f"{self.way.url}/{quote(path)}",
                    body=body,
                    headers=told,
                    retries=False,
                    redirect=False,
                    preload_content=False,
                )
                yield answer
            except SSLError as error:
                raise CertificateRefused(self.receiver, str(error)) from error
            except HTTPError as error:
                raise UnreachedError(self.receiver, type(error).__name__) from error

    def _judge(self, answer: BaseHTTPResponse) -> None:
        """Return when it was done; raise what else the answer means."""
        if answer.status in _OK:
            return
        if answer.status in _LOGIN:
            raise LoginRefused(self.receiver)
        if answer.status in _FULL:
            raise NoRoomThere(self.receiver)
        if answer.status >= _BROKEN or answer.status in _LATER:
            raise UnreachedError(self.receiver, f"svarte {answer.status}")
        raise Declined(self.receiver, f"serveren svarte {answer.status}")
