"""Damage at random: a file is either controlled or refused with reasons; nothing else happens."""

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from jobs.imports.control import FileFault, control
from tests.jobs.quality.pupils import EXPECTED, extract

WHOLE = extract({"fag": [{}, {"fagkode": "ENG1007"}]})
PLACES = st.integers(0, len(WHOLE))
PIECES = st.binary(max_size=6) | st.sampled_from(
    [b";", b"\r\n", b"\n", b"$EL;", b"TOF;", b"0", b"S"]
)
CUTS = st.lists(st.tuples(PLACES, st.integers(0, 12), PIECES), min_size=1, max_size=4)


def damaged(cuts):
    content = WHOLE
    for place, length, piece in cuts:
        content = content[:place] + piece + content[place + length :]
    return content


@settings(deadline=None, max_examples=150)
@given(CUTS)
def test_a_damaged_file_is_controlled_or_refused_and_its_numbers_are_not_told(
    tmp_path_factory, cuts
):
    path = tmp_path_factory.getbasetemp() / "damaged.txt"
    path.write_bytes(damaged(cuts))
    try:
        outcome = control(path, EXPECTED)
    except FileFault as fault:
        told = str(fault)
    else:
        told = outcome.violations.write_csv()
        loaded = (
            outcome.frames["elev"].height
            + outcome.frames["kurs"].height
            + outcome.frames["fag"].height
        )
        assert loaded + outcome.quarantined.height == outcome.rows
    assert told
    assert not re.search(r"\d{9}", told)
