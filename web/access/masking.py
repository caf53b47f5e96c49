"""Masking: an address as anybody may see it, enough to know which one it was."""

from urllib.parse import urlsplit

HIDDEN = "***"


def masked(address: str) -> str:
    """s***@fylke46.example for an e-mail address, https://hooks.example/*** for a web address."""
    if "://" in address:
        parts = urlsplit(address)
        return f"{parts.scheme}://{parts.hostname or ''}/{HIDDEN}"
    name, at, domain = address.rpartition("@")
    return f"{name[:1]}{HIDDEN}{at}{domain}" if at else HIDDEN
