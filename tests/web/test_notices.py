"""The page of notices: who has answered, what was sent and what was not, and no secrets."""

import re

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.notify.tables import MessageRow, NoticeRow
from tests.web import changed
from tests.web.test_pages import text_of
from web.access.masking import masked


@pytest.fixture
def published(engine, moved):
    changed.answer(engine, moved, "03")
    return moved


def section(client, title: str, address: str = "/varsler") -> str:
    return text_of(client, address).partition(title)[2]


def test_the_versions_that_wait_show_every_county_and_role(published, operator):
    shown = section(operator, "Venter på kvittering").split("Sendt og ikke sendt")[0]
    assert "Versjon 2 : 1 av 15 fylker har kvittert" in shown
    assert "Fylkets ansvarlige for skoledata" in shown
    assert "Oslo Kvittert 20.10.2026 kl. 10.00 av Skolekontoret" in shown
    assert "Finnmark Ikke kvittert" in shown


def test_what_has_gone_further_up_says_to_whom(client, engine, published):
    with Session(engine) as session, session.begin():
        notice = session.get_one(NoticeRow, f"endring/{published}/46/{changed.ROLE}")
        notice.level = 2
    shown = section(client, "Venter på kvittering")
    assert (
        "Vestland Ikke kvittert varslet videre til stedfortreder leder varsles 26.10.2026" in shown
    )


def test_a_county_sees_its_own(client, engine, published):
    changed.send(engine, "46")
    changed.send(engine, "03")
    page = client.get("/varsler?fylke=46").text
    assert set(re.findall(r"Melding \d til (\d\d)", page)) == {"46"}
    assert re.findall(r'<th scope="row">([A-ZÆØÅ][^<]+)</th>', page) == ["Vestland"]


def test_when_all_have_answered_nothing_waits(client, engine, moved):
    for county in ("03", *_counties(client)):
        changed.answer(engine, moved, county)
    assert "Ingen varsler venter på kvittering." in text_of(client, "/varsler")


def _counties(client) -> list[str]:
    return re.findall(r'<option value="(\d\d)"', client.get("/varsler").text)


def test_each_message_says_what_became_of_it(operator, engine):
    changed.send(engine)
    shown = section(operator, "Sendt og ikke sendt")
    for words in (
        "Melding 0 til 46 Påminnelse Fylkets ansvarlige for skoledata, Vestland",
        "E-post: s***@fylke46.example Sendt",
        "Vet ikke om den kom fram",
        "Gitt opp Avvist av mottakeren.",
        "Ikke sendt, var ikke lenger sann",
        "Skal sendes",
    ):
        assert words in shown


def test_what_a_person_must_look_at_comes_first(client, engine):
    changed.send(engine)
    shown = section(client, "Meldinger et menneske må se på").split("Venter på kvittering")[0]
    assert re.findall(r"Melding (\d)", shown) == ["1", "2"]


def test_without_trouble_nobody_is_asked_to_look(client, engine):
    changed.send(engine, fates=("sent", "planned"))
    assert "Meldinger et menneske må se på" not in client.get("/varsler").text


def test_no_address_and_no_token_is_shown(client, engine, published):
    changed.send(engine)
    with Session(engine) as session:
        secrets = [*session.scalars(select(NoticeRow.token))]
        secrets += session.scalars(select(MessageRow.address)).all()
    assert len(secrets) > 15
    for address in ("/varsler", f"/endringer/{published}", "/endringer", "/tavle"):
        page = client.get(address).text
        assert [secret for secret in secrets if secret in page] == []


def test_the_trail_is_paged_newest_first(client, engine):
    changed.send(engine, fates=("sent",) * 120)
    seen = []
    for page in (1, 2, 3):
        shown = client.get(f"/varsler?side={page}").text
        seen.append([int(n) for n in re.findall(r"Melding (\d+) til", shown)])
        assert ("Eldre meldinger" in shown) is (page < 3)
        assert ("Nyere meldinger" in shown) is (page > 1)
    assert [n for page in seen for n in page] == list(range(120))


@pytest.mark.parametrize("page", ["0", "-3", "tull", "99999999999999999999", "4"])
def test_a_page_that_is_not_there_is_no_fault(client, page):
    assert client.get(f"/varsler?side={page}").status_code == 200


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("skole@fylke46.example", "s***@fylke46.example"),
        ("@fylke46.example", "***@fylke46.example"),
        ("https://hooks.example/secret?sig=abc", "https://hooks.example/***"),
        ("https://user:word@hooks.example:8443/x", "https://hooks.example/***"),
        ("odd", "***"),
    ],
)
def test_an_address_keeps_only_what_tells_which_it_was(address, shown):
    assert masked(address) == shown


def test_the_coming_week_says_what_goes_to_whom_and_what_does_not(client, engine):
    changed.send(engine, "56", fates=())
    shown = text_of(client, "/varsler/neste-uke?fylke=56")
    assert "Hva som sendes de neste 7 dagene" in shown
    assert "Onsdag 28. oktober 2026" in shown
    about = "ssbElev pr. 01.10, 1. levering Påminnelse Fylkets ansvarlige for skoledata Finnmark"
    assert re.search(rf"{about} Ja forsinket \d+ arbeidsdag", shown)
    assert not re.search(r"T[+-]\d", shown)
    assert "Nei: ingen kontakt står oppført" in shown


def test_places_that_are_told_the_same_share_a_line(client):
    shown = text_of(client, "/varsler/neste-uke")
    assert "Ansatte i OT Alle fylker Nei: ingen kontakt står oppført" in shown


def test_an_unanswered_notice_says_in_advance_who_is_told_next(client, published):
    shown = text_of(client, "/varsler/neste-uke?fylke=46")
    assert re.search(r"Endret frist: Elevdata .{0,120} Varslet videre · stedfortreder", shown)


def test_what_a_newer_version_tells_anew_is_said_to_go_no_further(client, engine, published):
    changed.edit(engine, "due: {date: 13. februar,", "due: {date: 10. februar,")
    older = section(client, f"Versjon {published} :", "/varsler").split("Sendt og ikke sendt")[0]
    assert "Finnmark Ikke kvittert avløst av et nyere varsel" in older
    newer = section(client, f"Versjon {published + 1} :").split(f"Versjon {published} :")[0]
    assert "avløst" not in newer
