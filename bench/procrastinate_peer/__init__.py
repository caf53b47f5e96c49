"""The peer that also writes its work to PostgreSQL: Procrastinate, in an environment of its own.

It is installed when the measurement runs, from `requirements.txt`, and is no dependency of ours.
"""

import subprocess
import sys
import venv
from pathlib import Path

FOLDER = Path(__file__).parent


def installed(folder: Path) -> Path:
    """The Python of a new environment with the peer in it."""
    assert sys.platform != "win32", "bin/ is called otherwise there"
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    wanted = FOLDER / "requirements.txt"
    subprocess.run([python, "-I", "-m", "pip", "install", "-qq", "-r", wanted], check=True)
    return python


def version() -> str:
    return (FOLDER / "requirements.txt").read_text().split()[0].partition("==")[2]
