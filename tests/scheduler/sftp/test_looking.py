"""Looking around over SFTP: two folders, one's own answers, and no way out of them."""

import asyncssh
import pytest

from tests.scheduler.sftp.logging_in import COUNT, HERE, as_sender, inbox

REFUSED = (asyncssh.SFTPPermissionDenied, asyncssh.SFTPNoSuchFile)


@pytest.fixture
def returns(config):
    """Answers to this sender and to another."""
    for county in ("46", "03"):
        folder = config.data_dir / "returns" / county
        folder.mkdir(parents=True)
        (folder / f"kvittering-{county}.txt").write_text(f"Til {county}", encoding="utf-8")
    return config.data_dir / "returns"


def names(found):
    return sorted(name for name in found if name not in (".", ".."))


def looked(config, sender, path):
    return names(as_sender(config, sender, lambda sftp: sftp.listdir(path)))


def test_a_report_is_read_back(config, vestland, returns):
    async def fetch(sftp):
        async with sftp.open("ut/kvittering-46.txt", "rb") as file:
            return await file.read(), (await sftp.stat("ut/kvittering-46.txt")).size

    assert as_sender(config, vestland, fetch) == (b"Til 46", 6)


def test_a_sender_sees_its_own_folders_only(config, vestland, returns):
    assert looked(config, vestland, "/") == ["inn", "ut"]
    assert COUNT in looked(config, vestland, "/inn")
    assert looked(config, vestland, "/ut") == ["kvittering-46.txt"]
    assert looked(config, vestland, "/../../ut/..") == ["inn", "ut"]


@pytest.mark.parametrize(
    "path",
    [
        "/ut/../../03/kvittering-03.txt",
        "/ut/../03/kvittering-03.txt",
        "/../returns/03/kvittering-03.txt",
        "/etc/passwd",
        "/ut/",
        "/inn/finnes-ikke/a.txt",
        "/aarshjul.db",
        "/ut/kvittering-46.txt/../../../aarshjul.db",
    ],
)
def test_no_path_leads_out(config, vestland, returns, path):
    async def both_ways(sftp):
        with pytest.raises(REFUSED):
            await sftp.open(path, "rb")
        with pytest.raises(REFUSED):
            await sftp.open(path, "wb")

    as_sender(config, vestland, both_ways)
    assert inbox(config) == {}


def test_a_link_among_the_answers_is_not_followed_and_not_shown(config, vestland, returns):
    (returns / "46" / "lenke.txt").symlink_to(config.data_dir / "aarshjul.db")
    (returns / "46" / "mappe").symlink_to(returns / "03")
    (returns / "46" / ".skjult").write_text("", encoding="utf-8")

    async def follow(sftp):
        for path in ("ut/lenke.txt", "ut/mappe/kvittering-03.txt", "ut/.skjult"):
            with pytest.raises(REFUSED):
                await sftp.open(path, "rb")

    as_sender(config, vestland, follow)
    assert looked(config, vestland, "ut") == ["kvittering-46.txt"]


def test_what_is_sent_cannot_be_read_and_what_is_to_be_read_cannot_be_changed(
    config, vestland, returns
):
    async def try_all(sftp):
        async with sftp.open(f"{HERE}/a.txt", "wb") as file:
            await file.write(b"TOF;1")
        for path, mode in (
            (f"{HERE}/a.txt", "rb"),
            (f"{HERE}/a.txt", "r+b"),
            (f"{HERE}/a.txt", "ab"),
            ("ut/kvittering-46.txt", "wb"),
            ("ut/kvittering-46.txt", "ab"),
            ("ut/ny.txt", "wb"),
        ):
            with pytest.raises(REFUSED):
                await sftp.open(path, mode)
        return await sftp.listdir(HERE)

    assert names(as_sender(config, vestland, try_all)) == []
    assert (returns / "46" / "kvittering-46.txt").read_bytes() == b"Til 46"
    assert inbox(config) == {f"46/{COUNT}/a.txt": b"TOF;1"}


MINE = "/ut/kvittering-46.txt"


@pytest.mark.parametrize(
    ("act", "words"),
    [
        ("mkdir", ("/inn/ny",)),
        ("mkdir", (f"{HERE}/ny",)),
        ("rmdir", (HERE,)),
        ("remove", (MINE,)),
        ("rename", (MINE, "/ut/ny.txt")),
        ("posix_rename", (MINE, f"{HERE}/ny.txt")),
        ("symlink", ("/etc/passwd", f"{HERE}/ny.txt")),
        ("link", (MINE, f"{HERE}/ny.txt")),
        ("readlink", (MINE,)),
        ("truncate", (MINE, 0)),
        ("chmod", (MINE, 0o777)),
        ("statvfs", ("/",)),
    ],
)
def test_nothing_else_can_be_done(config, vestland, returns, act, words):
    async def do(sftp):
        with pytest.raises(asyncssh.SFTPPermissionDenied, match="Dette kan ikke gjøres her"):
            await getattr(sftp, act)(*words)

    as_sender(config, vestland, do)
    assert inbox(config) == {}
    assert [path.name for path in (returns / "46").iterdir()] == ["kvittering-46.txt"]
