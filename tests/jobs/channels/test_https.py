"""HTTPS to a real server: the envelope last and once, only to whom it should be, nothing blindly again."""

import pyrage
import pytest
import trustme

from jobs.channels.choosing import channel_of
from jobs.channels.faults import (
    CertificateRefused,
    Declined,
    LoginRefused,
    NoRoomThere,
    Uncertain,
    UnreachedError,
)
from tests.jobs.channels.parcels import (
    KEY,
    NAME,
    channels_file,
    private,
)
from tests.jobs.channels.web_server import TOKEN, https_server

ENVELOPE = f"/inn/{NAME}/konvolutt.json"


@pytest.fixture(scope="module")
def authority():
    return trustme.CA()


@pytest.fixture
def receiver(authority):
    with https_server(authority.issue_cert("127.0.0.1")) as running:
        yield running


@pytest.fixture
def channel(tmp_path, receiver, authority, identity):
    def made(**changes):
        authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
        way = {
            "channel": "https",
            "url": f"https://127.0.0.1:{receiver.port}/inn",
            "token": private(tmp_path / "token", TOKEN.encode()),
            "authority": "ca.pem",
            "recipient": str(identity.to_public()),
        }
        return channel_of("ssb", channels_file(tmp_path, ssb=way | changes), tmp_path / "var")

    return made


def test_the_envelope_is_put_last_and_what_it_names_is_there_sealed(put, receiver, identity):
    facts = put()
    puts = [asked for asked in receiver.asked if asked.startswith("PUT")]
    assert puts[-1] == f"PUT {ENVELOPE}"
    assert len(puts) == 4
    assert facts["reference"] == NAME
    sealed = receiver.files[f"/inn/{NAME}/ssbElev.csv.age"]
    assert pyrage.decrypt(sealed, [identity]) == b"a;b\r\n"


def test_put_again_is_looked_up_and_not_sent_again(put, receiver):
    first = put()
    receiver.asked.clear()
    assert put() == first
    assert not [asked for asked in receiver.asked if asked.startswith("PUT")]


def test_a_certificate_of_another_authority_stops_before_anything_is_sent(put, tmp_path, receiver):
    trustme.CA().cert_pem.write_to_path(str(tmp_path / "other.pem"))
    with pytest.raises(CertificateRefused, match="Ingenting er sendt"):
        put(authority="other.pem")
    assert receiver.asked == []


@pytest.mark.parametrize(
    ("status", "fault"),
    [
        (401, LoginRefused),
        (403, LoginRefused),
        (413, NoRoomThere),
        (507, NoRoomThere),
        (400, Declined),
        (302, Declined),
    ],
)
def test_a_no_is_named_and_leaves_nothing_uncertain(put, receiver, status, fault):
    receiver.answers = {"manifest.json.age": status}
    with pytest.raises(fault):
        put()
    assert ENVELOPE not in receiver.files
    assert put.traces.noted == ""
    receiver.answers = {}
    put()


def test_a_token_that_is_not_ours_is_told(put, tmp_path):
    with pytest.raises(LoginRefused):
        put(token=private(tmp_path / "other", b"x"))


def test_a_server_that_stumbles_may_be_tried_again(put, receiver):
    receiver.answers = {"ssbElev.csv.age": 503}
    with pytest.raises(UnreachedError, match="svarte 503"):
        put()
    receiver.answers = {}
    put()


def test_an_answer_that_is_lost_is_found_by_looking_up(put, receiver):
    receiver.loses = "konvolutt.json"
    with pytest.raises(UnreachedError):
        put()
    noted, receiver.loses = put.traces.noted, ""
    assert put()["envelope_sha256"] == noted


def test_what_cannot_be_looked_up_is_for_a_person(put, receiver):
    receiver.answers = {"konvolutt.json": 500}
    with pytest.raises(UnreachedError):
        put()  # it cannot even look: nothing is sent
    assert not receiver.files
    receiver.answers, receiver.loses = {}, "konvolutt.json"
    with pytest.raises(UnreachedError):
        put()
    receiver.files.clear()
    receiver.loses = ""
    with pytest.raises(Uncertain):
        put()
    assert not receiver.files


def test_the_receipts_of_what_waits_are_asked_for(channel, receiver):
    receiver.files[f"/inn/{NAME}.kvittering.json"] = b"half {"
    (slip,) = channel().slips([KEY, "stat-ssbelev-l2/2026-2027/final/46"])
    assert (slip.name, slip.content) == (f"{NAME}.kvittering.json", b"half {")


def test_reaching_puts_nothing(channel, receiver):
    assert "slipper oss inn" in channel().reach(1)
    assert not receiver.files
