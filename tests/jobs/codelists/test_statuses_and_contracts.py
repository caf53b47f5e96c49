"""The lists of contracts, applications and the follow-up service: whole, and tied to each other."""

from datetime import date

import pytest
from sqlalchemy import String

from jobs.codelists import FOLDER, codes, counties, table
from jobs.identity import vigo_counties
from scheduler.schema import TABLES

LISTS = {path.stem for path in FOLDER.glob("*.csv")} - {"schools"}


def column(name, of):
    """A column of a list, by code."""
    return dict(table(name).select("kode", of).iter_rows())


def grouped(name, by="gruppe"):
    """How many codes of a list stand in each group."""
    return dict(table(name).group_by(by).len().iter_rows())


def test_a_register_column_is_as_wide_as_the_codes_it_holds():
    every = (column for schema in TABLES for held in schema.tables.values() for column in held.c)
    checked = {held.name: held.type for held in every if held.name in LISTS}
    assert {"svar", "kontraktstype", "avslutningskode", "inntaksvedtak"} <= set(checked)
    for name, kind in checked.items():
        assert isinstance(kind, String)
        assert max(map(len, codes(name))) <= kind.length, name


def test_the_follow_up_service_has_its_23_statuses_in_five_groups():
    assert grouped("otstatus") == {"1": 1, "2": 1, "3": 7, "4": 5, "5": 9}
    assert set(grouped("otstatus")) == set(codes("otgruppe"))
    assert column("otgruppe", "malgruppe") == {"1": "J", "2": "J", "3": "J", "4": "J", "5": "N"}


def test_the_status_list_of_the_follow_up_service_begins_in_2011():
    assert not codes("otstatus", date(2011, 9, 14))
    assert len(codes("otstatus", date(2011, 9, 15))) == 21
    assert {"OTVF", "OTVF_IM"} == set(codes("otstatus")) - set(codes("otstatus", date(2015, 6, 1)))


def test_every_reason_for_registration_lies_in_a_group_that_is_itself_a_reason():
    groups = column("tilmeldingskode", "gruppe")
    assert {"OSON", "OSNP", "OSUT", "OSVE", "OESL", "OSMO"} <= set(groups)
    assert all(groups[group] == group for group in groups.values())
    assert codes("tilmeldingskode")["OSMO"].kilde == "S"


def test_the_status_of_a_wish_lies_in_one_of_our_own_statuses():
    groups = column("soknadsstatus", "gruppe")
    own = {code.kode for code in codes("soknadsstatus").values() if code.kilde == "I"}
    assert set(groups.values()) - {None} <= own
    assert {groups[code] for code in ("61", "77")} == {"IKKEAKT"}
    assert column("soknadsstatus", "kortnavn")["82"] == "UKVAL2"


def test_a_status_of_unknown_meaning_has_no_group():
    unknown = {
        code.kode for code in codes("soknadsstatus").values() if code.navn == "betydning ikke kjent"
    }
    groups = column("soknadsstatus", "gruppe")
    assert unknown == {code for code, group in groups.items() if group is None}
    assert len(unknown) == 14


def test_the_codes_that_end_a_contract_are_the_fifteen_of_the_handbook():
    published = "AB S1 S2 UP AR AS BR FL FV ON OP PS EK OK AF"
    assert " ".join(codes("avslutningskode")) == published


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("kontraktstype", "LOBSJ"),
        ("provetype", "FSKP"),
        ("provestatus", "PGIA"),
        ("provekandidattype", "LOPBSJ"),
        ("hevet_av", "LBFE"),
        ("sluttkompetanse", "SYKP"),
        ("ajourholdskode", "NSIV"),
    ],
)
def test_a_list_of_letters_is_whole(name, expected):
    assert "".join(codes(name)) == expected


def test_our_own_codes_are_labelled_so():
    own = ("kontraktstype", "provetype", "svar", "rettsvedtak", "inntaksvedtak", "sluttkompetanse")
    for name in own:
        assert {code.kilde for code in codes(name).values()} == {"I"}


def test_the_right_is_told_with_the_number_of_statistics_norway():
    assert column("rettstype", "ssb") == {"I": "1", "U": "2", "V": "3", "F": "4"}


def test_a_programme_code_begins_with_a_programme_there_is():
    assert {code[:2] for code in codes("programomradekode")} == set(codes("utdanningsprogram"))


def test_no_county_has_the_number_of_a_place_outside_the_counties():
    assert not vigo_counties() & set(codes("sarfylke"))


def test_the_follow_up_service_has_343_synthetic_units_and_a_central_one_in_each_county():
    units = table("otenhet")
    assert units.height == 343
    assert units["navn"].str.starts_with("Syntetisk ").all()
    central = units.filter(sentral="J")
    assert sorted(central["fylkesnummer"]) == sorted(counties(date(2026, 10, 1)))
    assert (units["kode"].str.slice(0, 2) == units["fylkesnummer"]).all()


def test_every_municipality_number_has_one_local_unit():
    local = table("otenhet").filter(sentral="N").sort("kommune_fra")
    for county in local["fylkesnummer"].unique():
        limits = local.filter(fylkesnummer=county).select("kommune_fra", "kommune_til").rows()
        covered = [n for low, high in limits for n in range(int(low), int(high) + 1)]
        assert covered == list(range(int(county) * 100 + 1, int(county) * 100 + 100))


def test_the_reasons_that_announce_a_continuation_are_marked():
    marked = column("avbruddsarsak", "fortsetter")
    assert {code for code, word in marked.items() if word == "J"} == {"AP", "AS", "LA", "UV", "PM"}


def test_a_unit_lies_in_the_series_of_school_numbers_for_the_follow_up_service():
    series = table("skoleserie").filter(kode="ot").row(0, named=True)
    places = table("otenhet")["kode"].str.slice(2)
    assert places.is_between(series["nummer_fra"], series["nummer_til"]).all()
