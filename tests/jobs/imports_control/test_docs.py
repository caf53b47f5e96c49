"""The printed descriptions are made from the declarations and are current."""

import re

import pytest

from jobs.codelists import FOLDER, codes
from jobs.imports.docs import PAGES, code_lists_page, formats_page
from jobs.quality.rules import load_rules


@pytest.mark.parametrize(
    ("name", "page"), [("formats.md", formats_page), ("code-lists.md", code_lists_page)]
)
def test_the_committed_page_is_current(name, page):
    committed = (PAGES / name).read_text(encoding="utf-8")
    assert committed == page(), "run: python -m jobs.imports.docs"


def test_every_code_list_is_printed_with_its_source_codes_and_validity():
    sections = dict(part.split("\n", 1) for part in code_lists_page().split("\n## ")[1:])
    assert set(sections) == {path.stem for path in FOLDER.glob("*.csv")} - {"schools"}
    for name, section in sections.items():
        assert "Kilde: " in section
        for code in codes(name).values():
            assert re.search(
                rf"^\| `{code.kode}` \| {re.escape(code.navn)} \| ", section, re.MULTILINE
            )
    assert "| `SL` | skolelei | N |  | 31.07.2022 | P |" in sections["avbruddsarsak"]
    assert "| `50` | Trøndelag | 16 17 | 01.01.2018 |  | P |" in sections["fylke"]


def test_a_layout_leads_only_to_lists_that_are_printed():
    led = set(re.findall(r"\(code-lists\.md#(\w+)\)", formats_page()))
    assert "elevstatus" in led
    assert led <= set(re.findall(r"^## (\w+)$", code_lists_page(), re.MULTILINE))


def test_every_rule_is_printed_with_both_examples():
    page = formats_page()
    for rule in load_rules():
        assert f"### {rule.id} {rule.tittel}" in page
    assert (
        page.count("- Bryter: ")
        == page.count("- Holder: ")
        == len([r for r in load_rules() if r.eksempel])
    )
