"""Keys of the file of channels, each told in one Norwegian sentence when it is none."""

from pathlib import Path

import asyncssh
import pyrage


def must_be_age(value: str) -> str:
    """A receiver's public age key; raises ValueError."""
    try:
        pyrage.x25519.Recipient.from_str(value)
    except pyrage.RecipientError as error:
        raise ValueError("må være mottakerens offentlige age-nøkkel (age1…)") from error
    return value


def must_be_host_key(value: str) -> str:
    """A server's public host key as one OpenSSH line; raises ValueError."""
    try:
        asyncssh.import_public_key(value)
    except asyncssh.KeyImportError as error:
        raise ValueError(
            "må være serverens offentlige vertsnøkkel, som «ssh-ed25519 AAAA…»"
        ) from error
    return value


def must_be_private_key(path: Path) -> Path:
    """A file with a private SSH key that needs no password; raises ValueError."""
    try:
        asyncssh.read_private_key(path)
    except asyncssh.KeyImportError as error:
        raise ValueError(f"{path}: må være en privat SSH-nøkkel uten passord") from error
    return path
