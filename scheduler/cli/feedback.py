"""`aarshjul feedback`: what a receiver has found wrong in a first delivery, and what became of it."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from jobs.imports.lines import FileFault
from jobs.register.feedback import Feedback, FeedbackState, Mending, listed
from jobs.register.tables import Outbound
from jobs.statistics.deliveries import deliveries
from jobs.statistics.feedback import Subject, take_in
from scheduler.cli.hand_file import nothing_changed
from scheduler.cli.operate import ACTOR, WHY, ledger
from scheduler.cli.paper import filled, instant
from scheduler.ledger.read import published_calendar
from scheduler.ledger.runs import LedgerError, decide, occurrence_row
from scheduler.settings import settings

WORDS = {
    FeedbackState.OPEN: "åpen",
    FeedbackState.MENDED: "rettet",
    FeedbackState.EXPLAINED: "begrunnet",
}
KEY = click.argument("key")


@click.group()
def feedback() -> None:
    """Tilbakemeldinger fra mottakere på første leveringer. Fødselsnumre vises aldri."""


@feedback.command()
@KEY
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@WHY
@ACTOR
def take(key: str, file: Path, why: str, actor: str) -> None:
    """Ta inn listen FILE om den første leveringen KEY. Alle linjer eller ingen.

    Formen står i docs/deliveries.md. Hver linje kobles til raden den er om; en linje uten rad stanser
    listen.
    """
    chosen, now = settings(), datetime.now(UTC)
    try:
        with ledger() as session:
            done = take_in(session, chosen.data_dir, file, _subject(session, key), now)
            decide(session, actor, "feedback", key, why, now, dict(done))
    except FileFault as fault:
        raise nothing_changed(file, fault) from None
    click.echo(f"{done['new']} nye linjer, {done['known']} kjent fra før.")


def _subject(session: Session, key: str) -> Subject:
    row = occurrence_row(session, key)
    delivered = published_calendar(session).deliverables.get(row.deliverable)
    if delivered is None or delivered.job not in deliveries():
        raise LedgerError(f"«{key}» er ikke en levering av statistikk.")
    return Subject(key, row.stage, deliveries()[delivered.job])


@feedback.command("list")
@KEY
def list_(key: str) -> None:
    """Vis hver linje om leveringen KEY, første eller endelig: hvor den står, og hva som rettet den."""
    with ledger() as session:
        occurrence_row(session, key)
        query = select(Outbound.speaks_for).where(Outbound.occurrence_key == key)
        of = session.scalars(query.order_by(Outbound.id.desc()).limit(1)).first()
        found = listed(session, of) if of else []
        lines = list(_lines(found))
    click.echo("\n".join(lines) or "Ingen tilbakemeldinger.")


def _lines(found: list[tuple[Feedback, FeedbackState, Mending | None]]) -> Iterator[str]:
    for line, state, mending in found:
        field = f", {line.felt}" if line.felt else ""
        by = f" av {mending.deliverable} {instant(mending.at)}" if mending else ""
        said = f": {line.melding}" if line.melding else ""
        where = (
            f"Liste {line.delivery_id}, linje {line.linje} ({line.fil}{field}, kode {line.kode})"
        )
        yield filled(f"{where} er {WORDS[state]}{by}{said}", hang=2)
    counts = Counter(state for _, state, _ in found)
    if counts:
        yield ", ".join(f"{counts[state]} {word}" for state, word in WORDS.items())
