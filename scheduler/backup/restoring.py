"""Restoring a backup: everything is unpacked and verified before anything is touched."""

import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy.exc import DBAPIError

from scheduler.backup import BackupError
from scheduler.backup.bundle import unpack
from scheduler.backup.databases import closing_pool, is_empty, kind, put_back
from scheduler.backup.files import FOLDERS
from scheduler.backup.room import room
from scheduler.backup.taking import DATA, DATABASE
from scheduler.ledger.database import open_database, reading
from scheduler.ledger.health import health
from scheduler.schema import revisions
from scheduler.settings import Settings


def restore(settings: Settings, path: Path, *, force: bool) -> dict[str, Any]:
    """Put a backup where the settings point; returns its manifest.

    Raises BackupError, with nothing changed, when the bundle is not whole or not for this place,
    when something is there already and `force` is not given, or while the service runs.
    """
    _must_be_free(settings, force=force)
    with room(settings.data_dir) as own:
        manifest = unpack(path, own)
        _must_fit(settings, manifest)
        put_back(settings, own / DATABASE)
        for folder in FOLDERS:
            shutil.rmtree(settings.data_dir / folder, ignore_errors=True)
            if (own / DATA / folder).exists():
                (own / DATA / folder).rename(settings.data_dir / folder)
    return manifest


def _must_be_free(settings: Settings, *, force: bool) -> None:
    if is_empty(settings):
        kept = [name for name in FOLDERS if _holds_files(settings.data_dir / name)]
    elif _runs(settings):
        raise BackupError("Tjenesten går. Stopp den på alle noder, og vent til tre tikk er gått.")
    else:
        kept = ["databasen"]
    if kept and not force:
        raise BackupError(
            f"Det ligger noe her alt ({', '.join(kept)} i {settings.data_dir}). Velg en tom mappe med "
            "AARSHJUL_DATA_DIR (og en tom database), eller erstatt det som er her, med --force."
        )


def _holds_files(folder: Path) -> bool:
    return any(path.is_file() for path in folder.rglob("*"))


def _runs(settings: Settings) -> bool:
    """Whether a scheduler ticks on the database that would be replaced."""
    database = open_database(settings.ledger_url, create=False)
    with closing_pool(database):
        try:
            with reading(database) as session:
                return health(session, datetime.now(UTC)).ok
        except DBAPIError:  # not ours, older, or damaged: nothing of this release runs on it
            return False


def _must_fit(settings: Settings, manifest: dict[str, Any]) -> None:
    if manifest["database"] != kind(settings):
        raise BackupError(
            f"Kopien er tatt av {manifest['database']}, men AARSHJUL_DATABASE_URL peker på "
            f"{kind(settings)}. Gjenopprett den på samme slags database."
        )
    if manifest["schema"] not in revisions():
        raise BackupError(
            f"Kopien er tatt av en nyere versjon ({manifest['aarshjul']}, skjema "
            f"{manifest['schema']}). Installer den, eller en nyere, først."
        )
