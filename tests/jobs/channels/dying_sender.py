"""A process that puts one parcel and ends itself with SIGKILL around the rename that puts it in place.

`python -m tests.jobs.channels.dying_sender DATABASE DATA_DIR CHANNELS PLACE`; an empty CHANNELS is the plain outbox.
"""

import os
import signal
import sys
from functools import wraps
from pathlib import Path

import asyncssh

from jobs.channels import marking, outbox
from jobs.channels.choosing import channel_of
from jobs.channels.marking import mark_of
from scheduler.ledger.database import open_database
from tests.jobs.channels.parcels import KEY, parcel

PLACES = ("before the note", "before the rename", "after the rename")


def die(*_anything):
    os.kill(os.getpid(), signal.SIGKILL)


def after(effect):
    """The effect, and then the end."""

    @wraps(effect)
    def it(*arguments):
        effect(*arguments)
        die()

    return it


def renamed_and_dead(rename):
    @wraps(rename)
    async def it(*arguments, **options):
        await rename(*arguments, **options)
        die()

    return it


def prepare_to_die(place):
    """Set the end in the code that is about to run: the note in the register, or the rename itself."""
    match place:
        case "before the note":
            marking._write = die
            outbox._rename_once = die  # the plain outbox notes nothing
        case "before the rename":
            marking._write = after(marking._write)
            outbox._rename_once = die
        case "after the rename":
            outbox._rename_once = after(outbox._rename_once)
            asyncssh.SFTPClient.rename = renamed_and_dead(asyncssh.SFTPClient.rename)


def main(url, data_dir, channels, place):
    database, folder = open_database(url), Path(data_dir)
    prepare_to_die(place)
    channel = channel_of("ssb", Path(channels) if channels else None, folder)
    channel.put(parcel(folder / "work"), mark_of(database, KEY))


if __name__ == "__main__":
    main(*sys.argv[1:])
