"""Sealing: each file encrypted to the receiver's age key, in an envelope that we sign.

The envelope is small, unencrypted and names nothing of the content: the delivery's key, the sealed
files with their hashes, and a mark that only we can tell the content from. Its signature is detached,
Ed25519 over the envelope's bytes: `openssl pkeyutl -verify` checks it.
"""

import hmac
import json
import os
import secrets
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any

import pyrage
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from jobs.channels.files import room_on_disk, sha256_of, whole_file, write_whole
from jobs.channels.outbox import Parcel

ENVELOPE = "konvolutt.json"
SIGNATURE = f"{ENVELOPE}.sig"
KEY_FILE = "signering_ed25519.pem"
SEALED = ".age"


@dataclass(frozen=True, slots=True)
class Found:
    """What lies with a receiver under a delivery's name: the envelope, its signature, file -> bytes."""

    envelope: bytes
    signature: bytes
    sizes: dict[str, int]

    @property
    def sha256(self) -> str:
        return sha256(self.envelope).hexdigest()


@dataclass(frozen=True, slots=True)
class Letter:
    """A sealed parcel: its files in the order they go, the envelope last, and the envelope's hash."""

    files: Sequence[Path]
    sha256: str


@dataclass(frozen=True)
class Sealer:
    """Seals with our signing key, which is made the first time and readable by us alone."""

    keys: Path

    @cached_property
    def key(self) -> Ed25519PrivateKey:
        path = self.keys / KEY_FILE
        if not path.exists():
            _write_new(path, _pem(Ed25519PrivateKey.generate()))
        key = load_pem_private_key(path.read_bytes(), None)
        if not isinstance(key, Ed25519PrivateKey):
            raise TypeError(f"{path.name} is no Ed25519 key")
        return key

    @property
    def public_pem(self) -> str:
        """What a receiver verifies with."""
        public = self.key.public_key()
        return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()

    def seal(self, parcel: Parcel, recipient: str, folder: Path) -> Letter:
        """Seal the parcel's files in `folder`; each time gives other bytes of the same content."""
        folder.mkdir(exist_ok=True)
        to = pyrage.x25519.Recipient.from_str(recipient)
        sealed = [_encrypted(path, folder / f"{path.name}{SEALED}", to) for path in parcel.files]
        envelope = self._envelope(parcel, sealed)
        digest = write_whole(folder / ENVELOPE, [envelope])
        write_whole(folder / SIGNATURE, [self.key.sign(envelope)])
        return Letter([*sealed, folder / SIGNATURE, folder / ENVELOPE], digest)

    def _envelope(self, parcel: Parcel, sealed: Sequence[Path]) -> bytes:
        files = [
            {"navn": path.name, "bytes": path.stat().st_size, "sha256": sha256_of(path)}
            for path in sealed
        ]
        content = {
            "levering": parcel.key,
            "mottaker": parcel.receiver,
            "innhold": self.mark(parcel),
            "filer": files,
        }
        return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()

    def mark(self, parcel: Parcel) -> str:
        """What tells the parcel's content from other content, to whoever has our key alone.

        A plain hash of a small file would give its few unknown digits away to one who tries them all.
        """
        ours = self.key.private_bytes_raw()
        said = "\n".join(sha256_of(path) for path in parcel.files)
        return hmac.digest(ours, said.encode(), sha256).hex()

    def opened(self, found: Found) -> dict[str, Any] | None:
        """The envelope's content if it bears our signature; else None."""
        try:
            self.key.public_key().verify(found.signature, found.envelope)
        except InvalidSignature:
            return None
        content: dict[str, Any] = json.loads(found.envelope)
        return content


def envelope_files(envelope: bytes) -> list[str]:
    """The names of the files that an envelope tells of; none for what is no envelope."""
    try:
        return [str(file["navn"]) for file in json.loads(envelope)["filer"]]
    except (ValueError, KeyError, TypeError):
        return []


def _encrypted(path: Path, sealed: Path, to: pyrage.x25519.Recipient) -> Path:
    """Encrypt in a stream, with memory bounded."""
    with room_on_disk(sealed.parent), path.open("rb") as plain, whole_file(sealed) as file:
        pyrage.encrypt_io(plain, file, [to])
    return sealed


def _pem(key: Ed25519PrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _write_new(path: Path, content: bytes) -> None:
    """Write the file whole; another process that was first is left alone."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    own = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(own, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    with suppress(FileExistsError):
        path.hardlink_to(own)
    own.unlink()
