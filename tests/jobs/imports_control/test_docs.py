"""The printed description is made from the declarations and is current."""

from jobs.imports.docs import PAGE, formats_page
from jobs.quality.rules import load_rules


def test_the_committed_page_is_current():
    assert PAGE.read_text(encoding="utf-8") == formats_page(), "run: python -m jobs.imports.docs"


def test_every_rule_is_printed_with_both_examples():
    page = formats_page()
    for rule in load_rules():
        assert f"### {rule.id} {rule.tittel}" in page
    assert page.count("- Bryter: ") == page.count("- Holder: ") == len(load_rules())
