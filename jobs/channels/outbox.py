"""The outbox channel: a folder per receiver, where a delivery appears whole or not at all.

The delivery's folder is made under another name and renamed last, so its own name is the proof
that everything in it is there. Asked again with the same content, the channel answers with the
same receipt; asked with other content, it declines: a receiver gets a file once.
"""

import json
import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from jobs.api import Facts, Refusal
from jobs.channels.files import chunks_of, room_on_disk, sha256_of, sync_folder, write_whole

MANIFEST = "manifest.json"
RECEIPT = "kvittering.json"


@dataclass(frozen=True, slots=True)
class Parcel:
    """Files to hand over under one key; the manifest is among them and comes last."""

    receiver: str
    key: str
    files: Sequence[Path]

    @property
    def folder_name(self) -> str:
        return self.key.replace("/", "_").replace("#", "_")


def hand_over(outbox: Path, parcel: Parcel) -> Facts:
    """Deliver the parcel, or find that it was delivered; returns the channel's receipt."""
    folder = outbox / parcel.receiver / parcel.folder_name
    if not folder.exists():
        _publish(folder, parcel)
    return _receipt(folder, parcel)


def _publish(folder: Path, parcel: Parcel) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    unfinished = folder.with_name(f".{folder.name}.{os.getpid()}.part")
    shutil.rmtree(unfinished, ignore_errors=True)
    try:
        with room_on_disk(folder.parent):
            unfinished.mkdir()
            for path in parcel.files:
                write_whole(unfinished / path.name, chunks_of(path))
        _rename_once(unfinished, folder)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    sync_folder(folder.parent)


def _rename_once(unfinished: Path, folder: Path) -> None:
    """Another process may have been first; its folder stands, and the receipt compares it."""
    try:
        unfinished.rename(folder)
    except OSError:
        if not folder.exists():
            raise


def _receipt(folder: Path, parcel: Parcel) -> Facts:
    """Read back what lies there, compare it with the parcel, write the receipt beside it."""
    there = {path.name: _hash_or_none(folder / path.name) for path in parcel.files}
    if there != {path.name: sha256_of(path) for path in parcel.files}:
        raise Refusal(
            f"Noe annet er alt levert til «{parcel.receiver}» under «{parcel.key}». Ingenting er "
            "sendt nå. Avklar med mottakeren, og godkjenn så en ny levering."
        )
    receipt = {"mottaker": parcel.receiver, "levering": parcel.key, "sha256": there}
    with room_on_disk(folder):
        text = json.dumps(receipt, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
        write_whole(folder / RECEIPT, [text.encode()])
    return {"reference": folder.name, "sha256": there}


def _hash_or_none(path: Path) -> str | None:
    return sha256_of(path) if path.is_file() else None
