"""Hand files: small tables that a person takes in by command, all lines or none, archived as a delivery."""

import csv
import shutil
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from jobs.channels.files import safe_name, sha256_of
from jobs.imports.lines import FileFault
from jobs.register.tables import Delivery, DeliveryState

DATE_FORM = "Datoen skal skrives ÅÅÅÅ-MM-DD."
Row = tuple[int, list[str]]


def read_rows(file: Path, columns: Sequence[str]) -> list[Row]:
    """The lines under the heading, each with its number; FileFault when the table is not as it should be."""
    try:
        rows = list(csv.reader(file.read_text(encoding="utf-8-sig").splitlines(), delimiter=";"))
    except (UnicodeDecodeError, csv.Error):
        raise FileFault(
            (None, "Filen er ikke tekst i UTF-8 med semikolon. Lagre den slik.")
        ) from None
    if not rows or rows[0] != list(columns):
        raise FileFault((1, f"Første linje skal være {';'.join(columns)}."))
    numbered = list(enumerate(rows[1:], 2))
    wrong = f"Linjen skal ha {len(columns)} felt med semikolon mellom."
    if faults := [(line, wrong) for line, row in numbered if len(row) != len(columns)]:
        raise FileFault(*faults)
    return numbered


def day_of(text: str) -> date | None:
    """A day written ÅÅÅÅ-MM-DD; None when it is not one."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def archive(
    session: Session, data_dir: Path, file: Path, to: tuple[str, str], rows: int, now: datetime
) -> Delivery:
    """Keep the file as a loaded delivery of (sender, deliverable); FileFault when it was taken in before."""
    (sender, deliverable), sha256 = to, sha256_of(file)
    known = select(Delivery.id).filter_by(sha256=sha256, sender=sender, deliverable=deliverable)
    if session.scalar(known) is not None:
        raise FileFault((None, "Filen er tatt inn før. Lever en fil med det som er nytt."))
    archived = data_dir / "archive" / sender / deliverable / f"{sha256[:12]}_{safe_name(file.name)}"
    archived.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(file, archived)
    delivery = Delivery(
        sha256=sha256,
        sender=sender,
        deliverable=deliverable,
        file_name=safe_name(file.name),
        archived_as=str(archived.relative_to(data_dir)),
        bytes=archived.stat().st_size,
        received_at=now,
        settled_at=now,
        state=DeliveryState.LOADED.value,
        rows=rows,
    )
    session.add(delivery)
    session.flush()
    return delivery
