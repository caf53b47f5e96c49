"""Taking a backup beside the running service: the databases and the files of one instant."""

from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from scheduler.backup.bundle import new_bundle
from scheduler.backup.databases import Frozen, freeze, kind
from scheduler.backup.files import Found, see
from scheduler.backup.room import room
from scheduler.settings import Settings

DATABASE, DATA = "database", "data"


def take(settings: Settings, out: Path) -> dict[str, Any]:
    """Write everything needed to go on elsewhere to `out`; returns the manifest.

    Raises BackupError, and leaves nothing at `out`, when it cannot be whole.
    """
    seen: Found = {}
    with room(settings.data_dir) as own:

        def look() -> None:
            seen.update(see(settings.data_dir, own / DATA))

        with freeze(settings, look) as frozen, new_bundle(out) as bundle:
            (own / DATABASE).mkdir()
            for path in frozen.write(own / DATABASE):
                bundle.add(f"{DATABASE}/{path.name}", path)
            for name, path in seen.items():
                bundle.add(f"{DATA}/{name}", path)
            return bundle.finish(_facts(settings, frozen))


def _facts(settings: Settings, frozen: Frozen) -> dict[str, Any]:
    """What a restore must know: versions, the calendar in use, whose work was under way."""
    [[revision]] = frozen.query("SELECT version_num FROM alembic_version")
    calendars = "SELECT number, sha256 FROM calendar_version ORDER BY number DESC LIMIT 1"
    in_use = [{"number": number, "sha256": sha256} for number, sha256 in frozen.query(calendars)]
    return {
        "taken_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "aarshjul": version("aarshjul"),
        "database": kind(settings),
        "schema": revision,
        "calendar": in_use[0] if in_use else None,
        "nodes": [name for (name,) in frozen.query("SELECT name FROM node ORDER BY name")],
    }
