"""The catalogues hold every sentence of the site, and a fault names the sentence."""

import pytest
from babel.messages.pofile import write_po
from click.testing import CliRunner

from web.translations import sentences
from web.translations.__main__ import main
from web.words.language import NAMES, SOURCE

OTHERS = [code for code in NAMES if code != SOURCE]


@pytest.fixture
def copied(tmp_path, monkeypatch):
    """The catalogues, to be spoilt."""
    for code in OTHERS:
        path = tmp_path / f"{code}.po"
        path.write_bytes(sentences.path_of(code).read_bytes())
    monkeypatch.setattr(sentences, "CATALOGUES", tmp_path)
    return tmp_path


def spoil(code: str, change) -> None:
    catalogue = sentences.written(code)
    change(catalogue)
    with sentences.path_of(code).open("wb") as file:
        write_po(file, catalogue, omit_header=True)


@pytest.mark.parametrize("code", OTHERS)
def test_every_sentence_is_translated_and_no_other(code):
    assert sentences.faults(code) == []


def test_sentences_come_from_templates_python_and_tables():
    found = sentences.template()
    assert len([message for message in found if message.id]) > 700
    for said in (
        "Hopp til innholdet",
        "Fant ikke siden",
        "Levert etter fristen",
        "Venter på %(what)s",
    ):
        assert said in found
    assert found["ett fylke"].id == ("ett fylke", "%(num)s fylker")


def test_a_sentence_without_translation_is_named(copied):
    spoil("nn", lambda catalogue: catalogue.delete("Fant ikke siden"))
    assert sentences.faults("nn") == ["mangler: Fant ikke siden"]


def test_a_plural_without_its_second_form_is_lacking(copied):
    def change(catalogue) -> None:
        catalogue["ett fylke"].string = ("one county", "")

    spoil("en", change)
    assert sentences.faults("en") == ["mangler: ett fylke"]


def test_a_sentence_that_nothing_says_is_named(copied):
    spoil("en", lambda catalogue: catalogue.add("Sagt en gang.", "Said once."))
    assert sentences.faults("en") == ["brukes ikke: Sagt en gang."]


def test_a_translation_that_fills_in_other_names_is_named(copied):
    def change(catalogue) -> None:
        catalogue["Versjon %(number)s"].string = "Version %(numer)s"

    spoil("en", change)
    assert sentences.faults("en") == ["andre navn i %( )s: Versjon %(number)s"]


def test_update_takes_in_what_is_new_and_leaves_a_complete_catalogue_as_it_is(copied):
    before = {code: (copied / f"{code}.po").read_bytes() for code in OTHERS}
    runner = CliRunner()
    assert runner.invoke(main, ["update"]).exit_code == 0
    assert {code: (copied / f"{code}.po").read_bytes() for code in OTHERS} == before
    spoil("nn", lambda catalogue: catalogue.delete("Fant ikke siden"))
    told = runner.invoke(main, ["update"])
    assert told.exit_code == 1
    assert told.output == "nn: mangler: Fant ikke siden\n"
    assert "Fant ikke siden" in sentences.written("nn")
