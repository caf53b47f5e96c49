"""Sealing: what the receiver can check with standard tools, and what an outsider cannot read out of it."""

import subprocess
from hashlib import sha256

import pytest

from jobs.api import AWAITS_RECEIPT
from jobs.channels.choosing import channel_of, sealer
from jobs.channels.sealing import Found
from tests.jobs.channels.parcels import (
    NAME,
    Traces,
    channels_file,
    envelope,
    new_identity,
    parcel,
)


@pytest.fixture
def sealed(tmp_path):
    """A delivery in a sealed outbox: its folder."""
    way = {"channel": "outbox", "recipient": str(new_identity().to_public())}
    channel = channel_of("ssb", channels_file(tmp_path, ssb=way), tmp_path / "var")
    facts = channel.put(parcel(tmp_path / "work"), Traces().mark())
    assert facts[AWAITS_RECEIPT]
    assert channel.put(parcel(tmp_path / "work"), Traces().mark()) == facts
    return tmp_path / "var" / "outbox" / "ssb" / NAME


def verified(folder, public):
    public.write_text(sealer(folder.parents[2]).public_pem, encoding="utf-8")
    files = ["-in", folder / "konvolutt.json", "-sigfile", folder / "konvolutt.json.sig"]
    command = ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", public, "-rawin", *files]
    return subprocess.run(command, check=False, capture_output=True).returncode == 0


def test_the_signature_is_verified_with_openssl_and_a_changed_envelope_is_not(sealed, tmp_path):
    assert verified(sealed, tmp_path / "aarshjul.pem")
    with (sealed / "konvolutt.json").open("ab") as file:
        file.write(b" ")
    assert not verified(sealed, tmp_path / "aarshjul.pem")


def test_the_envelope_tells_the_sealed_files_and_nothing_of_the_content(sealed, tmp_path):
    said = envelope(sealed)
    for file in said["filer"]:
        content = (sealed / file["navn"]).read_bytes()
        assert (file["bytes"], file["sha256"]) == (len(content), sha256(content).hexdigest())
    plain = sha256((tmp_path / "work" / "ssbElev.csv").read_bytes()).hexdigest()
    assert plain not in (sealed / "konvolutt.json").read_text(encoding="utf-8")


def test_the_key_is_made_once_for_us_alone_and_marks_by_content(tmp_path):
    first = sealer(tmp_path)
    assert first.public_pem == sealer(tmp_path).public_pem
    (path,) = (tmp_path / "keys").iterdir()
    assert path.stat().st_mode & 0o777 == 0o600
    one, same, other = (parcel(tmp_path / str(n), c) for n, c in enumerate((b"a", b"a", b"b")))
    assert first.mark(one) == first.mark(same) != first.mark(other)
    assert sealer(tmp_path / "elsewhere").mark(one) != first.mark(one)


def test_what_another_signed_is_not_opened(tmp_path):
    letter = sealer(tmp_path / "a").seal(
        parcel(tmp_path / "work"), str(new_identity().to_public()), tmp_path / "sealed"
    )
    *_, signature, written = letter.files
    found = Found(written.read_bytes(), signature.read_bytes(), {})
    assert sealer(tmp_path / "a").opened(found)
    assert sealer(tmp_path / "b").opened(found) is None
