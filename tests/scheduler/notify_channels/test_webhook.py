"""The guarded client: signed calls that no server can hold up, lead astray or make us repeat blindly."""

import json
import socket
from datetime import UTC, datetime
from ipaddress import ip_network

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from scheduler.notify.faults import GoneFault, PermanentFault, TransientFault, UnansweredFault
from scheduler.notify.message import Envelope
from scheduler.notify.webhook import MOST_WORDS, WebhookChannel, post
from tests.scheduler.notify_channels.desk import LOOPBACK, NOW, SECRET, enveloped, message
from tests.scheduler.notify_channels.web_server import drips, hangs, hangs_up, says, web_server

OWN = (ip_network(LOOPBACK),)
CHANNEL = WebhookChannel(OWN)
BEFORE_HEADERS = b""
IN_HEADERS = b"HTTP/1.1 500 X\r\nX-Long: "
IN_BODY = b"HTTP/1.1 500 X\r\nContent-Length: 1000000\r\n\r\n"


def hook(url: str, **values) -> Envelope:
    return enveloped(channel="webhook", address=url, **values)


def call(receiver, seconds: float = 20, **values) -> None:
    WebhookChannel(OWN, seconds).send(hook(receiver.url(), **values), datetime.now(UTC))


def test_a_call_is_signed_by_the_standard():
    with web_server(says(204)) as receiver:
        call(receiver, payload={"type": "deadline.moved", "url": "https://aarshjul.example/f"})
    first, headers, body = receiver.calls[0]
    assert first == "POST /inn?fylke=46 HTTP/1.1"
    assert headers["host"] == f"127.0.0.1:{receiver.port}"
    told = Webhook(SECRET).verify(body, headers)
    assert told["type"] == "deadline.moved"
    assert told["data"]["url"] == "https://aarshjul.example/f"
    assert told["data"]["id"] == "endring/7/46/inntak/1"
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(body.replace(b"46", b"47"), headers)


def test_an_attempt_more_has_the_same_id_and_body():
    with web_server(says(500, "Vi er nede"), says(200)) as receiver:
        with pytest.raises(TransientFault, match="500: Vi er nede"):
            call(receiver)
        call(receiver)
    (_, first, body), (_, again, body_again) = receiver.calls
    assert first["webhook-id"] == again["webhook-id"]
    assert body == body_again


@pytest.mark.parametrize("answer", [hangs, hangs_up], ids=["hangs", "hangs up"])
def test_a_server_that_does_not_answer_is_given_up_and_tried_again(answer):
    with web_server(answer) as receiver, pytest.raises(TransientFault, match="svarte ikke"):
        call(receiver, seconds=0.5)


@pytest.mark.parametrize("start", [BEFORE_HEADERS, IN_HEADERS, IN_BODY])
def test_a_server_that_drips_is_cut_off(start):
    with web_server(drips(start)) as receiver, pytest.raises(TransientFault):
        call(receiver, seconds=0.5)
    assert receiver.finished == ["cut off"]


def test_without_an_id_nobody_knows_whether_a_call_arrived():
    with web_server(hangs) as receiver, pytest.raises(UnansweredFault):
        post(receiver.url(), b"{}", {}, OWN, 0.5)


def test_a_redirect_is_not_followed():
    with (
        web_server(says(200)) as inner,
        web_server(says(307, Location=inner.url("localhost"))) as outer,
    ):
        with pytest.raises(
            PermanentFault, match=f"viste videre til «http://localhost:{inner.port}"
        ):
            call(outer)
        assert inner.calls == []


@pytest.mark.parametrize(
    ("status", "fault"),
    [(408, TransientFault), (429, TransientFault), (503, TransientFault), (404, PermanentFault)],
)
def test_the_answer_decides_whether_to_try_again(status, fault):
    with web_server(says(status)) as receiver, pytest.raises(fault, match=str(status)):
        call(receiver)


def test_a_receiver_that_is_gone_says_so():
    with web_server(says(410, "Nedlagt")) as receiver, pytest.raises(GoneFault, match="Nedlagt"):
        call(receiver)


def test_a_long_refusal_is_cut_and_its_control_signs_are_left_out():
    long = "\x1b[31mNei\r\n" + "x" * 200_000
    with web_server(says(400, long)) as receiver, pytest.raises(PermanentFault) as told:
        call(receiver)
    assert str(told.value).startswith("Svarte 400: [31mNei xx")
    assert len(str(told.value)) <= len("Svarte 400: ") + MOST_WORDS


def test_a_server_that_is_not_there_is_tried_again():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/"
        with pytest.raises(TransientFault, match="kontakt"):
            CHANNEL.send(hook(url), NOW)


def test_loopback_is_not_called_unless_it_is_our_own():
    with web_server(says(200)) as receiver:
        for host in ("127.0.0.1", "localhost", "127.1"):
            with pytest.raises(PermanentFault):
                WebhookChannel().send(hook(receiver.url(host)), NOW)
            with pytest.raises(PermanentFault):
                WebhookChannel().send(hook(receiver.url(host, "https")), NOW)
        assert receiver.calls == []


def test_a_name_is_looked_up_once(monkeypatch):
    """A name that answers with a private address the second time it is asked gains nothing."""
    asked, real = [], socket.getaddrinfo

    def rebinding(host, port, *rest, **named):
        if host == "fylke.example":
            asked.append(host)
            assert len(asked) == 1, "looked up again"
            host = "127.0.0.1"
        return real(host, port, *rest, **named)

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    with web_server(says(200)) as receiver:
        CHANNEL.send(hook(receiver.url("fylke.example")), NOW)
    assert receiver.calls[0][1]["host"] == f"fylke.example:{receiver.port}"


def test_tls_is_checked_against_the_name_and_not_the_address(tls, trusted):
    with web_server(says(200), tls=tls) as receiver:
        CHANNEL.send(hook(receiver.url("localhost", "https")), NOW)
        with pytest.raises(TransientFault, match="kontakt"):
            CHANNEL.send(hook(receiver.url("127.0.0.1", "https")), NOW)
    assert len(receiver.calls) == 1


def test_a_certificate_that_nobody_vouches_for_gets_no_call(tls):
    refused = pytest.raises(TransientFault, match="kontakt")
    with web_server(says(200), tls=tls) as receiver, refused:
        CHANNEL.send(hook(receiver.url("localhost", "https")), NOW)
    assert receiver.calls == []


@pytest.mark.parametrize("secret", ["", "whsec_", "ikke base64"])
def test_a_contact_without_a_secret_gets_no_unsigned_call(secret):
    with web_server(says(200)) as receiver:
        envelope = Envelope(message("a", channel="webhook", address=receiver.url()), secret)
        with pytest.raises(PermanentFault, match="hemmelighet"):
            CHANNEL.send(envelope, NOW)
    assert receiver.calls == []


def test_the_body_keeps_norwegian_letters():
    with web_server(says(200)) as receiver:
        call(receiver, subject="Må leveres før påske")
    assert "Må leveres før påske" in receiver.calls[0][2].decode()
    assert json.loads(receiver.calls[0][2])["timestamp"] == NOW.isoformat()
