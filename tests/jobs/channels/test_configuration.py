"""The file of channels: each fault with its line, its field and what to do."""

import asyncssh
import pytest

from jobs.channels.configuration import ChannelsError, read_ways
from tests.jobs.channels.parcels import client_key, new_identity

RECIPIENT = str(new_identity().to_public())
PINNED = asyncssh.generate_private_key("ssh-ed25519").export_public_key("openssh").decode().strip()


def text(private_key="client", **changes):
    fields = {
        "channel": "sftp",
        "host": "sftp.example.test",
        "host_key": PINNED,
        "account": "aarshjul",
        "private_key": private_key,
        "folder": "/inn",
        "receipts": "/ut",
        "recipient": RECIPIENT,
    }
    lines = [f"  {name}: {value}" for name, value in (fields | changes).items() if value]
    return "\n".join(["ssb:", *lines, ""])


@pytest.fixture
def read(tmp_path):
    client_key(tmp_path)

    def it(content):
        path = tmp_path / "kanaler.yaml"
        path.write_text(content, encoding="utf-8")
        return read_ways(path)

    return it


def test_no_file_is_no_channel_and_a_right_one_is_read_from_its_own_folder(read, tmp_path):
    assert read_ways(None) == {}
    assert read("") == {}
    assert read(text())["ssb"].private_key == tmp_path / "client"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"channel": "ftp"}, "linje 1, ssb: channel må være outbox, sftp eller https"),
        ({"channel": ""}, "linje 1, ssb: channel mangler"),
        ({"host_key": "ssh-ed25519 x"}, "linje 4, ssb.host_key: må være serverens offentlige"),
        ({"host_key": ""}, "linje 1, ssb.host_key: mangler"),
        (
            {"recipient": "age1x"},
            "linje 9, ssb.recipient: må være mottakerens offentlige age-nøkkel",
        ),
        ({"private_key": "borte"}, "linje 6, ssb.private_key: "),
        ({"passord": "x"}, "linje 10, ssb.passord: er ikke et felt her"),
        ({"folder": "/inn/"}, "linje 7, ssb.folder: har ikke riktig form"),
    ],
)
def test_a_fault_tells_its_line_field_and_remedy(read, change, said):
    with pytest.raises(ChannelsError) as found:
        read(text(**change))
    assert f"kanaler.yaml, {said}" in str(found.value)


def test_a_key_that_others_may_read_and_one_that_is_none_are_told(read, tmp_path):
    (tmp_path / "client").chmod(0o644)
    with pytest.raises(ChannelsError, match="Kjør chmod 600"):
        read(text())
    (tmp_path / "none").write_bytes(b"x")
    (tmp_path / "none").chmod(0o600)
    with pytest.raises(ChannelsError, match="må være en privat SSH-nøkkel uten passord"):
        read(text(private_key="none"))


def test_what_is_no_yaml_and_no_file_are_told(read, tmp_path):
    with pytest.raises(ChannelsError, match=r"kanaler\.yaml, linje 2: er ikke YAML"):
        read("ssb:\n  a: b: c\n")
    with pytest.raises(ChannelsError, match="kan ikke leses"):
        read_ways(tmp_path / "borte.yaml")


def test_https_alone_goes(read):
    with pytest.raises(ChannelsError, match=r"ssb\.url: har ikke riktig form"):
        read(f"ssb: {{channel: https, url: 'http://x', token: client, recipient: {RECIPIENT}}}")
