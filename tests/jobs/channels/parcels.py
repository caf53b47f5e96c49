"""Parcels to send in tests, keys to send them with, and what an attempt left behind."""

import json

import asyncssh
import pyrage
import yaml

from jobs.channels.channel import Mark
from jobs.channels.outbox import Parcel

KEY = "stat-ssbelev-l1/2026-2027/first/46"
NAME = "stat-ssbelev-l1_2026-2027_first_46"


def parcel(folder, content=b"a;b\r\n"):
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in (("ssbElev.csv", content), ("manifest.json", b"{}")):
        (folder / name).write_bytes(text)
    return Parcel("ssb", KEY, [folder / "ssbElev.csv", folder / "manifest.json"])


class Traces:
    """What the register would hold of an attempt."""

    def __init__(self):
        self.noted = ""

    def mark(self):
        return Mark(self.noted, self._note, lambda: self._note(""))

    def _note(self, sha256):
        self.noted = sha256


def private(path, content):
    path.write_bytes(content)
    path.chmod(0o600)
    return str(path)


def client_key(folder):
    """A key pair of ours: the file with its private half, and the key."""
    key = asyncssh.generate_private_key("ssh-ed25519")
    return private(folder / "client", key.export_private_key()), key


def sftp_way(receiver, private_key, identity):
    return {
        "channel": "sftp",
        "host": "127.0.0.1",
        "port": receiver.port,
        "host_key": receiver.pinned,
        "account": "aarshjul",
        "private_key": private_key,
        "folder": "/inn",
        "receipts": "/ut",
        "recipient": str(identity.to_public()),
    }


def channels_file(folder, **ways):
    path = folder / "kanaler.yaml"
    path.write_text(yaml.safe_dump(ways), encoding="utf-8")
    return path


def new_identity():
    return pyrage.x25519.Identity.generate()


def envelope(folder):
    return json.loads((folder / "konvolutt.json").read_text(encoding="utf-8"))
