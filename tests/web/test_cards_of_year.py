"""A school year's cards in one archive: whole, the same each time, for those who may, and honest when empty."""

import csv
import io
import zipfile

import pytest
from click.testing import CliRunner
from sqlalchemy.orm import Session

from scheduler.cards.archive import packed
from scheduler.cli import cards as command
from scheduler.ledger.tables import OccurrenceRow
from tests.web import seed
from tests.web.cards_seeded import MANIFEST_SHA, SENT_AT, final_key, sent, slip
from tests.web.pdf_text import text_of
from web.deliveries import cards

YEAR = f"/kort/skolear/{seed.CYCLE}"


@pytest.fixture
def delivered(engine):
    """First deliveries of two counties, of which one has sent its final one too."""
    with Session(engine) as session, session.begin():
        for county in ("46", "03"):
            sent(session, seed.delivery_key(county))
            slip(session, seed.delivery_key(county))
        seed.request(session, final_key("46"), SENT_AT)
        sent(session, final_key("46"), stage="END", confirmed=False)


def opened(content: bytes) -> zipfile.ZipFile:
    archive = zipfile.ZipFile(io.BytesIO(content))
    assert archive.testzip() is None
    return archive


def index(archive: zipfile.ZipFile) -> dict[str, dict[str, str]]:
    text = archive.read("innhold.csv").decode("utf-8-sig")
    return {row["forekomst"]: row for row in csv.DictReader(io.StringIO(text), delimiter=";")}


def test_the_archive_holds_each_card_in_both_forms_and_an_index_of_all(operator, delivered):
    archive = opened(operator.get(f"{YEAR}.zip").data)
    listed = index(archive)
    names = set(archive.namelist())
    card = "46/stat-ssbelev-l1_2026-2027_first_46"
    assert {"innhold.csv", f"{card}.pdf", f"{card}.json"} <= names
    assert "46/stat-ssbelev-endelig_2026-2027_final_46.pdf" in names
    assert "03/stat-ssbelev-endelig_2026-2027_final_03.pdf" not in names
    assert MANIFEST_SHA in text_of(archive.read(f"{card}.pdf")).replace("\u200b", "")
    assert (
        archive.read(f"{card}.json") == operator.get(f"/kort/{seed.delivery_key('46')}.json").data
    )
    first, final = listed[seed.delivery_key("46")], listed[final_key("46")]
    assert (first["stand"], first["manifest_sha256"], first["kort"]) == (
        "confirmed",
        MANIFEST_SHA,
        f"{card}.pdf",
    )
    assert (final["stand"], final["kvittert"]) == ("unconfirmed", "")
    waits = listed[final_key("03")]
    assert (waits["stand"], waits["kort"]) == ("not-sent", "")
    assert {row["kort"] for row in listed.values()} - {""} == {
        n for n in names if n.endswith("pdf")
    }


def test_the_same_year_is_the_same_bytes(operator, delivered):
    first = operator.get(f"{YEAR}.zip").data
    cards._typeset.cache_clear()
    assert operator.get(f"{YEAR}.zip?lang=en").data == first


def test_a_county_gets_its_own_alone(county_contact, delivered):
    archive = opened(county_contact.get(f"{YEAR}/46.zip").data)
    assert {row["fylke"] for row in index(archive).values()} == {"46"}
    assert county_contact.get(f"{YEAR}/03.zip").status_code == 403
    assert county_contact.get(f"{YEAR}.zip").status_code == 403


def test_a_year_without_deliveries_says_so(operator, engine):
    later = "2031-2032"
    with Session(engine) as session, session.begin():
        now = session.get_one(OccurrenceRow, final_key("03"))
        columns = {c.name: getattr(now, c.name) for c in OccurrenceRow.__table__.columns}
        key = now.key.replace(seed.CYCLE, later)
        session.add(OccurrenceRow(**{**columns, "key": key, "cycle": later}))
    archive = opened(operator.get(f"/kort/skolear/{later}.zip").data)
    assert archive.namelist() == ["innhold.csv", "ingen-leveringer.txt"]
    assert later in archive.read("ingen-leveringer.txt").decode()
    assert list(index(archive)) == [key]
    for page in (f"/tavle?skolear={later}", f"/fylke/03?skolear={later}"):
        assert "ingen leveringskort å laste ned" in operator.get(page).text


@pytest.mark.parametrize("address", ["1999-2000.zip", "2026-2027/99.zip", "..%2f.zip"])
def test_an_unknown_year_or_county_is_not_found(operator, address):
    assert operator.get(f"/kort/skolear/{address}").status_code == 404


def test_the_pages_lead_to_the_archive_for_those_who_may(
    client, operator, county_contact, delivered
):
    assert f"{YEAR}.zip" in operator.get("/tavle").text
    assert f"{YEAR}/46.zip" in county_contact.get("/fylke/46").text
    assert "leveringer er begynt" in operator.get("/tavle").text
    for browser, page in ((client, "/tavle"), (client, "/fylke/46"), (county_contact, "/fylke/03")):
        assert "/kort/skolear" not in browser.get(page).text


def test_the_archive_comes_in_pieces_as_it_is_made():
    asked = []

    def members():
        for n in range(3):
            asked.append(n)
            yield f"{n}.txt", b"x" * 1000

    pieces = packed(members())
    assert next(pieces)
    assert asked == [0]
    whole = b"".join([next(packed(iter([("0.txt", b"x" * 1000)]))), *pieces])
    assert opened(whole).namelist() == ["0.txt", "1.txt", "2.txt"]


@pytest.fixture
def ordered(config, engine, monkeypatch, tmp_path):
    for place in ("scheduler.cli.cards", "scheduler.cli.operate"):
        monkeypatch.setattr(f"{place}.settings", lambda: config)

    def run(out: str, *words: str):
        path = tmp_path / "ut" / out
        return CliRunner().invoke(command.cards, [*words, "--out", str(path)]), path

    return run


def test_the_command_writes_the_same_card_and_archive(ordered, operator, delivered):
    key = seed.delivery_key("46")
    result, out = ordered("kort.pdf", key)
    assert result.output == f"Leveringskortet er skrevet til {out}.\n"
    assert out.read_bytes() == operator.get(f"/kort/{key}.pdf").data
    result, out = ordered("kort.json", key)
    assert out.read_bytes() == operator.get(f"/kort/{key}.json").data
    result, out = ordered("år.zip", "--school-year", seed.CYCLE, "--county", "46")
    assert result.exit_code == 0
    assert out.read_bytes() == operator.get(f"{YEAR}/46.zip").data
    assert "2 leveringskort, SHA-256 " in result.output


@pytest.mark.parametrize(
    ("words", "said", "code"),
    [
        ((final_key("46"),), "det er ikke noe å arkivere", 1),
        (("finnes-ikke",), "«finnes-ikke» er ikke en levering med kort.", 1),
        ((), "Oppgi enten en nøkkel eller --school-year", 2),
        (("nøkkel", "--school-year", seed.CYCLE), "Oppgi enten en nøkkel", 2),
        (("--school-year", "1999-2000"), "«1999-2000» er ikke et skoleår i databasen.", 2),
        (("--school-year", seed.CYCLE, "--county", "99"), "«99» er ikke et fylkesnummer", 2),
    ],
)
def test_the_command_says_what_it_cannot_and_writes_nothing(ordered, words, said, code):
    result, out = ordered("kort.pdf", *words)
    assert result.exit_code == code
    assert said in " ".join(result.output.split())
    assert not out.exists()
