"""Keys: senders' public keys as files, and the host key that tells who we are."""

from dataclasses import dataclass
from pathlib import Path

import asyncssh

from scheduler.access.kept import kept

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
    return asyncssh.read_private_key(kept(data_dir, HOST_KEY, _new_host_key))


def _new_host_key() -> bytes:
    return asyncssh.generate_private_key("ssh-ed25519").export_private_key()
