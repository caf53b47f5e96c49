"""The bundled code lists: readable, labelled, and of the forms the handbook gives."""

import re

import pytest

from jobs.codelists import FOLDER, codes, counties, schools, table

LISTS = sorted(path.stem for path in FOLDER.glob("*.csv") if path.stem != "schools")


@pytest.mark.parametrize("name", LISTS)
def test_every_row_carries_its_evidence(name):
    assert set(table(name)["kilde"]) <= {"S", "P", "G", "I"}


def test_a_code_has_a_norwegian_name_and_the_label_of_its_source():
    assert codes("fagstatus")["B"].navn == "mer opplæring"
    assert codes("fagstatus")["B"].kilde == "S"


def test_programme_codes_have_ten_positions():
    form = re.compile(r"[A-Z]{2}[A-Z0-9]{3}[0-9][A-Z0-9-]{4}")
    assert all(form.fullmatch(code) for code in codes("programomradekode"))


def test_there_are_fifteen_counties_now_and_eleven_before_2024():
    assert len(counties(2026)) == 15
    assert len(counties(2023)) == 11
    assert counties(2026)["46"] == "Vestland"


def test_every_county_has_schools_of_the_series_it_needs():
    register = schools()
    assert set(register["fylkesnummer"]) == set(counties(2026))
    for county in counties(2026):
        ours = register.filter(fylkesnummer=county)
        assert set(ours["serie"]) == {"fagopplaring", "offentlig", "voksen", "privatist"}


def test_the_schools_are_plainly_synthetic_and_numbered_by_county():
    register = schools()
    assert register["skolenummer"].is_unique().all()
    assert all(name.startswith("Syntetisk ") for name in register["navn"])
    assert (register["skolenummer"].str.slice(0, 2) == register["fylkesnummer"]).all()
    assert register["navn"].str.len_chars().max() <= 40


def test_a_school_number_outside_the_known_series_has_no_series():
    assert schools().filter(skolenummer="46001")["serie"].to_list() == ["offentlig"]
