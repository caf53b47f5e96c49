"""The printed description of the deliveries is current."""

from jobs.imports.docs import PAGES
from jobs.statistics.docs import deliveries_page


def test_the_committed_page_is_current():
    committed = (PAGES / "deliveries.md").read_text(encoding="utf-8")
    assert committed == deliveries_page(), "run: python -m jobs.statistics.docs"
