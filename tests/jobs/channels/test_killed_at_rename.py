"""SIGKILL around the rename: what may be out is looked up or asked about, and never sent again blindly."""

import signal
import subprocess
import sys
from hashlib import sha256

import pytest
from sqlalchemy.orm import Session

from jobs.channels.choosing import channel_of
from jobs.channels.faults import Uncertain
from jobs.channels.marking import mark_of
from jobs.register.deliveries import sent
from jobs.register.tables import Outbound
from scheduler.settings import PROJECT_ROOT
from tests.jobs.channels.parcels import KEY, NAME, channels_file, client_key, parcel, sftp_way
from tests.jobs.channels.sftp_server import sftp_server
from tests.jobs.running import NOW

BEFORE_NOTE, BEFORE_RENAME, AFTER_RENAME = (
    "before the note",
    "before the rename",
    "after the rename",
)


class Way:
    """A way to the receiver: the file of channels, if any, and the folder where deliveries appear."""

    def __init__(self, database, data_dir, channels, there):
        self.database, self.data_dir, self.channels, self.there = (
            database,
            data_dir,
            channels,
            there,
        )

    def killed(self, place):
        """Put the parcel in a process of its own, which dies there."""
        url = self.database.url.render_as_string(hide_password=False)
        words = [url, str(self.data_dir), str(self.channels or ""), place]
        command = [sys.executable, "-m", "tests.jobs.channels.dying_sender", *words]
        ended = subprocess.run(
            command, cwd=PROJECT_ROOT, capture_output=True, timeout=60, check=False
        )
        assert ended.returncode == -signal.SIGKILL, ended.stderr.decode()

    def put(self):
        """Put it again, as the step does that goes on after the crash."""
        channel = channel_of("ssb", self.channels, self.data_dir)
        return channel.put(parcel(self.data_dir / "work"), mark_of(self.database, KEY))

    def inside(self):
        """What the receiver has, hidden folders too, with each file's bytes and when it was written."""
        return {
            str(path.relative_to(self.there)): (path.read_bytes(), path.stat().st_mtime_ns)
            for path in sorted(self.there.rglob("*"))
            if path.is_file() and "kvitteringer" not in path.parts
        }

    def deliveries(self):
        return [path.name for path in self.there.iterdir() if not path.name.startswith(".")]

    def left_hidden(self):
        return [path.name for path in self.there.iterdir() if path.name.startswith(".")]

    @property
    def noted(self):
        with Session(self.database) as session:
            return sent(session, KEY)[0].receipt.get("envelope_sha256", "")


@pytest.fixture
def intended(database):
    """The intent of the delivery, as it stands in the register before anything is sent."""
    with Session(database) as session, session.begin():
        session.add(
            Outbound(
                idempotency_key=KEY,
                occurrence_key=KEY,
                run_id=f"{KEY}#1",
                receiver="ssb",
                manifest_sha256="0" * 64,
                intended_at=NOW,
            )
        )
    return database


@pytest.fixture(params=["sftp", "outbox"])
def sealed(request, intended, tmp_path, identity):
    """A sealed channel over a real SFTP server, or in the outbox."""
    data_dir = tmp_path / "data"
    if request.param == "outbox":
        channels = channels_file(
            tmp_path, ssb={"channel": "outbox", "recipient": str(identity.to_public())}
        )
        yield Way(intended, data_dir, channels, data_dir / "outbox" / "ssb")
        return
    private, key = client_key(tmp_path)
    with sftp_server(tmp_path / "there", key) as receiver:
        channels = channels_file(tmp_path, ssb=sftp_way(receiver, private, identity))
        yield Way(intended, data_dir, channels, receiver.root / "inn")


@pytest.fixture
def plain(intended, tmp_path):
    """The unsealed outbox, whose own folder is the only trace."""
    return Way(intended, tmp_path / "data", None, tmp_path / "data" / "outbox" / "ssb")


def test_killed_before_the_note_nothing_is_out_and_it_is_sent_once(sealed):
    sealed.killed(BEFORE_NOTE)
    assert (sealed.deliveries(), sealed.noted) == ([], "")
    assert len(sealed.left_hidden()) == 1  # the whole of it, under its hidden name
    sealed.put()
    assert (sealed.deliveries(), sealed.left_hidden()) == ([NAME], [])


def test_killed_between_the_note_and_the_rename_it_asks_a_person_and_sends_nothing(sealed):
    sealed.killed(BEFORE_RENAME)
    noted, before = sealed.noted, sealed.inside()
    assert sealed.deliveries() == []
    assert len(noted) == 64
    for _turn in range(2):  # nor the second time it is tried
        with pytest.raises(Uncertain):
            sealed.put()
        assert (sealed.inside(), sealed.noted) == (before, noted)


def test_once_a_person_has_said_that_it_never_came_it_is_sent_and_the_remains_go(sealed):
    sealed.killed(BEFORE_RENAME)
    mark_of(sealed.database, KEY).forget()
    facts = sealed.put()
    assert (sealed.deliveries(), sealed.left_hidden()) == ([NAME], [])
    assert sealed.noted == facts["envelope_sha256"]


def test_killed_after_the_rename_it_is_found_and_not_sent_again(sealed):
    sealed.killed(AFTER_RENAME)
    before = sealed.inside()
    facts = sealed.put()
    assert (sealed.deliveries(), sealed.inside()) == ([NAME], before)
    envelope = before[f"{NAME}/konvolutt.json"][0]
    assert facts["envelope_sha256"] == sealed.noted == sha256(envelope).hexdigest()


def test_killed_after_the_rename_and_fetched_since_it_asks_a_person(sealed):
    sealed.killed(AFTER_RENAME)
    (sealed.there / NAME).rename(sealed.there.parent / "fetched")
    with pytest.raises(Uncertain):
        sealed.put()
    assert sealed.deliveries() == []


def test_the_plain_outbox_starts_again_before_the_rename_and_finds_it_after(plain):
    plain.killed(BEFORE_RENAME)
    assert (plain.deliveries(), len(plain.left_hidden())) == ([], 1)
    plain.killed(AFTER_RENAME)
    assert (plain.deliveries(), plain.left_hidden()) == ([NAME], [])
    before = plain.inside()
    plain.put()
    after = plain.inside()
    assert after.items() >= before.items()
    assert set(after) - set(before) == {f"{NAME}/kvittering.json"}
