"""Each page is in the language asked for, and what stays in its author's is marked so."""

import re
from html.parser import HTMLParser

import pytest

from scheduler.ledger.pause import Pause
from scheduler.ledger.state import State, Status
from scheduler.settings import PROJECT_ROOT
from tests.web import seed
from tests.web.test_pages import PAGES
from web import create_app
from web.words import dates, text
from web.words.language import COOKIE, NAMES, SOURCE
from web.words.language import language as current

OTHERS = ("nn", "en")
READ = [page for page in PAGES if not page.endswith(".svg")]
# Words that each language has none of, whoever writes it.
FOREIGN = {
    "nn": {"ikke", "hva", "hvem", "hvordan", "fra", "noe", "være", "uke", "skoleåret", "frister"},
    "en": {"ikke", "hva", "hvem", "og", "eller", "fra", "frist", "frister", "fylke", "skoleåret"}
    | {"dager", "ingen", "er", "av", "som", "til", "kl", "mandag", "oktober", "korleis"},
}
VOID = {"meta", "link", "input", "br", "img", "hr"}
GOLDEN = {
    "nn": ("Skuleåret 2026–2027", "I dag er det tysdag 27. oktober 2026.", "stadfesta dato"),
    "en": ("School year 2026–2027", "Today is Tuesday 27 October 2026.", "confirmed date"),
}


class Spoken(HTMLParser):
    """The words of a page by the language that they are marked with."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, str]] = []
        self.words: dict[str, list[str]] = {}

    def handle_starttag(self, tag, attrs) -> None:
        if tag not in VOID:
            said = dict(attrs).get("lang") or (self.open[-1][1] if self.open else "")
            self.open.append((tag, said))

    def handle_startendtag(self, tag, attrs) -> None:
        pass

    def handle_endtag(self, tag) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data) -> None:
        if self.open and self.open[-1][0] not in ("script", "style", "title", "code"):
            self.words.setdefault(self.open[-1][1], []).append(data)


def spoken(client, address: str, code: str) -> str:
    """The page's words in its own language, without the names of counties."""
    page = client.get(address, headers={"Accept-Language": code})
    assert page.status_code == 200
    assert f'<html lang="{code}"' in page.text
    reader = Spoken()
    reader.feed(page.text)
    words = " ".join(reader.words[code])
    return words.replace("Møre og Romsdal", "").replace("Øst-Finnmark", "")


@pytest.mark.parametrize("code", OTHERS)
@pytest.mark.parametrize(
    "address",
    [
        *READ,
        *("/endringer", "/varsler", "/varsler/neste-uke"),
        *("/lever", "/lever/46", "/konto", "/logg-inn"),
    ],
)
def test_no_page_lapses_into_bokmaal(operator, address, code):
    words = set(re.findall(r"\w+", spoken(operator, address, code).lower()))
    assert words & FOREIGN[code] == set()


@pytest.mark.parametrize("code", OTHERS)
def test_the_front_page_says_the_same_in_each_language(client, code):
    page = " ".join(spoken(client, "/", code).split())
    assert all(words in page for words in GOLDEN[code])


def test_bokmaal_is_what_a_reader_gets_who_asks_for_nothing(client):
    assert '<html lang="nb"' in client.get("/").text
    assert 'lang="nb"' not in client.get("/").text.split("<main")[1].split("</main>")[0]


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("no", "nb"),
        ("nb-NO,nb;q=0.9,en;q=0.8", "nb"),
        ("nn-NO,nn;q=0.9,no;q=0.8", "nn"),
        ("en-GB,en;q=0.9", "en"),
        ("sv,de;q=0.5", "nb"),
        ("de,en;q=0.3", "en"),
    ],
)
def test_the_browsers_wish_is_heard(client, header, code):
    assert f'<html lang="{code}"' in client.get("/om", headers={"Accept-Language": header}).text


def test_a_choice_in_the_address_is_remembered_before_the_browsers_wish(client):
    answer = client.get("/om?lang=nn", headers={"Accept-Language": "en"})
    assert '<html lang="nn"' in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith(f"{COOKIE}=nn;")
    assert all(word in cookie for word in ("HttpOnly", "SameSite=Lax", "Path=/", "Max-Age="))
    assert '<html lang="nn"' in client.get("/tavle", headers={"Accept-Language": "en"}).text


def test_an_unknown_language_changes_nothing(client):
    answer = client.get("/om?lang=%3Cscript%3E")
    assert '<html lang="nb"' in answer.text
    assert "Set-Cookie" not in answer.headers


def test_the_switch_is_links_to_the_same_page(client):
    page = client.get("/tavle?fylke=46&lang=nn").text
    links = re.findall(r'<li><a href="([^"]+)" lang="(..)" hreflang="(..)"', page)
    assert links == [(f"/tavle?fylke=46&amp;lang={code}", code, code) for code in NAMES]
    for _, code, _ in links:
        assert f'<html lang="{code}"' in client.get(f"/tavle?fylke=46&lang={code}").text


@pytest.mark.parametrize(
    "path", ["//example.org/x", "/%2F%2Fexample.org", "/a%22b%3Cc", "/%5Cexample.org"]
)
def test_the_switch_never_leads_to_another_site(client, path):
    page = client.get(path, follow_redirects=True).text
    links = re.findall(r'href="([^"]+)" lang="', page)
    assert len(links) == len(NAMES)
    assert all(re.match(r"/[^/\\<]", link) for link in links)


def test_a_page_tells_caches_what_it_depends_on(client):
    answer = client.get("/tavle", headers={"Accept-Language": "nn"})
    assert answer.headers["Content-Language"] == "nn"
    assert {"Accept-Language", "Cookie"} <= {
        word.strip() for word in answer.headers["Vary"].split(",")
    }
    assert "Accept-Language" not in client.get("/robots.txt").headers.get("Vary", "")


def test_what_the_calendar_says_is_marked_as_its_authors(client):
    page = client.get(
        f"/forekomst/{seed.delivery_key('34')}", headers={"Accept-Language": "en"}
    ).text
    assert '<h1 class="ds-heading" data-size="lg"><span lang="nb">ssbElev' in page
    assert f'<li><span lang="nb">{seed.REASON}</span></li>' in page


def test_machines_are_answered_the_same_in_every_language(client):
    for address in ("/api/v1/occurrences", "/api/v1/finnes-ikke", "/kalender/46.ics"):
        plain = client.get(address)
        assert client.get(address, headers={"Accept-Language": "en"}).data == plain.data


def test_an_error_is_told_in_the_readers_language(client):
    answer = client.get("/fylke/99", headers={"Accept-Language": "en"})
    assert answer.status_code == 404
    assert "Found no county with the number 99." in answer.text
    assert "Page not found" in client.get("/x", headers={"Accept-Language": "en"}).text


@pytest.fixture(params=NAMES)
def spoken_here(request, config):
    """A request in each of the languages."""
    app = create_app(config)
    with app.test_request_context(headers={"Accept-Language": request.param}):
        app.preprocess_request()
        yield current()
    assert current() == SOURCE
    app.extensions["aarshjul"].engine.dispose()


def test_authors_words_are_marked_whole_whatever_they_are(spoken_here):
    pause = Pause(1, None, None, None, "kari", "span", seed.NOW)
    status = Status(State.WAITING, awaits=("nb & <b>",), quiet="lang", pause=pause)
    marks = {"nb": ("", ""), "nn": ('<span lang="nb">', "</span>")}
    before, after = marks.get(spoken_here, marks["nn"])
    told = str(text.label(status))
    for word in ("nb &amp; &lt;b&gt;", "lang", "span"):
        assert f"{before}{word}{after}" in told
        told = told.replace(f"{before}{word}{after}", "·", 1)
    assert not re.search(r"[<>\"&]", told)


def test_days_times_and_numbers_are_written_as_the_language_does(spoken_here):
    at = seed.NOW.replace(day=5, hour=23)
    written = {
        "nb": ("6. oktober 2026 kl. 01.30", "06.10.2026 kl. 01.30.00", "tirsdag", "5.–9. oktober"),
        "nn": ("6. oktober 2026 kl. 01.30", "06.10.2026 kl. 01.30.00", "tysdag", "5.–9. oktober"),
        "en": ("6 October 2026 at 01:30", "6 Oct 2026 01:30:00", "Tuesday", "5–9 October"),
    }[spoken_here]
    days = dates.span(at.date(), at.date().replace(day=9))
    assert (
        dates.instant(at),
        dates.clock(at),
        dates.weekday(at.date().replace(day=6)),
        days,
    ) == written
    assert dates.clock_time("12:00") == {"en": "12:00"}.get(spoken_here, "kl. 12.00")
    assert text.number(12345) == {"en": "12,345"}.get(spoken_here, "12\u00a0345")
    assert (
        text.working_days(-2)
        == {
            "nb": "minus to arbeidsdager",
            "nn": "minus to arbeidsdagar",
            "en": "minus two working days",
        }[spoken_here]
    )


def test_the_scripts_say_nothing_of_their_own():
    """What a script shows stands in the page, in the page's language."""
    for script in (PROJECT_ROOT / "web/static").glob("*.js"):
        code = re.sub(
            r"/\*.*?\*/|//[^\n]*", "", script.read_text(encoding="utf-8"), flags=re.DOTALL
        )
        assert not re.search(r'"[A-ZÆØÅ][a-zæøå]{3,}[^"]*"', code.replace("ArrowRight", "")), script


def test_a_posters_words_are_in_bokmaal_for_every_reader(client):
    plain = client.get("/hjul.pdf?fylke=46").data
    assert client.get("/hjul.pdf?fylke=46", headers={"Accept-Language": "en"}).data == plain


@pytest.mark.parametrize(
    ("code", "months"),
    [
        ("nb", ["august", "september", "oktober"]),
        ("nn", ["august", "september", "oktober"]),
        ("en", ["August", "September", "October"]),
    ],
)
def test_the_wheel_names_its_months_from_august_on(client, code, months):
    drawing = client.get("/hjul.svg", headers={"Accept-Language": code}).text
    assert re.findall(r"<textPath[^>]*>(\w+)</textPath></text>", drawing)[:3] == months
