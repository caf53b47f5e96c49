"""The glossary: every word with its sentence, and a link to it where a page says the word first."""

import re

import pytest
from markupsafe import Markup

from tests.web import changed, seed
from web.words.glossary import explained, terms
from web.words.language import speaking

MARKED = Markup('<span title="VIGO" lang="nb">OSMO</span>')
LINK = re.compile(r'<a class="ds-link term" href="/ordliste#([\w-]+)">(.*?)</a>')


@pytest.fixture
def said(app):
    """A text as a page shows it: the links in it as (word's id, how it stands)."""

    def links(*texts, code="nb"):
        with app.test_request_context("/"), speaking(code):
            return LINK.findall("".join(explained(text) for text in texts))

    return links


def test_the_page_has_every_word_once_with_its_sentence_in_the_alphabets_order(client):
    page = client.get("/ordliste").text
    shown = re.findall(r'<dt id="([\w-]+)">(.*?)</dt>\s*<dd>(.*?)</dd>', page)
    assert {(id_, meaning) for id_, _, meaning in shown} == {(t.id, t.meaning) for t in terms()}
    assert len(shown) == len(terms()) > 25
    words = [word.casefold() for _, word, _ in shown]
    assert words[:2] == ["ajourhold", "elevkurs"]
    assert words.index("formidling") < words.index("fullførtkode") < words.index("første levering")
    assert all(meaning.endswith(".") for _, _, meaning in shown)


@pytest.mark.parametrize(("code", "word"), [("nn", "Teljedato"), ("en", "Reference date")])
def test_it_is_in_the_language_of_the_page(client, code, word):
    page = client.get(f"/ordliste?lang={code}").text
    assert f'<dt id="telledato">{word}</dt>' in page
    assert "Datoen opplysningene gjelder for" not in page


def test_a_word_is_linked_where_it_stands_first_and_never_again(said):
    assert said("Telledatoen er ikke fristen. ", "En telledato flyttes aldri.") == [
        ("telledato", "Telledatoen")
    ]


def test_names_are_words_only_as_they_are_written(said):
    assert said("et grep, ssbelev, VIGOs") == []
    assert said("Grep, ssbElevFag og VIGO sentralbase") == [
        ("grep", "Grep"),
        ("ssbelev", "ssbElevFag"),
        ("vigo", "VIGO sentralbase"),
    ]


def test_a_longer_word_is_another_word(said):
    assert said("telledatoregel, Grepet, for-elevkurs") == []


def test_the_word_of_another_language_is_found_too(said):
    assert said("The reference date never moves.", code="en") == [("telledato", "reference date")]
    assert said("The reference date never moves.") == []


def test_what_is_no_markup_stays_text_and_what_is_stays_markup(app):
    with app.test_request_context("/"):
        assert explained("<b>VIGO") == (
            '&lt;b&gt;<a class="ds-link term" href="/ordliste#vigo">VIGO</a>'
        )
        with speaking("en"):
            assert explained(MARKED).startswith('<span title="VIGO" lang="nb"><a ')


@pytest.mark.parametrize(
    ("path", "ids"),
    [
        ("/frist/skole-priv-programomrader-sep", {"elevkurs", "waade", "ist"}),
        ("/frist/stat-ssbelev-endelig", {"ssbelev"}),
        (f"/forekomst/{seed.delivery_key('34')}", {"telledato", "endelig-levering", "ssbelev"}),
        (f"/forekomst/{seed.delivery_key('34')}?lang=en", {"telledato", "endelig-levering"}),
        (f"/forekomst/{changed.moved_key('46')}", {"inschool", "vigo"}),
    ],
)
def test_the_words_are_linked_where_they_stand(client, path, ids):
    found = [id_ for id_, _ in LINK.findall(client.get(path).text)]
    assert ids <= set(found)
    assert len(set(found)) == len(found)
