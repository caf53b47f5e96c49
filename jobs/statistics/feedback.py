"""Feedback on a first delivery: a receiver's list taken in, each line matched to the rows it is about."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import polars as pl
from sqlalchemy import select
from sqlalchemy.orm import Session

from jobs.imports.hand_file import archive
from jobs.imports.lines import FileFault
from jobs.register.feedback import Feedback, lines_about
from jobs.register.tables import Delivery as Received
from jobs.register.tables import DeliveryState, Outbound
from jobs.statistics.batches import batches
from jobs.statistics.deliveries import Delivery
from jobs.statistics.extract import encoded
from jobs.statistics.feedback_list import Line, key_of, read_list
from jobs.statistics.following import follow
from jobs.statistics.layout import layouts
from jobs.statistics.prints import Key, Print, count_of, prints_of
from jobs.statistics.selection import SELECTIONS
from jobs.statistics.texts import as_written
from jobs.wording import without_numbers
from scheduler.calendar.occurrence import NATIONAL

DELIVERABLE = "stat-tilbakemelding"
NOT_SENT = "Leveringen er ikke sendt fra dette systemet, så listen kan ikke være om den."
NOT_FIRST = "En tilbakemelding gjelder en første levering. Oppgi nøkkelen til den."
NOT_THE_SAME = (
    "Filen mottakeren fikk, kan ikke lages igjen med denne versjonen av systemet, så linjene kan ikke "
    "kobles til radene i den."
)
UNKNOWN = (
    "Ingen rad i leveringen har denne nøkkelen. Se om listen er om en annen levering, og be "
    "mottakeren rette linjen."
)


@dataclass(frozen=True, slots=True)
class Subject:
    """What a list is about: the occurrence of a first delivery, and what its job delivers."""

    key: str
    stage: str
    delivery: Delivery


def take_in(
    session: Session, data_dir: Path, file: Path, subject: Subject, now: datetime
) -> Counter[str]:
    """Keep the lines of a receiver's list; returns how many are "new" and "known".

    Raises FileFault, naming lines and never what is in them; the caller's transaction must then go back.
    """
    if not subject.delivery.is_preliminary(subject.stage):
        raise FileFault((None, NOT_FIRST))
    lines = read_list(file, subject.delivery.files)
    sent = _sent(session, subject.key)
    prints = _delivered(session, sent, subject.delivery, lines)
    if unknown := [line.number for line in lines if line.key not in prints]:
        raise FileFault(*((number, UNKNOWN) for number in unknown))
    to = (sent.manifest["fylkesnummer"], DELIVERABLE)
    kept = archive(session, data_dir, file, to, len(lines), now)
    seen = {_same(line) for line in lines_about(session, sent.speaks_for)}
    new = [
        _row(line, sent, prints[line.key], kept.id, now)
        for line in lines
        if (line.kind, line.key, line.felt, line.kode) not in seen
    ]
    session.add_all(new)
    kept.counts = {"new": len(new), "known": len(lines) - len(new)}
    _follow_since(session, new, sent)
    return Counter(kept.counts)


def _same(line: Feedback) -> tuple[str, Key, str, str]:
    return line.fil, tuple(line.nokkel), line.felt, line.kode


def _sent(session: Session, key: str) -> Outbound:
    """The newest sending of the delivery, received rather than not."""
    query = select(Outbound).where(Outbound.occurrence_key == key)
    newest = query.order_by(Outbound.received_at.is_(None), Outbound.id.desc()).limit(1)
    found = session.scalars(newest).first()
    if found is None or not found.manifest:
        raise FileFault((None, NOT_SENT))
    return found


def _delivered(
    session: Session, sent: Outbound, delivery: Delivery, lines: Sequence[Line]
) -> dict[Key, Print]:
    """The prints of the rows as they were sent, from the register as it was known then.

    The file is made anew, and its hash held against the one that was sent.
    """
    kind, wanted = lines[0].kind, {line.key for line in lines}
    layout, digest, kept = layouts()[kind], sha256(), []
    owners = [key[0] for key in wanted]

    def texts() -> Iterator[pl.DataFrame]:
        connection, selection = session.connection(), SELECTIONS[kind]
        query = selection.ordered(count_of(sent, sent.intended_at), connection.dialect)
        for batch in batches(connection, query):
            written = as_written(selection.finish(batch), layout)
            kept.append(written.filter(pl.col(key_of(layout)[0]).is_in(owners)))
            yield written

    for piece in encoded(texts(), layout, delivery.convention):
        digest.update(piece)
    hashes = {file["kind"]: file["sha256"] for file in sent.manifest["filer"]}
    if digest.hexdigest() != hashes[kind]:
        raise FileFault((None, NOT_THE_SAME))
    return prints_of(kept, layout, wanted)


def _row(line: Line, sent: Outbound, delivered: Print, list_id: int, now: datetime) -> Feedback:
    return Feedback(
        delivery_id=list_id,
        linje=line.number,
        outbound_id=sent.id,
        speaks_for=sent.speaks_for,
        fil=line.kind,
        nokkel=list(line.key),
        rad_sha256=delivered.sha256,
        felt=line.felt,
        kode=line.kode,
        melding=without_numbers(line.melding),
        taken_at=now,
    )


def _follow_since(session: Session, lines: Sequence[Feedback], sent: Outbound) -> None:
    """Follow the lines through the imports that have come since the delivery, oldest first."""
    query = select(Received).where(
        Received.job.is_not(None),
        Received.sender.in_((sent.manifest["fylkesnummer"], NATIONAL)),
        Received.state.in_((DeliveryState.LOADED, DeliveryState.SUPERSEDED)),
        Received.settled_at > sent.intended_at,
    )
    for received in session.scalars(query.order_by(Received.settled_at, Received.id)).all():
        if received.settled_at is not None:
            follow(session, lines, received.id, received.settled_at)
