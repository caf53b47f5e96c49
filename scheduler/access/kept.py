"""Kept: a secret of the installation in the data folder, made once and readable by us alone."""

import os
from collections.abc import Callable
from pathlib import Path
from tempfile import mkstemp


def kept(data_dir: Path, name: str, make: Callable[[], bytes]) -> Path:
    """Where `keys/<name>` lies, made the first time; the same for all that start at once."""
    path = data_dir / "keys" / name
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _write_new(path, make())
    return path


def _write_new(path: Path, content: bytes) -> None:
    """Write the file whole; another thread or process that was first is left alone."""
    descriptor, name = mkstemp(prefix=f".{path.name}.", dir=path.parent)  # readable by us alone
    own = Path(name)
    try:
        with open(descriptor, "wb") as file:  # noqa: PTH123 - a descriptor
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        path.hardlink_to(own)
    except FileExistsError:
        pass
    finally:
        own.unlink()
