"""Delivering from the browser: over a real port, the key is the sender, half a file is no file."""

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
from tests.web.api.asking import new_key

COUNT = "skole-off-telling-okt"
MOST_MB = 64
BOUNDARY = b"skille"
TYPE = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY.decode()}"}


@pytest.fixture
def config(tmp_path):
    return Settings(data_dir=tmp_path, max_file_mb=MOST_MB)


@pytest.fixture
def key(engine):
    return new_key(engine, "46")


def kept(config):
    """Every file that lies in the inbox or in the working folder."""
    found = [*config.data_dir.glob("inbox/*/*/*"), *config.data_dir.glob("work/*")]
    return [path for path in found if path.is_file()]


def post(client, key, content=b"TOF;1", name="telling.txt", deliverable=COUNT, **more):
    fields = {"leveranse": deliverable, "nokkel": key, "fil": (io.BytesIO(content), name)}
    return client.post("/lever", data=fields, **more)


def test_a_file_from_the_browser_lies_in_the_keys_county_and_is_taken_in(
    client, config, engine, key
):
    page = post(client, key)
    assert page.status_code == 200
    assert 'href="/fylke/46"' in page.text
    assert "Hva skjer nå?" in page.text
    assert page.headers["Cache-Control"] == "no-store"
    (path,) = kept(config)
    assert path == config.data_dir / "inbox" / "46" / COUNT / "telling.txt"
    (arrival,) = scan_inbox(engine, config.data_dir, seed.NOW, {COUNT: ("46",)}, timedelta(0))
    assert arrival.file_name == "telling.txt"


@pytest.mark.parametrize("wrong", ["", "aarshjul_" + "x" * 43])
def test_a_wrong_key_is_a_page_that_says_so_and_never_shows_the_key(client, config, wrong):
    page = post(client, wrong)
    assert page.status_code == 403
    assert "trukket tilbake" in page.text
    assert "x" * 43 not in page.text
    assert kept(config) == []


def test_a_sender_that_does_not_deliver_this_is_told_so(client, config, engine):
    stranger = new_key(engine, "99")
    page = post(client, stranger)
    assert page.status_code == 403
    assert "Avsenderen «99» leverer ikke" in page.text
    assert kept(config) == []


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
def test_what_cannot_be_taken_in_is_said_and_nothing_is_kept(client, config, key, said, sentence):
    page = post(client, key, **said)
    assert page.status_code == 422
    assert sentence in page.text
    assert kept(config) == []


def test_a_form_on_another_site_delivers_nothing(client, config, key):
    page = post(client, key, headers={"Sec-Fetch-Site": "cross-site"})
    assert page.status_code == 403
    assert kept(config) == []


def whole_form(key, size):
    """The bytes of the form in parts, as a browser sends them, and their length."""
    before = b"".join(
        b'--%s\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n'
        % (BOUNDARY, name, value.encode())
        for name, value in ((b"leveranse", COUNT), (b"nokkel", key))
    )
    before += (
        b'--%s\r\nContent-Disposition: form-data; name="fil"; filename="stor.txt"\r\n'
        b"Content-Type: text/plain\r\n\r\n" % BOUNDARY
    )
    after = b"\r\n--%s--\r\n" % BOUNDARY
    parts = [before, *[b"TOF;1\r\n" * 100_000] * (size // 700_000), after]
    return parts, sum(map(len, parts))


def test_a_large_file_passes_without_being_held_in_memory(app, config, key):
    parts, length = whole_form(key, 60 * MEGABYTE)
    with on_a_port(app) as address:
        tracemalloc.start()
        connection = http.client.HTTPConnection(urlsplit(address).netloc)
        connection.request("POST", "/lever", iter(parts), TYPE | {"Content-Length": str(length)})
        assert connection.getresponse().status == 200
        connection.close()
        _, most_bytes = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert most_bytes < 20 * MEGABYTE
    (path,) = kept(config)
    assert path.stat().st_size > 59 * MEGABYTE


def test_a_file_over_the_limit_is_refused_on_a_clear_page(app, config, key):
    parts, length = whole_form(key, (MOST_MB + 2) * MEGABYTE)
    with on_a_port(app) as address:
        connection = http.client.HTTPConnection(urlsplit(address).netloc)
        connection.request("POST", "/lever", iter(parts), TYPE | {"Content-Length": str(length)})
        answer = connection.getresponse()
        assert answer.status == 413
        assert f"større enn {MOST_MB} MB" in answer.read().decode()
        connection.close()
    assert kept(config) == []


def test_a_form_far_over_the_limit_is_not_even_read(client, config, key):
    length = {"CONTENT_LENGTH": str(MOST_MB * MEGABYTE * 5)}
    assert post(client, key, environ_overrides=length).status_code == 413
    assert kept(config) == []


def test_a_form_that_breaks_off_leaves_no_file(app, config, key):
    parts, length = whole_form(key, 4 * MEGABYTE)
    head = (
        f"POST /lever HTTP/1.1\r\nHost: x\r\nContent-Type: {TYPE['Content-Type']}\r\n"
        f"Content-Length: {length}\r\n\r\n"
    )
    with on_a_port(app) as address, _line_to(address) as line:
        line.sendall(head.encode() + b"".join(parts[:-2]))
        line.shutdown(socket.SHUT_WR)
        assert b"400" in line.recv(1000).split(b"\r\n")[0]
    assert kept(config) == []


def _line_to(address):
    where = urlsplit(address)
    return socket.create_connection((where.hostname, where.port))
