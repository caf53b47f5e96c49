"""`aarshjul feedback`: what a receiver has found wrong in a first delivery, and what became of it."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import click

from jobs.imports.lines import FileFault
from jobs.register.feedback import FeedbackState
from scheduler.cli.hand_file import nothing_changed
from scheduler.cli.operate import ACTOR, ROW_NUMBER, WHY, ledger
from scheduler.cli.paper import filled, instant
from scheduler.engine import feedback as deeds
from scheduler.ledger.read import published_calendar
from scheduler.ledger.runs import occurrence_row
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
            calendar = published_calendar(session)
            done = deeds.take(session, calendar, chosen.data_dir, file, key, actor, why, now)
    except FileFault as fault:
        raise nothing_changed(file, fault) from None
    click.echo(f"{done['new']} nye linjer, {done['known']} kjent fra før.")


@feedback.command()
@KEY
@click.argument("list_number", metavar="LISTE", type=ROW_NUMBER)
@click.argument("line", metavar="LINJE", type=ROW_NUMBER)
@WHY
@ACTOR
def explain(key: str, list_number: int, line: int, why: str, actor: str) -> None:
    """Begrunn at raden i en linje er riktig; `list` viser liste og linje.

    Den endelige leveringen spør ikke lenger om linjen. Kommer det likevel en import som endrer raden, er den
    rettet.
    """
    with ledger() as session:
        deeds.explain(session, key, (list_number, line), actor, why, datetime.now(UTC))
    click.echo(f"Liste {list_number}, linje {line} er begrunnet.")


@feedback.command("list")
@KEY
def list_(key: str) -> None:
    """Vis hver linje om leveringen KEY, første eller endelig: hvor den står, og hva som rettet den."""
    with ledger() as session:
        occurrence_row(session, key)
        found = deeds.lines_of(session, key)
        lines = list(_lines(found))
    click.echo("\n".join(lines) or "Ingen tilbakemeldinger.")


def _lines(found: Sequence[deeds.Told]) -> Iterator[str]:
    for told in found:
        line, state, mending, reason = told.line, told.state, told.mending, told.explanation
        field = f", {line.felt}" if line.felt else ""
        by = f" av {mending.deliverable} {instant(mending.at)}" if mending else ""
        by += f" {instant(reason.at)} av {reason.actor} ({reason.reason})" if reason else ""
        said = f": {line.melding}" if line.melding else ""
        where = (
            f"Liste {line.delivery_id}, linje {line.linje} ({line.fil}{field}, kode {line.kode})"
        )
        yield filled(f"{where} er {WORDS[state]}{by}{said}", hang=2)
    counts = Counter(told.state for told in found)
    if counts:
        yield ", ".join(f"{counts[state]} {word}" for state, word in WORDS.items())
