"""A delivery that a person forces goes past the order of things, never past an error."""

import pytest

from jobs.api import Refusal
from tests.jobs.frames import pupils, violations
from tests.jobs.running import order
from tests.jobs.statistics.test_ssbelev import DELIVER, _date_fault, delivered, run_delivery

__all__ = ["delivered", "run_delivery"]

SEPTEMBER = {"deliverable": "skole-off-ajourhold-sep", "job": "import-school-admissions"}
FORCED = order(DELIVER, "stat-ssbelev-l1", forced=True)


def test_a_forced_delivery_goes_with_what_the_county_has_sent_beside_the_october_file(
    delivered, run_delivery
):
    delivered(pupils(2), **SEPTEMBER)
    with pytest.raises(
        Refusal, match="ingen lastet leveranse til «Import av elever, elevkurs og fag»"
    ):
        run_delivery()
    assert run_delivery(FORCED)["receipt"]


def test_a_delivery_is_never_forced_without_rows_nor_past_an_error(
    delivered, run_delivery, tmp_path
):
    with pytest.raises(Refusal, match=r"ingen lastet leveranse til .* for 2026–2027"):
        run_delivery(FORCED)
    delivered(pupils(2), broken=violations(_date_fault(7)), **SEPTEMBER)
    with pytest.raises(Refusal, match="CR-DATE-01 er brutt 1 gang"):
        run_delivery(FORCED)
    assert not (tmp_path / "outbox").exists()
