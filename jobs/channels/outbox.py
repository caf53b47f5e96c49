"""The outbox channel: a folder per receiver, where a delivery appears whole or not at all.

The delivery's folder is made under another name and renamed last, so its own name is the proof
that everything in it is there. Asked again with the same content, the channel answers with the
same receipt; asked with other content, it declines: a receiver gets a file once.
"""

import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile

from jobs.api import Facts, Refusal
from jobs.channels.files import (
    chunks_of,
    clear_unfinished,
    room_on_disk,
    sha256_of,
    sync_folder,
    unfinished_name,
    write_whole,
)
from jobs.fencing import must_be_mine

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
        publish(folder, parcel.files, must_be_mine)
    return _receipt(folder, parcel)


def reach_receiver(outbox: Path, receiver: str, size: int) -> None:
    """Refuse, with the reason, when a parcel of `size` bytes could not be handed over; leaves no trace.

    A nameless file is made and dropped, since what a folder's permissions say is not what it takes.
    """
    folder = outbox / receiver
    there = next((place for place in (folder, *folder.parents) if place.exists()), folder)
    try:
        with room_on_disk(there), TemporaryFile(dir=there):
            free = shutil.disk_usage(there).free
    except OSError as error:
        raise Refusal(
            f"Utboksen for «{receiver}» tar ikke imot filer ({error.strerror}). Rett opp mappen "
            f"«{there.name}»."
        ) from error
    if free < size:
        raise Refusal(
            f"Utboksen for «{receiver}» mangler plass: {size} byte trengs, {free} er ledig."
        )


def publish(folder: Path, files: Sequence[Path], about_to: Callable[[], None]) -> None:
    """Let the folder appear with the files in it, or not at all; `about_to` is called right before."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    clear_unfinished(folder)
    unfinished = unfinished_name(folder)
    try:
        with room_on_disk(folder.parent):
            unfinished.mkdir()
            for path in files:
                write_whole(unfinished / path.name, chunks_of(path))
        about_to()
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
        raise Refusal(other_content(parcel))
    receipt = {"mottaker": parcel.receiver, "levering": parcel.key, "sha256": there}
    with room_on_disk(folder):
        text = json.dumps(receipt, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
        write_whole(folder / RECEIPT, [text.encode()])
    return {"reference": folder.name, "sha256": there}


def other_content(parcel: Parcel) -> str:
    """What a person is told when the receiver has something else under the parcel's key."""
    return (
        f"Noe annet er alt levert til «{parcel.receiver}» under «{parcel.key}». Ingenting er "
        "sendt nå. Avklar med mottakeren, og godkjenn så en ny levering."
    )


def _hash_or_none(path: Path) -> str | None:
    return sha256_of(path) if path.is_file() else None
