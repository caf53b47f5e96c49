"""Delivering through the API: the key decides the sender, and half a file is no file."""

import io
from datetime import timedelta

import pytest

from jobs.imports.dropping import MEGABYTE
from jobs.imports.inbox import scan_inbox
from tests.web import seed
from tests.web.api.asking import V1, bearer, new_key, refused
from web.site import EXTENSION

COUNT = "skole-off-telling-okt"
HERE = f"{V1}/deliveries/{COUNT}"


@pytest.fixture
def key(engine):
    return bearer(new_key(engine, "46"))


@pytest.fixture
def settings(client):
    return client.application.extensions[EXTENSION].settings


def inbox(settings):
    return [path for path in settings.data_dir.glob("inbox/*/*/*") if path.is_file()]


def send(client, headers, content=b"TOF;1", address=HERE, name="telling.txt", **more):
    return client.post(address, query_string={"name": name}, data=content, headers=headers, **more)


def test_a_delivered_file_lies_in_the_folder_of_the_keys_county(client, key, settings):
    response = send(client, key)
    assert (response.status_code, response.json["bytes"]) == (202, 5)
    (path,) = inbox(settings)
    assert path == settings.data_dir / "inbox" / "46" / COUNT / "telling.txt"
    assert path.read_bytes() == b"TOF;1"


def test_nobody_delivers_without_a_key(client, settings):
    refused(send(client, {}), 401)
    assert inbox(settings) == []


@pytest.mark.parametrize("name", ["../a.txt", "a/b.txt", ".skjult", "a.part"])
def test_a_path_as_file_name_is_refused(client, key, settings, name):
    assert "Filnavnet" in refused(send(client, key, name=name), 422)
    assert inbox(settings) == []


def test_an_empty_file_is_refused(client, key, settings):
    nothing = {"CONTENT_LENGTH": "0"}
    assert "tom" in refused(send(client, key, b"", environ_overrides=nothing), 422)
    assert inbox(settings) == []


def test_a_file_without_a_length_is_refused(client, key):
    refused(send(client, key, b""), 411)


def test_an_unknown_deliverable_is_refused(client, key):
    sentence = refused(send(client, key, address=f"{V1}/deliveries/finnes-ikke"), 422)
    assert COUNT in sentence


def test_a_file_over_the_limit_is_refused_before_it_is_read(client, key, settings):
    too_long = {"CONTENT_LENGTH": str(settings.max_file_mb * MEGABYTE + 1)}
    refused(send(client, key, environ_overrides=too_long), 413)
    assert inbox(settings) == []


def test_a_transfer_that_breaks_off_leaves_no_file(client, key, settings):
    promised = {"CONTENT_LENGTH": "100", "wsgi.input": io.BytesIO(b"TOF;")}
    refused(send(client, key, environ_overrides=promised), 400)
    assert inbox(settings) == []


def test_a_sender_sees_its_own_files_and_no_others(client, engine, key, settings):
    assert send(client, key).status_code == 202
    scan_inbox(engine, settings.data_dir, seed.NOW, {COUNT: ("46",)}, timedelta(0))
    (item,) = client.get(f"{V1}/deliveries", headers=key).json["items"]
    assert (item["file_name"], item["state"]) == ("telling.txt", "waiting")
    other = bearer(new_key(engine, "03"))
    assert client.get(f"{V1}/deliveries", headers=other).json["items"] == []
    refused(client.get(f"{V1}/deliveries"), 401)
