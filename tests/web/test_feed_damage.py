"""A disk that fails: what the feeds' addresses answer when their files are broken or gone."""

import shutil

import pytest

from scheduler.feeds import files
from tests.published import client_of, ledger_in

CHOSEN = "omrade=ot&rolle=fylke-ot"
ADDRESSES = (
    "/kalender/46.ics",
    f"/kalender/46.ics?{CHOSEN}",
    "/kalender/46/oppgaver.ics",
    "/kalender/alle.csv",
    "/kalender/46.json",
    "/endringer.atom",
)


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    folder = tmp_path_factory.mktemp("published")
    ledger_in(folder).dispose()
    return folder


@pytest.fixture
def own(published, tmp_path):
    """A folder of feeds to damage."""
    shutil.copytree(published / "feeds", tmp_path / "feeds")
    return tmp_path


DAMAGE = {"emptied": b"", "half": None, "another": b"<html></html>", "no list": b"1\n2\n3\n"}


@pytest.mark.parametrize("damage", DAMAGE)
@pytest.mark.parametrize("address", ADDRESSES)
def test_damaged_files_leave_the_last_good_bytes(own, address, damage):
    client = client_of(own)
    before = client.get(address)
    assert before.status_code == 200
    for path in (own / "feeds").iterdir():
        content = path.read_bytes()
        broken = DAMAGE[damage]
        path.write_bytes(content[: len(content) // 2] if broken is None else broken)
    after = client.get(address)
    assert (after.status_code, after.data) == (200, before.data)
    anew = client_of(own).get(address)  # a site that never saw the good ones
    assert anew.status_code == 404
    assert "Kalenderen finnes ikke" in anew.text


@pytest.mark.parametrize("address", ADDRESSES)
def test_one_damaged_twin_is_not_noticed(own, published, address):
    wanted = client_of(published).get(address).data
    for packed in (True, False):
        for name in (*files.SHELVES, "46.ics"):
            path = own / "feeds" / (f"{name}.gz" if packed else name)
            path.write_bytes(path.read_bytes()[:-30])
        assert client_of(own).get(address).data == wanted
        shutil.copytree(published / "feeds", own / "feeds", dirs_exist_ok=True)


def test_a_new_file_is_sent_at_the_next_request(own, published):
    client = client_of(own)
    address = f"/kalender/46.ics?{CHOSEN}"
    before = client.get(address)
    for ending in ("", ".gz"):
        (own / "feeds" / f"{files.EVENTS}{ending}").unlink()
    path = own / "feeds" / files.EVENTS
    path.write_bytes(
        (published / "feeds" / files.EVENTS).read_bytes().replace(b"Frist:", b"FRIST:")
    )
    after = client.get(address)
    assert after.data == before.data.replace(b"Frist:", b"FRIST:") != before.data
    assert after.headers["ETag"] != before.headers["ETag"]
