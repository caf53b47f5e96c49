"""The repository keeps its own rules: directions of import, no real people, no traces of a machine."""

import ast
import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
CODE = ("scheduler", "jobs", "web")
MAX_LINES = 250


def tracked_files() -> list[Path]:
    """What git would hold: tracked, or new and not ignored."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout
    paths = (ROOT / name.decode() for name in listed.split(b"\0") if name)
    return sorted(path for path in paths if path.is_file())


FILES = tracked_files()
MODULES = [p for p in FILES if p.suffix == ".py" and p.relative_to(ROOT).parts[0] in CODE]


def text_of(path: Path) -> str:
    """The text, or nothing for an image or another binary file."""
    content = path.read_bytes()
    return "" if b"\0" in content[:8192] else content.decode("utf-8", errors="replace")


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def dotted(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imports_of(path: Path) -> Iterator[str]:
    """Every module a file imports, lazily or not; `from a import b` counts as a.b."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def within(name: str, packages: tuple[str, ...]) -> bool:
    return any(name == package or name.startswith(f"{package}.") for package in packages)


OWN = ("scheduler", "jobs", "web")
# Who may import what of ours; the first room that a module lies in decides.
ROOMS = {
    "scheduler.settings": (),
    "scheduler.columns": (),
    "scheduler.logs": ("scheduler.settings",),
    "scheduler.ping": (),
    "scheduler.calendar": ("scheduler.calendar",),
    "scheduler.ledger": (
        "scheduler.calendar",
        "scheduler.columns",
        "scheduler.ledger",
        "scheduler.settings",
    ),
    "scheduler.engine": (
        "scheduler.calendar",
        "scheduler.ledger",
        "scheduler.engine",
        "scheduler.settings",
        "scheduler.feeds",
        "scheduler.logs",
        "scheduler.publishing",
        "jobs",
    ),
    "scheduler.feeds": (
        "scheduler.access",
        "scheduler.calendar",
        "scheduler.feeds",
        "scheduler.ledger",
        "scheduler.settings",
    ),
    "scheduler.access": ("scheduler.access", "scheduler.ledger", "scheduler.settings"),
    "scheduler.notify": (
        "scheduler.calendar",
        "scheduler.columns",
        "scheduler.ledger",
        "scheduler.notify",
        "scheduler.settings",
    ),
    "scheduler.sftp": (
        "scheduler.access",
        "scheduler.engine.snapshot",
        "scheduler.ledger",
        "scheduler.settings",
        "scheduler.sftp",
        "jobs",
    ),
    "scheduler.publishing": (
        "scheduler.calendar",
        "scheduler.ledger",
        "scheduler.notify",
        "scheduler.publishing",
        "scheduler.settings",
    ),
    "jobs": ("scheduler.calendar.occurrence", "scheduler.columns", "jobs"),
    "web": ("scheduler", "jobs", "web"),
}
# A library that only one place knows.
ONE_PLACE = {
    "flask": ("web",),
    "apscheduler": ("scheduler.daemon",),
    "argon2": ("scheduler.access.passwords",),
    "asyncssh": ("scheduler.sftp", "jobs.channels.sftp", "jobs.channels.keys"),
    "authlib": ("web.access.oidc",),
    "cryptography": ("jobs.channels.sealing",),
    "pyrage": ("jobs.channels.sealing", "jobs.channels.keys"),
    "dbos": ("scheduler.engine.durable",),
    "flask_wtf": ("web.access.gate",),
    "icalendar": ("scheduler.feeds.icalendar",),
    "requests": ("web.access.oidc",),
    "segno": ("web.wheel.qr",),
    "standardwebhooks": ("scheduler.notify.webhook",),
    "typst": ("web.wheel.typesetting",),
    "urllib3": ("scheduler.notify.webhook", "scheduler.ping", "jobs.channels.https"),
    "prometheus_client": ("web.operation.metrics",),
    "holidays": ("scheduler.calendar",),
}


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_imports_go_one_way(path: Path):
    module = dotted(path)
    room = next((room for room in ROOMS if within(module, (room,))), None)
    allowed = ROOMS[room] if room else ("scheduler", "jobs")
    wrong = [n for n in imports_of(path) if within(n, OWN) and not within(n, allowed)]
    if within(module, ("scheduler.cli",)):  # the command line starts the site
        wrong = [name for name in wrong if not within(name, ("web",))]
    assert wrong == []


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_library_is_known_in_one_place(path: Path):
    module = dotted(path)
    closed = [library for library, places in ONE_PLACE.items() if not within(module, places)]
    wrong = [name for name in imports_of(path) if within(name, tuple(closed))]
    assert wrong == []


def test_the_calendar_needs_no_database():
    pure = [path for path in MODULES if within(dotted(path), ("scheduler.calendar",))]
    assert pure
    assert [p for p in pure if any(within(n, ("sqlalchemy",)) for n in imports_of(p))] == []


GENERATED = re.compile(r"static/vendor/|/migrations/")


def test_files_are_short():
    code = [p for p in FILES if p.suffix == ".py" and not GENERATED.search(name_of(p))]
    lines = {name_of(path): len(text_of(path).splitlines()) for path in code}
    assert {name: count for name, count in lines.items() if count > MAX_LINES} == {}


FIRST_WEIGHTS = (3, 7, 6, 1, 8, 9, 4, 5, 2, 1)
SECOND_WEIGHTS = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1)
# From 2032 the first control digit may leave any of these remainders.
FIRST_REMAINDERS = {0, 1, 2, 3}
ELEVEN_DIGITS = re.compile(r"(?<![0-9A-Za-z_.+/=-])\d{6} ?\d{5}(?![0-9A-Za-z_+/=-]|\.\d)")


def control_sums(number: str) -> tuple[int, int]:
    digits = [int(digit) for digit in number]
    first = sum(d * w for d, w in zip(digits, FIRST_WEIGHTS, strict=False))
    second = sum(d * w for d, w in zip(digits, SECOND_WEIGHTS, strict=False))
    return first % 11, second % 11


def may_be_a_person(number: str) -> bool:
    """A valid fødselsnummer, D-number (day + 40) or H-number (month + 40): no month + 80 is one."""
    day, month = int(number[:2]), int(number[2:4])
    if not (1 <= day % 40 <= 31 and day <= 71 and 1 <= month % 40 <= 12 and month <= 52):
        return False
    first, second = control_sums(number)
    return first in FIRST_REMAINDERS and second == 0


def numbers_of(birthday: str, remainder: int = 0) -> list[str]:
    """The first valid numbers of a birthday whose first control sum leaves `remainder`."""
    numbers = (f"{birthday}{k:05}" for k in range(20_000))
    return [n for n in numbers if control_sums(n) == (remainder, 0)]


def test_the_scan_knows_a_person_from_a_test_person():
    old, newer = numbers_of("150507"), numbers_of("150507", remainder=2)
    assert all(map(may_be_a_person, old + newer))
    assert len(old) > 100
    assert len(newer) > 100
    assert all(map(may_be_a_person, numbers_of("550507") + numbers_of("154507")))
    assert not any(map(may_be_a_person, numbers_of("158507")))


def test_no_file_holds_a_number_that_may_be_somebodys():
    found = [
        f"{name_of(path)}:{number + 1}"
        for path in FILES
        for number, line in enumerate(text_of(path).splitlines())
        for match in ELEVEN_DIGITS.findall(line)
        if may_be_a_person(match.replace(" ", ""))
    ]
    assert found == []


def test_no_file_tells_of_the_machine_it_was_made_on():
    private = re.compile(
        r"/" + r"work/|/" + r"tmp/brief|/home/\w+/|/root/|"
        r"https?://[\w.-]*(?:artifactory|nexus|proxy|mirror)[\w.-]*|"
        r'"resolved": "http|--index-url|--extra-index-url|--find-links'
    )
    found = [
        f"{name_of(path)}:{number + 1}"
        for path in FILES
        if path != Path(__file__)
        for number, line in enumerate(text_of(path).splitlines())
        if private.search(line)
    ]
    assert found == []


def test_the_readme_explains_every_dependency():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    names = [re.split(r"[\[<>=]", dependency)[0] for dependency in project["dependencies"]]
    readme = (ROOT / "README.md").read_text(encoding="utf-8").lower()
    rows = [line for line in readme.splitlines() if line.startswith("|")]
    assert [name for name in names if not any(name in row for row in rows)] == []


def test_the_locks_hold_a_hash_for_every_package():
    for lock in ("requirements.lock", "requirements-test.lock"):
        lines = (ROOT / lock).read_text(encoding="utf-8").splitlines()
        pinned = [k for k, line in enumerate(lines) if "==" in line]
        assert pinned
        assert all("--hash=sha256:" in lines[k + 1] for k in pinned)
