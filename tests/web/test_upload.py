"""Delivering from the browser: over a real port, for one's own county, half a file is no file."""

import http.client
import io
import socket
import tracemalloc
from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from jobs.imports.dropping import MEGABYTE
from jobs.imports.inbox import scan_inbox
from scheduler.settings import Settings
from tests.serving import on_a_port
from tests.web import seed

COUNT = "skole-off-telling-okt"
MOST_MB = 64
BOUNDARY = b"skille"
TYPE = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY.decode()}"}


@pytest.fixture
def config(tmp_path):
    return Settings(data_dir=tmp_path, max_file_mb=MOST_MB)


def kept(config):
    """Every file that lies in the inbox or in the working folder."""
    found = [*config.data_dir.glob("inbox/*/*/*"), *config.data_dir.glob("work/*")]
    return [path for path in found if path.is_file()]


def post(client, content=b"TOF;1", name="telling.txt", deliverable=COUNT, sender="46", **more):
    fields = {"leveranse": deliverable, "fil": (io.BytesIO(content), name)}
    if "token" in more:
        fields["csrf_token"] = more.pop("token")
    return client.post(f"/lever/{sender}", data=fields, **more)


def test_a_file_from_the_browser_lies_in_the_senders_county_and_is_taken_in(
    county_contact, config, engine
):
    page = post(county_contact)
    assert page.status_code == 200
    assert 'href="/fylke/46"' in page.text
    assert "Hva skjer nå?" in page.text
    assert page.headers["Cache-Control"] == "no-store"
    (path,) = kept(config)
    assert path == config.data_dir / "inbox" / "46" / COUNT / "telling.txt"
    (arrival,) = scan_inbox(engine, config.data_dir, seed.NOW, {COUNT: ("46",)}, timedelta(0))
    assert arrival.file_name == "telling.txt"


def test_nobody_delivers_for_another_county(client, county_contact, config):
    assert county_contact.get("/lever").location == "/lever/46"
    assert county_contact.get("/lever/34").status_code == 403
    assert post(county_contact, sender="34").status_code == 403
    assert post(county_contact, sender="national").status_code == 403
    assert client.get("/lever").location == "/logg-inn?neste=/lever"
    assert post(client).location.startswith("/logg-inn")
    assert kept(config) == []


def test_who_runs_the_service_delivers_for_any_sender_there_is(operator, config):
    assert 'href="/lever/34"' in operator.get("/lever").text
    assert operator.get("/lever/99").status_code == 404
    assert post(operator, sender="99").status_code == 404
    assert kept(config) == []
    assert post(operator, sender="34").status_code == 200
    (path,) = kept(config)
    assert path.parent.parent.name == "34"


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"content": b""}, "Filen er tom"),
        ({"name": "../../etc/passwd"}, "kan ikke være en sti"),
        ({"name": "telling.part"}, "uferdig fil"),
        ({"name": ""}, "Velg en fil."),
        ({"deliverable": "finnes-ikke"}, "Velg hva filen er"),
    ],
)
def test_what_cannot_be_taken_in_is_said_and_nothing_is_kept(
    county_contact, config, said, sentence
):
    page = post(county_contact, **said)
    assert page.status_code == 422
    assert sentence in page.text
    assert kept(config) == []


def test_a_form_on_another_site_delivers_nothing(county_contact, config):
    page = post(county_contact, headers={"Sec-Fetch-Site": "cross-site"})
    assert page.status_code == 403
    assert kept(config) == []


def test_a_form_without_the_sessions_own_token_delivers_nothing(county_contact, config):
    page = post(county_contact, headers={"Sec-Fetch-Site": "same-origin"}, token="feil")
    assert page.status_code == 400
    assert "Skjemaet er for gammelt" in page.text
    assert kept(config) == []


def whole_form(token, size):
    """The bytes of the form in parts, as a browser sends them, and their length."""
    before = b"".join(
        b'--%s\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n' % (BOUNDARY, name, value)
        for name, value in ((b"leveranse", COUNT.encode()), (b"csrf_token", token.encode()))
    )
    before += (
        b'--%s\r\nContent-Disposition: form-data; name="fil"; filename="stor.txt"\r\n'
        b"Content-Type: text/plain\r\n\r\n" % BOUNDARY
    )
    after = b"\r\n--%s--\r\n" % BOUNDARY
    parts = [before, *[b"TOF;1\r\n" * 100_000] * (size // 700_000), after]
    return parts, sum(map(len, parts))


def test_a_large_file_passes_without_being_held_in_memory(app, config, county_contact):
    parts, length = whole_form(county_contact.form_token(), 60 * MEGABYTE)
    with on_a_port(app) as address:
        tracemalloc.start()
        connection = http.client.HTTPConnection(urlsplit(address).netloc)
        headers = TYPE | {"Content-Length": str(length), "Cookie": cookie_of(county_contact)}
        connection.request("POST", "/lever/46", iter(parts), headers)
        assert connection.getresponse().status == 200
        connection.close()
        _, most_bytes = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert most_bytes < 20 * MEGABYTE
    (path,) = kept(config)
    assert path.stat().st_size > 59 * MEGABYTE


def test_a_file_over_the_limit_is_refused_on_a_clear_page(app, config, county_contact):
    parts, length = whole_form(county_contact.form_token(), (MOST_MB + 2) * MEGABYTE)
    with on_a_port(app) as address:
        connection = http.client.HTTPConnection(urlsplit(address).netloc)
        headers = TYPE | {"Content-Length": str(length), "Cookie": cookie_of(county_contact)}
        connection.request("POST", "/lever/46", iter(parts), headers)
        answer = connection.getresponse()
        assert answer.status == 413
        assert f"større enn {MOST_MB} MB" in answer.read().decode()
        connection.close()
    assert kept(config) == []


def test_a_form_far_over_the_limit_is_not_even_read(county_contact, config):
    length = {"CONTENT_LENGTH": str(MOST_MB * MEGABYTE * 5)}
    assert post(county_contact, environ_overrides=length).status_code == 413
    assert kept(config) == []


def test_a_form_that_breaks_off_leaves_no_file(app, config, county_contact):
    parts, length = whole_form(county_contact.form_token(), 4 * MEGABYTE)
    head = (
        f"POST /lever/46 HTTP/1.1\r\nHost: x\r\nContent-Type: {TYPE['Content-Type']}\r\n"
        f"Cookie: {cookie_of(county_contact)}\r\n"
        f"Content-Length: {length}\r\n\r\n"
    )
    with on_a_port(app) as address, _line_to(address) as line:
        line.sendall(head.encode() + b"".join(parts[:-2]))
        line.shutdown(socket.SHUT_WR)
        assert b"400" in line.recv(1000).split(b"\r\n")[0]
    assert kept(config) == []


def cookie_of(client):
    return f"aarshjul={client.get_cookie('aarshjul').value}"


def _line_to(address):
    where = urlsplit(address)
    return socket.create_connection((where.hostname, where.port))
