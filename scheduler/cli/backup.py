"""`aarshjul backup` and `restore`: a copy to go on from elsewhere, and the way back."""

import hashlib
from pathlib import Path
from typing import Any

import click

from scheduler.backup import BackupError
from scheduler.settings import Settings, settings


@click.command()
@click.option(
    "--out",
    required=True,
    metavar="FIL",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Filen kopien skrives til, gjerne med endelsen .tar.gz.",
)
def backup(out: Path) -> None:
    """Ta en sikkerhetskopi mens tjenesten går.

    Databasene, innboks, arkiv, utboks, svar, kjøringenes mellomfiler og SFTP-nøkkelen, slik
    alt var i ett øyeblikk. Innstillinger og passord er ikke med. Filen inneholder
    personopplysninger: oppbevar den deretter.
    """
    from scheduler.backup.taking import take  # noqa: PLC0415 - heavy, and --help need not wait

    try:
        manifest = take(settings(), out)
    except BackupError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{out}: {_told(manifest)}.")
    click.echo("Innstillinger og passord er ikke med; ta vare på dem for seg.")


@click.command()
@click.argument("file", metavar="FIL", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="Erstatt databasen og mappene som er her.")
def restore(file: Path, *, force: bool) -> None:
    """Legg en sikkerhetskopi tilbake, der innstillingene peker.

    Kopien blir kontrollert før noe blir rørt. Tjenesten må være stoppet.
    """
    from scheduler.backup.restoring import restore as put_back  # noqa: PLC0415 - heavy

    try:
        manifest = put_back(settings(), file, force=force)
    except BackupError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"Lagt tilbake: {_told(manifest)}, tatt {manifest['taken_at']}.")
    for line in _to_heed(manifest, settings()):
        click.echo(line)


def _told(manifest: dict[str, Any]) -> str:
    megabytes = sum(file["bytes"] for file in manifest["files"]) / 1e6
    return f"{len(manifest['files'])} filer, {megabytes:.1f} MB"


def _to_heed(manifest: dict[str, Any], chosen: Settings) -> list[str]:
    """What must be as it was before the service is started here."""
    lines = []
    others = [name for name in manifest["nodes"] if name != chosen.node]
    if others:
        lines.append(
            f"Begynt arbeid hører til nodene {', '.join(manifest['nodes'])}: start en node med hvert av "
            "navnene (AARSHJUL_NODE)."
        )
    if manifest["calendar"] and _sha256(chosen.calendar) != manifest["calendar"]["sha256"]:
        lines.append(
            f"{chosen.calendar} er en annen enn versjon {manifest['calendar']['number']}, som gjelder. "
            "Med AARSHJUL_PUBLISH=on-save blir den publisert når tjenesten starter."
        )
    return lines


def _sha256(calendar: Path) -> str:
    """The file as the ledger would number it; "" when it cannot be read."""
    try:
        text = calendar.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return ""
    return hashlib.sha256(text.encode()).hexdigest()
