"""SFTP to a real server: whole or not at all, sealed, never twice, and only to whom it should be."""

import asyncssh
import pyrage
import pytest

from jobs.api import AWAITS_RECEIPT, Hindrance, Refusal
from jobs.channels.choosing import channel_of
from jobs.channels.faults import (
    Declined,
    HostKeyChanged,
    LoginRefused,
    NoRoomThere,
    NotOurs,
    Uncertain,
    UnreachedError,
)
from tests.jobs.channels.parcels import (
    KEY,
    NAME,
    channels_file,
    client_key,
    envelope,
    new_identity,
    sftp_way,
)
from tests.jobs.channels.sftp_server import sftp_server

SEALED = ["konvolutt.json", "konvolutt.json.sig", "manifest.json.age", "ssbElev.csv.age"]
NOTHING = ["inn", "ut"]


@pytest.fixture
def client(tmp_path):
    return client_key(tmp_path)


@pytest.fixture
def receiver(tmp_path, client):
    with sftp_server(tmp_path / "there", client[1]) as running:
        yield running


@pytest.fixture
def channel(tmp_path, client, receiver, identity):
    """The channel to ssb, as a file says it, with fields changed."""

    def made(**changes):
        way = sftp_way(receiver, client[0], identity) | changes
        return channel_of("ssb", channels_file(tmp_path, ssb=way), tmp_path / "var")

    return made


def test_a_delivery_lies_whole_under_its_name_sealed_to_the_receiver(put, receiver, identity):
    facts = put()
    folder = receiver.root / "inn" / NAME
    assert sorted(path.name for path in folder.iterdir()) == SEALED
    assert list((receiver.root / "inn").iterdir()) == [folder]
    assert facts[AWAITS_RECEIPT]
    assert facts["envelope_sha256"] == put.traces.noted
    sealed = (folder / "ssbElev.csv.age").read_bytes()
    assert pyrage.decrypt(sealed, [identity]) == b"a;b\r\n"
    assert b"a;b" not in sealed
    with pytest.raises(pyrage.DecryptError):
        pyrage.decrypt(sealed, [new_identity()])
    said = envelope(folder)
    assert (said["levering"], said["mottaker"]) == (KEY, "ssb")


def test_put_again_is_looked_up_and_not_sent_again(put, receiver):
    first = put()
    before = (receiver.root / "inn" / NAME / "ssbElev.csv.age").read_bytes()
    receiver.fault = "no space"
    assert put() == first
    assert (receiver.root / "inn" / NAME / "ssbElev.csv.age").read_bytes() == before


def test_other_content_under_the_same_key_asks_a_person(put, receiver):
    put()
    before = receiver.inside()
    with pytest.raises(Refusal, match="Noe annet er alt levert til «ssb»") as found:
        put(b"c;d\r\n")
    assert not isinstance(found.value, Hindrance)
    assert receiver.inside() == before


def test_what_does_not_bear_our_signature_is_not_taken_for_ours(put, receiver):
    put()
    (receiver.root / "inn" / NAME / "konvolutt.json").write_text("{}", encoding="utf-8")
    with pytest.raises(NotOurs, match="signaturen er ikke vår"):
        put()


def test_a_file_that_was_cut_short_there_is_told(put, receiver):
    put()
    (receiver.root / "inn" / NAME / "ssbElev.csv.age").write_bytes(b"half")
    with pytest.raises(NotOurs, match=r"ssbElev\.csv\.age er ikke hel"):
        put()


def test_a_changed_host_key_stops_before_anything_is_sent_and_names_both(put, receiver):
    other = asyncssh.generate_private_key("ssh-ed25519")
    pinned = other.export_public_key("openssh").decode().strip()
    with pytest.raises(HostKeyChanged) as found:
        put(host_key=pinned)
    assert other.get_fingerprint() in str(found.value)
    assert receiver.host_key.get_fingerprint() in str(found.value)
    assert receiver.inside() == NOTHING
    put()  # once a person has pinned the new one


def test_a_host_key_of_another_kind_is_a_changed_one(put):
    other = asyncssh.generate_private_key("ecdsa-sha2-nistp256")
    with pytest.raises(HostKeyChanged):
        put(host_key=other.export_public_key("openssh").decode().strip())


def test_a_key_that_the_receiver_does_not_know_is_told(put, tmp_path):
    (tmp_path / "other").mkdir()
    with pytest.raises(LoginRefused, match="slipper oss ikke inn"):
        put(private_key=client_key(tmp_path / "other")[0])


@pytest.mark.parametrize("fault", ["no space", "failure, no room"])
def test_a_full_disk_there_is_named_leaves_nothing_and_passes_when_there_is_room(
    put, receiver, fault
):
    receiver.fault = fault
    with pytest.raises(NoRoomThere, match="Disken hos «ssb» er full"):
        put()
    assert receiver.inside() == NOTHING
    receiver.fault = ""
    assert put()["reference"] == NAME


@pytest.mark.parametrize("fault", ["failure", "rename refused"])
def test_a_server_that_says_no_leaves_nothing_uncertain(put, receiver, fault):
    receiver.fault = fault
    with pytest.raises(Declined, match="tok ikke imot"):
        put()
    assert (receiver.inside(), put.traces.noted) == (NOTHING, "")
    receiver.fault = ""
    put()


def test_a_line_cut_in_the_middle_leaves_no_file_under_the_name_and_the_next_try_clears_up(
    put, receiver
):
    receiver.fault = "cut"
    with pytest.raises(UnreachedError):
        put()
    assert NAME not in [path.name for path in (receiver.root / "inn").iterdir()]
    receiver.fault = ""
    put()
    assert [path.name for path in (receiver.root / "inn").iterdir()] == [NAME]


def test_a_line_cut_right_after_the_rename_is_found_by_looking_up(put, receiver):
    receiver.fault = "cut after rename"
    with pytest.raises(UnreachedError):
        put()
    receiver.fault = ""
    noted = put.traces.noted
    assert put()["envelope_sha256"] == noted


@pytest.mark.parametrize("fault", ["cut before rename", "cut after rename"])
def test_what_cannot_be_looked_up_after_a_cut_is_for_a_person_and_not_sent_again(
    put, receiver, fault
):
    receiver.fault = fault
    with pytest.raises(UnreachedError):
        put()
    receiver.fault = ""
    there = receiver.root / "inn" / NAME
    if there.exists():  # the receiver takes it in and away
        there.rename(receiver.root / "taken")
    with pytest.raises(Uncertain, match="aarshjul resolve"):
        put()
    assert not there.exists()
    put.traces.noted = ""  # a person's word that it never arrived
    put()
    assert there.exists()


def test_a_receiver_that_is_not_there_may_come_back(put, receiver):
    with pytest.raises(UnreachedError, match="Får ikke kontakt med «ssb»"):
        put(port=1)
    assert put.traces.noted == ""


def test_receipts_are_read_as_they_lie_and_nothing_else(channel, receiver):
    (receiver.root / "ut" / "a.kvittering.json").write_bytes(b"half {")
    (receiver.root / "ut" / ".b.kvittering.json").write_bytes(b"not yet")
    (receiver.root / "ut" / "les-meg.txt").write_bytes(b"x")
    (slip,) = channel().slips([])
    assert (slip.name, slip.content) == ("a.kvittering.json", b"half {")


def test_reaching_tells_what_was_found_and_leaves_no_trace(channel, receiver):
    assert receiver.host_key.get_fingerprint() in channel().reach(1)
    assert receiver.inside() == NOTHING
    receiver.fault = "failure, no room"
    with pytest.raises(NoRoomThere):
        channel().reach(1)
    with pytest.raises(Declined):
        channel(folder="/finnes-ikke").reach(0)
