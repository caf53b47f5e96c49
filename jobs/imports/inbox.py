"""The inbox: a folder per county and deliverable where senders put their files.

A file is taken in by a rename to the archive and a delivery row. The two cannot be one act, so
each scan also adopts archived files that a crash left without a row.
"""

import os
import stat
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

from sqlalchemy import Engine, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from jobs.channels.files import safe_name, sha256_of, write_whole
from jobs.register.deliveries import waiting_deliveries
from jobs.register.tables import Delivery, DeliveryState

__all__ = ["Arrival", "Outcome", "Routes", "is_unfinished", "scan_inbox", "waiting_deliveries"]

# Deliverable -> the county numbers that may send it.
Routes = Mapping[str, Collection[str]]

UNFINISHED = (".part", ".tmp", ".filepart", ".crdownload")
# A writer that has been silent this long has finished, or says so with a partial name.
QUIET = timedelta(seconds=5)
STATE_WORDS = {
    DeliveryState.WAITING: "venter på import",
    DeliveryState.HELD: "holdt igjen til en person har godkjent den",
    DeliveryState.REFUSED: "avvist",
    DeliveryState.LOADED: "lastet",
    DeliveryState.SUPERSEDED: "lastet og siden erstattet av en nyere fil",
}


class Outcome(StrEnum):
    """What became of a file found in the inbox."""

    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"
    REJECTED = "rejected"
    ADOPTED = "adopted"


@dataclass(frozen=True, slots=True)
class Arrival:
    """One file and what became of it; the delivery is None for a rejected one."""

    outcome: Outcome
    county: str
    deliverable: str
    file_name: str
    delivery_id: int | None


def scan_inbox(
    engine: Engine, data_dir: Path, now: datetime, routes: Routes, quiet: timedelta = QUIET
) -> list[Arrival]:
    """Take in every finished file; safe to repeat, and to be killed at any point."""
    make_folders(data_dir, routes)
    inbox = _Inbox(engine, data_dir, now, routes)
    adopted = list(inbox.adopt_orphans())
    taken = []
    for path in _finished_files(data_dir / "inbox", quiet):
        with suppress(FileNotFoundError):  # another node took it
            taken.append(inbox.take(path))
    return adopted + taken


def make_folders(data_dir: Path, routes: Routes) -> None:
    """The folders exist before the first file, so that a person sees where to put it."""
    (data_dir / "inbox").mkdir(parents=True, exist_ok=True)  # also for a calendar without imports
    for deliverable, counties in routes.items():
        for county in counties:
            (data_dir / "inbox" / county / deliverable).mkdir(parents=True, exist_ok=True)


def _finished_files(inbox: Path, quiet: timedelta) -> Iterator[Path]:
    """Files, oldest first, whose names do not say unfinished and that nobody writes to now.

    What is no file (a link, a pipe) comes too: it must be answered, but is never opened.
    """
    latest = _file_clock(inbox) - quiet.total_seconds()
    found = []
    for folder, folders, names in os.walk(inbox):
        folders[:] = [name for name in folders if not name.startswith(".")]
        links = [name for name in folders if Path(folder, name).is_symlink()]
        found += [Path(folder, name) for name in names + links if not is_unfinished(name)]
    times = {}
    for path in found:
        with suppress(FileNotFoundError):  # another node took it
            times[path] = path.lstat().st_mtime
    return iter(sorted((p for p in times if times[p] <= latest), key=lambda p: (times[p], p)))


def is_unfinished(name: str) -> bool:
    """Whether the name says that somebody still writes the file, or hides it."""
    return name.startswith((".", "~")) or name.lower().endswith(UNFINISHED)


def _file_clock(folder: Path) -> float:
    """The file system's own time, which file times are to be compared with."""
    probe = folder / ".klokke"  # always the same: a crash leaves nothing more
    probe.touch()
    return probe.stat().st_mtime


@dataclass(frozen=True)
class _Inbox:
    engine: Engine
    data_dir: Path
    now: datetime
    routes: Routes

    def take(self, path: Path) -> Arrival:
        parts = path.relative_to(self.data_dir / "inbox").parts
        if not stat.S_ISREG(path.lstat().st_mode):
            return self._remove(path, parts)
        fault = self._fault(path, parts)
        return self._reject(path, parts, fault) if fault else self._accept(path, *parts)

    def _fault(self, path: Path, parts: tuple[str, ...]) -> str:
        """Why the file cannot be taken in: one Norwegian sentence, or ""."""
        if len(parts) != 3:  # noqa: PLR2004 - county / deliverable / name
            return "Filen ligger i feil mappe. Legg den i inbox/<fylkesnummer>/<leveranse>/."
        county, deliverable, _name = parts
        if deliverable not in self.routes:
            known = ", ".join(sorted(self.routes))
            return f"Mappen «{deliverable}» er ikke en leveranse som tas imot. Bruk en av: {known}."
        if county not in self.routes[deliverable]:
            return f"Fylkesnummeret «{county}» finnes ikke i kalenderen. Bruk fylkets mappe."
        if path.stat().st_size == 0:
            return "Filen er tom (0 byte). Lag uttrekket på nytt og send filen en gang til."
        return ""

    def _reject(self, path: Path, parts: tuple[str, ...], fault: str) -> Arrival:
        """Answer the sender, then move the file out of the inbox; nothing is deleted."""
        rejected = self._answer_rejected(parts, fault)
        folder = self.data_dir / "rejected" / safe_name(rejected.county)
        _move(path, folder / f"{sha256_of(path)[:12]}_{rejected.file_name}")
        return rejected

    def _remove(self, path: Path, parts: tuple[str, ...]) -> Arrival:
        """Answer the sender, then remove the link or pipe itself; what it leads to is not touched."""
        rejected = self._answer_rejected(
            parts, "Ikke en vanlig fil, men en lenke eller lignende. Legg selve filen i mappen."
        )
        path.unlink()
        return rejected

    def _answer_rejected(self, parts: tuple[str, ...], fault: str) -> Arrival:
        county = parts[0] if len(parts) > 1 else "ukjent"
        deliverable = parts[1] if len(parts) > 2 else ""  # noqa: PLR2004
        name = safe_name(parts[-1])
        self._answer(county, f"{name}.avvist.txt", f"{name} er avvist.\n{fault}\n")
        return Arrival(Outcome.REJECTED, county, deliverable, name, None)

    def _accept(self, path: Path, county: str, deliverable: str, name: str) -> Arrival:
        name = safe_name(name)
        sha256 = sha256_of(path)
        known = self._known(sha256, county, deliverable)
        archive = self._archive(county, deliverable)
        if known is not None:
            return self._answer_duplicate(known, path, archive, name)
        target = archive / f"{sha256[:12]}_{name}"
        _move(path, target)
        delivery_id = self._note(target, sha256, county, deliverable, name)
        return Arrival(Outcome.ACCEPTED, county, deliverable, name, delivery_id)

    def _archive(self, county: str, deliverable: str) -> Path:
        return self.data_dir / "archive" / county / deliverable

    def _known(self, sha256: str, county: str, deliverable: str) -> Delivery | None:
        query = select(Delivery).where(
            Delivery.sha256 == sha256,
            Delivery.sender == county,
            Delivery.deliverable == deliverable,
        )
        with Session(self.engine) as session:
            return session.scalars(query).one_or_none()

    def _answer_duplicate(self, known: Delivery, path: Path, archive: Path, name: str) -> Arrival:
        # Moved first: a node that comes second must not answer that it is a duplicate.
        _move(path, archive / "duplikat" / f"{known.sha256[:12]}_{name}")
        state = STATE_WORDS[DeliveryState(known.state)]
        self._answer(
            known.sender,
            f"{name}.allerede-mottatt.txt",
            f"{name} er allerede mottatt, med samme innhold, som «{known.file_name}» "
            f"{known.received_at:%d.%m.%Y} (leveranse nr. {known.id}). Den er {state}. "
            "Ingenting er lastet på nytt.\n",
        )
        return Arrival(Outcome.DUPLICATE, known.sender, known.deliverable, name, known.id)

    def _note(self, target: Path, sha256: str, county: str, deliverable: str, name: str) -> int:
        delivery = Delivery(
            sha256=sha256,
            sender=county,
            deliverable=deliverable,
            file_name=name,
            archived_as=str(target.relative_to(self.data_dir)),
            bytes=target.stat().st_size,
            received_at=self.now,
        )
        try:
            with Session(self.engine, expire_on_commit=False) as session, session.begin():
                session.add(delivery)
        except IntegrityError:  # another node adopted the file first
            known = self._known(sha256, county, deliverable)
            if known is None:
                raise
            return known.id
        return delivery.id

    def adopt_orphans(self) -> Iterator[Arrival]:
        """Archived files without a delivery row: a crash came between the rename and the row."""
        with Session(self.engine) as session:
            noted = set(session.scalars(select(Delivery.archived_as)))
        for deliverable, counties in self.routes.items():
            for county in sorted(counties):
                for path in sorted(self._archive(county, deliverable).glob("*")):
                    if path.is_file() and str(path.relative_to(self.data_dir)) not in noted:
                        yield self._adopt(path, county, deliverable)

    def _adopt(self, path: Path, county: str, deliverable: str) -> Arrival:
        name = path.name.partition("_")[2]
        delivery_id = self._note(path, sha256_of(path), county, deliverable, name)
        return Arrival(Outcome.ADOPTED, county, deliverable, name, delivery_id)

    def _answer(self, county: str, name: str, text: str) -> None:
        folder = self.data_dir / "returns" / safe_name(county)
        write_whole(folder / name, [text.encode()])


def _move(path: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    path.replace(target)
