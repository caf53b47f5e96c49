"""The bundled code lists: readable, labelled, and of the forms the handbook gives."""

import re
from datetime import date, timedelta
from itertools import pairwise

import pytest

from jobs.codelists import FOLDER, codes, counties, schools, table
from jobs.synth.pupils import pupils_of

LISTS = sorted(path.stem for path in FOLDER.glob("*.csv") if path.stem != "schools")


TODAY = date(2026, 10, 1)


@pytest.mark.parametrize("name", LISTS)
def test_every_list_has_codes_with_validity_and_evidence(name):
    columns = table(name).columns
    assert columns[:2] == ["kode", "navn"]
    assert columns[-3:] == ["fra", "til", "kilde"]
    assert table(name)["navn"].null_count() == 0
    assert set(table(name)["kilde"]) <= {"S", "P", "G", "I"}


@pytest.mark.parametrize("name", LISTS)
def test_a_code_stands_once_and_ends_after_it_begins(name):
    assert table(name)["kode"].is_unique().all()
    for code in codes(name).values():
        assert (code.fra or date.min) <= (code.til or date.max)


@pytest.mark.parametrize("name", LISTS)
def test_the_heading_names_the_list_and_explains_each_evidence_letter_in_it(name):
    text = (FOLDER / f"{name}.csv").read_text(encoding="utf-8")
    heading = [line for line in text.splitlines() if line.startswith("# ")]
    evidence = heading[-1].partition("Kilde: ")[2]
    for letter in set(table(name)["kilde"]):
        assert f"{letter} = " in evidence


def test_a_code_is_valid_from_its_first_to_its_last_day():
    last = date(2022, 7, 31)
    assert "SL" in codes("avbruddsarsak")
    assert "SL" in codes("avbruddsarsak", last)
    assert "SL" not in codes("avbruddsarsak", last + timedelta(days=1))
    first = date(2024, 1, 1)
    assert "VO" not in codes("karakter", first - timedelta(days=1))
    assert "VO" in codes("karakter", first)


def test_codes_without_limits_are_valid_on_every_day():
    assert codes("eksamensform", date(1990, 1, 1)) == codes("eksamensform")


def test_the_codes_of_the_2010_handbook_are_no_longer_valid():
    gone = {name: set(codes(name)) - set(codes(name, TODAY)) for name in LISTS}
    assert gone["avbruddsarsak"] == {"LV", "OP", "PS", "SL", "SV", "UH", "UK", "US", "VA"}
    assert gone["fagstatus"] == {"H", "I"}
    assert gone["elevstatus"] == {"H"}


def test_a_code_has_a_norwegian_name_and_the_label_of_its_source():
    assert codes("fagstatus")["B"].navn == "mer opplæring"
    assert codes("fagstatus")["B"].kilde == "S"


def test_programme_codes_have_ten_positions():
    form = re.compile(r"[A-Z]{2}[A-Z0-9]{3}[0-9][A-Z0-9-]{4}")
    assert all(form.fullmatch(code) for code in codes("programomradekode"))


def test_there_are_fifteen_counties_now_and_eleven_before_2024():
    assert len(counties(date(2024, 1, 1))) == 15
    assert len(counties(date(2023, 12, 31))) == 11
    assert counties(TODAY)["46"] == "Vestland"


def test_a_county_begins_the_day_after_its_predecessors_end():
    known = codes("fylke")
    merged = dict(table("fylke").select("kode", "forgjengere").drop_nulls().iter_rows())
    assert merged["46"] == "12 14"
    assert set(merged) == {code.kode for code in known.values() if code.fra}
    for county, predecessors in merged.items():
        for number in predecessors.split():
            assert known[number].til + timedelta(days=1) == known[county].fra


def test_every_county_has_schools_of_the_series_it_needs():
    register = schools()
    assert set(register["fylkesnummer"]) == set(counties(TODAY))
    for county in counties(TODAY):
        ours = register.filter(fylkesnummer=county)
        assert set(ours["serie"]) == {"fagopplaring", "offentlig", "voksen", "privatist", "privat"}


def test_the_owner_follows_the_series():
    owners = dict(schools().select("serie", "eierform").unique().iter_rows())
    units = ("fagopplaring", "offentlig", "voksen", "privatist")
    assert owners == dict.fromkeys(units, "offentlig") | {"privat": "privat"}


def test_the_private_schools_are_spread_as_the_pupils_are():
    private = schools().filter(eierform="privat")
    held = dict(private.group_by("fylkesnummer").len().iter_rows())
    pupils = {county: pupils_of(county) for county in held}
    assert private.height == 100
    for county, count in held.items():
        assert abs(count - 100 * pupils[county] / sum(pupils.values())) < 1


def test_the_series_of_school_numbers_do_not_overlap():
    limits = table("skoleserie").select("nummer_fra", "nummer_til").sort("nummer_fra").rows()
    for (_, last), (first, _) in pairwise(limits):
        assert last < first


def test_the_schools_are_plainly_synthetic_and_numbered_by_county():
    register = schools()
    assert register["skolenummer"].is_unique().all()
    assert all(name.startswith("Syntetisk ") for name in register["navn"])
    assert (register["skolenummer"].str.slice(0, 2) == register["fylkesnummer"]).all()
    assert register["navn"].str.len_chars().max() <= 40


def test_a_school_lies_in_the_series_of_its_number():
    assert schools().filter(skolenummer="46001")["serie"].to_list() == ["offentlig"]
    assert schools().filter(skolenummer="46840")["serie"].to_list() == ["privat"]
