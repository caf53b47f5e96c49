"""Keys: senders' public keys as files, and the host key that tells who we are."""

import os
from dataclasses import dataclass
from pathlib import Path

import asyncssh

HOST_KEY = "sftp_host_ed25519"


class KeyFileError(Exception):
    """The file holds no public key we take; one Norwegian sentence."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A public key as one OpenSSH line without its comment, and its SHA-256 fingerprint."""

    line: str
    fingerprint: str


def read_public_key(path: Path) -> PublicKey:
    """The one public key of a `.pub` file; raises KeyFileError."""
    try:
        return public_key(_imported(path.read_bytes()))
    except (asyncssh.KeyImportError, UnicodeDecodeError) as error:
        raise KeyFileError(
            f"{path.name} er ikke en offentlig SSH-nøkkel. Be avsenderen om filen som ender på .pub."
        ) from error


def _imported(content: bytes) -> asyncssh.SSHKey:
    # The library would take the public half of a private key, which nobody should hand us.
    if b"PRIVATE KEY" in content:
        raise asyncssh.KeyImportError("private")
    return asyncssh.import_public_key(content)


def public_key(key: asyncssh.SSHKey) -> PublicKey:
    """What is kept and compared of a key."""
    algorithm, body = key.export_public_key("openssh").decode().split()[:2]
    return PublicKey(f"{algorithm} {body}", key.get_fingerprint())


def host_key(data_dir: Path) -> asyncssh.SSHKey:
    """Our host key, made the first time and readable by us alone."""
    path = data_dir / "keys" / HOST_KEY
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _write_new(path, asyncssh.generate_private_key("ssh-ed25519").export_private_key())
    return asyncssh.read_private_key(path)


def _write_new(path: Path, content: bytes) -> None:
    """Write the file whole; another process that was first is left alone."""
    own = path.with_name(f".{path.name}.{os.getpid()}")
    with open(os.open(own, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:  # noqa: PTH123 - a descriptor
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    try:
        path.hardlink_to(own)
    except FileExistsError:
        pass
    finally:
        own.unlink()
