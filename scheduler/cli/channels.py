"""`aarshjul channels`: which way deliveries go, what a receiver answers, and receipts that are no good."""

from collections.abc import Iterator
from datetime import UTC, datetime

import click

from jobs.api import Refusal
from scheduler.cli.operate import ACTOR, ROW_NUMBER, WHY, ledger
from scheduler.cli.paper import filled, instant
from scheduler.ledger import slips
from scheduler.settings import settings


@click.group(invoke_without_command=True)
@click.option(
    "--try", "receiver", metavar="MOTTAKER", help="Koble til mottakeren, og si hva som ble funnet."
)
@click.pass_context
def channels(context: click.Context, receiver: str | None) -> None:
    """Vis veien til hver mottaker; --try prøver en av dem uten å sende noe."""
    if context.invoked_subcommand is not None:
        return
    click.echo(_tried(receiver) if receiver else "\n".join([*_ways(), *_waiting()]))


@channels.command()
def key() -> None:
    """Skriv ut den offentlige nøkkelen som mottakerne kontrollerer signaturene våre med."""
    from jobs.channels.choosing import sealer  # noqa: PLC0415 - heavy

    click.echo(sealer(settings().data_dir).public_pem, nl=False)


@channels.command()
@click.argument("number", metavar="KVITTERING", type=ROW_NUMBER)
@WHY
@ACTOR
def settle(number: int, why: str, actor: str) -> None:
    """Gjør opp en kvittering som ikke er hel, eller som ikke gjelder noe vi har sendt."""
    with ledger() as session:
        slips.settle(session, number, actor, why, datetime.now(UTC))
    click.echo(f"Kvittering {number} er gjort opp.")


def _tried(receiver: str) -> str:
    from jobs.channels.choosing import channel_of  # noqa: PLC0415 - heavy
    from scheduler.ways import parties, ways  # noqa: PLC0415

    ways(settings())
    if receiver not in parties(settings()):
        raise click.ClickException(f"«{receiver}» er ingen mottaker i årshjulet.")
    try:
        return channel_of(receiver, settings().channels, settings().data_dir).reach(0)
    except (Refusal, OSError) as error:
        raise click.ClickException(str(error)) from error


def _ways() -> Iterator[str]:
    from scheduler.ways import in_words, parties, ways  # noqa: PLC0415 - heavy

    declared = ways(settings())
    for receiver in parties(settings()):
        yield f"{receiver:12} {in_words(declared.get(receiver))}"


def _waiting() -> Iterator[str]:
    """What the last round of asking for receipts could not take."""
    with ledger() as session:
        for channel in slips.broken_channels(session):
            since = instant(channel.fault_since) if channel.fault_since else ""
            yield filled(f"Siden {since}: {channel.fault}")
        for slip in slips.open_slips(session):
            yield filled(f"Kvittering {slip.id}, lest {instant(slip.read_at)}: {slip.said}")
