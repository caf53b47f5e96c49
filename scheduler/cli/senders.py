"""`aarshjul senders`: add, list and remove those who deliver over SFTP."""

from datetime import UTC, datetime
from pathlib import Path

import click

from scheduler.access import senders as accounts
from scheduler.cli.keys import known_scope
from scheduler.cli.operate import ACTOR, ledger
from scheduler.cli.paper import instant


@click.group()
def senders() -> None:
    """Avsendere over SFTP: legg til, vis og fjern."""


@senders.command()
@click.argument("name", metavar="NAVN")
@click.option(
    "--scope",
    required=True,
    callback=known_scope,
    help="Fylkesnummeret avsenderen leverer for, eller national.",
)
@click.option(
    "--key",
    "key_file",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Filen med avsenderens offentlige nøkkel (.pub).",
)
@ACTOR
def add(name: str, scope: str, key_file: Path, actor: str) -> None:
    """Legg til en avsender som logger inn med sin egen nøkkel."""
    from scheduler.sftp.keys import KeyFileError, read_public_key  # noqa: PLC0415 - heavy

    try:
        key = read_public_key(key_file)
    except KeyFileError as error:
        raise click.ClickException(str(error)) from error
    with ledger() as session:
        now = datetime.now(UTC)
        accounts.add(session, name, scope, key.line, key.fingerprint, actor, now)
    click.echo(f"Lagt til: {name} ({scope}), nøkkel {key.fingerprint}")


@senders.command("list")
def list_() -> None:
    """List avsenderne og fingeravtrykkene til nøklene deres."""
    with ledger() as session:
        lines = [
            f"{row.name:20} {row.scope:9} {row.fingerprint} lagt til {instant(row.created_at)} "
            f"av {row.created_by}"
            + (f", fjernet {instant(row.revoked_at)}" if row.revoked_at else "")
            for row in accounts.listed(session)
        ]
    click.echo("\n".join(lines) or "Ingen avsendere ennå.")


@senders.command()
@click.argument("name", metavar="NAVN")
@ACTOR
def remove(name: str, actor: str) -> None:
    """Fjern en avsender; åpne forbindelser brytes innen et minutt."""
    with ledger() as session:
        accounts.revoke(session, name, actor, datetime.now(UTC))
    click.echo(f"Fjernet: {name}")
