"""The bundle: one compressed tar whose last member, the manifest, says what is in it.

A bundle that was cut off has no manifest, so it can never be taken for a whole one.
"""

import hashlib
import io
import json
import os
import tarfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, Any

from jobs.channels.files import CHUNK, whole_file
from scheduler.backup import BackupError

MANIFEST = "manifest.json"
FORMAT = 1
# A backup is waited for, and its disk is cheap: the fastest level takes most of what there is to take.
COMPRESSION = 1
ONLY_OURS = 0o600


@dataclass
class Bundle:
    """A bundle being written; `facts` go into the manifest beside the list of files."""

    tar: tarfile.TarFile
    files: list[dict[str, Any]] = field(default_factory=list)

    def add(self, name: str, path: Path) -> None:
        """Add a file as it is now; what is appended while we read is not part of it."""
        with path.open("rb") as file:
            state = os.fstat(file.fileno())
            member = _member(name, state.st_size)
            member.mtime = state.st_mtime
            hashed = _Hashed(file)
            self.tar.addfile(member, hashed)  # type: ignore[arg-type] # it only reads
        self.files.append({"name": name, "bytes": member.size, "sha256": hashed.digest.hexdigest()})

    def finish(self, facts: dict[str, Any]) -> dict[str, Any]:
        """Write the manifest, without which nothing before it counts; returns it."""
        manifest = {"format": FORMAT, **facts, "files": self.files}
        content = json.dumps(manifest, ensure_ascii=False, indent=1).encode()
        self.tar.addfile(_member(MANIFEST, len(content)), io.BytesIO(content))
        return manifest


@dataclass
class _Hashed:
    """What a tar reads from: hands the bytes on and hashes them."""

    file: IO[bytes]
    digest: Any = field(default_factory=hashlib.sha256)

    def read(self, size: int) -> bytes:
        found = self.file.read(size)
        self.digest.update(found)
        return found


def _member(name: str, size: int) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, ONLY_OURS
    return member


@contextmanager
def new_bundle(path: Path) -> Iterator[Bundle]:
    """A bundle to fill, which appears under its name when the block ends well; else nothing does."""
    if path.exists():
        raise BackupError(f"{path} finnes alt. Velg et annet navn; ingen kopi blir overskrevet.")
    with (
        whole_file(path, ONLY_OURS) as file,
        tarfile.open(fileobj=file, mode="w:gz", compresslevel=COMPRESSION) as tar,
    ):
        yield Bundle(tar)


def unpack(path: Path, folder: Path) -> dict[str, Any]:
    """Unpack the bundle below an empty folder, hold it against its manifest, and return that.

    Raises BackupError when a byte is not as it was; what lies in the folder is then worth nothing.
    """
    try:
        with tarfile.open(path, "r:gz") as tar:
            found = [_unpacked(tar, member, folder) for member in tar]
    except (tarfile.TarError, EOFError, zlib.error, OSError) as error:
        if isinstance(error, OSError) and error.errno:  # the disk, not the bundle
            raise
        raise BackupError(f"{path} er ikke en hel sikkerhetskopi ({error}).") from error
    return _verified(path, folder, found)


def _unpacked(tar: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> dict[str, Any]:
    parts = PurePosixPath(member.name)
    source = tar.extractfile(member) if member.isreg() else None
    if source is None or parts.is_absolute() or ".." in parts.parts:
        raise tarfile.ExtractError(f"{member.name} hører ikke hjemme i en sikkerhetskopi")
    target = folder.joinpath(*parts.parts)
    target.parent.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    opened = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, ONLY_OURS)
    with source, os.fdopen(opened, "wb") as file:
        while chunk := source.read(CHUNK):
            digest.update(chunk)
            file.write(chunk)
    os.utime(target, (member.mtime, member.mtime))
    return {"name": member.name, "bytes": member.size, "sha256": digest.hexdigest()}


def _verified(path: Path, folder: Path, found: list[dict[str, Any]]) -> dict[str, Any]:
    by_name: Callable[[dict[str, Any]], str] = lambda entry: str(entry["name"])  # noqa: E731
    whole = bool(found) and found[-1]["name"] == MANIFEST
    if not whole:
        raise BackupError(f"{path} er ikke en hel sikkerhetskopi: innholdslisten mangler.")
    manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_bytes())
    if manifest["format"] != FORMAT:
        raise BackupError(f"{path} er laget av en nyere versjon. Bruk den versjonen, eller nyere.")
    if sorted(manifest["files"], key=by_name) != sorted(found[:-1], key=by_name):
        raise BackupError(f"{path} er endret eller skadet: innholdet er ikke det listen sier.")
    return manifest
