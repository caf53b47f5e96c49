"""`aarshjul run`, `retry`, `cancel`, `waive`, `resolve`, `forwarded`: what a person does with one occurrence."""

from datetime import UTC, datetime
from typing import Any

import click

from scheduler.cli.operate import ACTOR, WHY, ledger
from scheduler.ledger.read import published_calendar
from scheduler.ledger.runs import LedgerError

KEY = click.argument("key")
OVER_PAUSE = click.option("--over-pause", is_flag=True, help="Også om den er på pause.")
OVER_QUIET = click.option("--over-quiet", is_flag=True, help="Også om mottakeren har stille tid.")


def _do(key: str, deed: str, why: str, actor: str, **bound: Any) -> None:
    """Carry the deed out and say what came of it; `bound` is what it is bound to."""
    from scheduler.engine.deeds import Deed, Wish, carry_out  # noqa: PLC0415 - loads every job

    with ledger() as session:
        calendar, wish = published_calendar(session), Wish(Deed(deed), **bound)
        click.echo(carry_out(session, calendar, key, wish, actor, why, datetime.now(UTC)))


@click.command()
@KEY
@click.option(
    "--approve",
    metavar="SHA256",
    default="",
    help="Godkjenn det som er holdt igjen; `inbox` viser summen av det.",
)
@click.option(
    "--force",
    is_flag=True,
    help="Start selv om noe annet skulle vært ferdig; feil i dataene stopper den likevel.",
)
@OVER_PAUSE
@OVER_QUIET
@WHY
@ACTOR
def run(
    key: str,
    approve: str,
    force: bool,
    over_pause: bool,
    over_quiet: bool,
    why: str,
    actor: str,
) -> None:
    """Be om en ny kjøring av en forekomst; neste tikk starter den."""
    if approve and force:
        raise click.UsageError("Velg enten --approve eller --force.")
    deed = "approve" if approve else "force" if force else "run"
    _do(key, deed, why, actor, sha256=approve, over_pause=over_pause, over_quiet=over_quiet)


@click.command()
@KEY
@click.option("--step", default="", help="Steget å begynne på; ellers det som ikke ble ferdig.")
@OVER_PAUSE
@OVER_QUIET
@WHY
@ACTOR
def retry(key: str, step: str, over_pause: bool, over_quiet: bool, why: str, actor: str) -> None:
    """La en kjøring som feilet eller ble avbrutt, fortsette fra et steg."""
    _do(key, "retry", why, actor, step=step, over_pause=over_pause, over_quiet=over_quiet)


@click.command()
@KEY
@WHY
@ACTOR
def cancel(key: str, why: str, actor: str) -> None:
    """Avbryt kjøringen som er i gang; steget den er i, gjøres ferdig."""
    _do(key, "cancel", why, actor)


@click.command()
@KEY
@click.option("--undo", is_flag=True, help="Ta et fritak tilbake.")
@WHY
@ACTOR
def waive(key: str, undo: bool, why: str, actor: str) -> None:
    """Frita en forekomst i dette skoleåret, med begrunnelse."""
    _do(key, "unwaive" if undo else "waive", why, actor)


@click.command()
@KEY
@click.option(
    "--received", metavar="REFERANSE", help="Mottakeren har den: kvitteringens referanse."
)
@click.option("--again", is_flag=True, help="Den kom aldri fram: send den på nytt.")
@click.option("--sha256", required=True, help="Summen av det som er uvisst; `inbox` viser den.")
@OVER_PAUSE
@OVER_QUIET
@WHY
@ACTOR
def resolve(
    key: str,
    received: str | None,
    again: bool,
    sha256: str,
    over_pause: bool,
    over_quiet: bool,
    why: str,
    actor: str,
) -> None:
    """Si om en levering som er uviss, kom fram eller ikke."""
    if (received is not None) == again:
        raise click.UsageError("Velg enten --received eller --again.")
    past = {"over_pause": over_pause, "over_quiet": over_quiet}
    if again:
        _do(key, "resend", why, actor, sha256=sha256, **past)
    else:
        _do(key, "received", why, actor, sha256=sha256, reference=received)


@click.command()
@KEY
@click.option(
    "--sha256",
    required=True,
    help="Summen av det som gikk videre; `inbox` og siden til fristen viser den.",
)
@click.option(
    "--at", "said", default="", help="Når, i norsk tid, for eksempel 2026-10-26T08:30; ellers nå."
)
@click.option(
    "--reference", default="", help="Referansen på mottakerens kvittering, om dere har fått en."
)
@WHY
@ACTOR
def forwarded(key: str, sha256: str, said: str, reference: str, why: str, actor: str) -> None:
    """Bekreft at filene i en videresending er sendt videre."""
    from scheduler.engine.forwarding import instant_said  # noqa: PLC0415 - loads the register

    try:
        passed_at = instant_said(said)
    except LedgerError as error:
        raise click.BadParameter(str(error), param_hint="--at") from None
    _do(key, "forwarded", why, actor, sha256=sha256, passed_at=passed_at, reference=reference)
