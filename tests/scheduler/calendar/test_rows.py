"""The whole annual cycle is in the file, with its evidence, and the file's companions are current."""

from pathlib import Path

import pytest

from scheduler.calendar import expand, load_calendar
from scheduler.calendar.kinds import Activity, Kind
from scheduler.calendar.reference import reference_page
from scheduler.calendar.schema import json_schema, schema_text

ROOT = Path(__file__).parents[3]
CALENDAR = load_calendar(ROOT / "calendar.yaml")
COUNTIES = {
    "03": "Oslo",
    "11": "Rogaland",
    "15": "Møre og Romsdal",
    "18": "Nordland",
    "31": "Østfold",
    "32": "Akershus",
    "33": "Buskerud",
    "34": "Innlandet",
    "39": "Vestfold",
    "40": "Telemark",
    "42": "Agder",
    "46": "Vestland",
    "50": "Trøndelag",
    "55": "Troms",
    "56": "Finnmark",
}


def test_every_row_of_the_annual_cycle_is_there_and_no_other():
    known = (Path(__file__).parent / "golden" / "rows.txt").read_text(encoding="utf-8").split()
    assert list(CALENDAR.deliverables) == known


def test_the_fifteen_counties_are_there():
    assert {number: county.name for number, county in CALENDAR.counties.items()} == COUNTIES


def test_rows_not_in_use_are_kept_and_marked():
    idle = {row.id for row in CALENDAR.deliverables.values() if row.activity is Activity.NO}
    assert idle == {
        "skole-priv-slutt-aug",
        "skole-historisk-fire",
        "fag-udir-kontrakt-mnd",
        "fag-formidling-sletting",
        "ot-data-0201",
        "vok-vigovoksen-2012",
    }
    assert not idle & {occurrence.deliverable for occurrence in expand(CALENDAR, "2026-2027")}


def test_rows_with_unclear_sources_are_flagged():
    flagged = {row.id for row in CALENDAR.deliverables.values() if row.evidence.uncertain}
    assert flagged >= {
        "skole-priv-telling-apr",
        "stat-ssbresultat-l1",
        "fag-udirformidling-mnd",
        "ot-overforing-elever",
    }


def test_every_row_says_how_it_is_known():
    for row in CALENDAR.deliverables.values():
        assert row.evidence.sources or row.evidence.note, row.id


def test_the_orders_between_rows_are_there():
    orders = {
        (edge.deliverable, row.id, edge.strength.value, edge.cycle)
        for row in CALENDAR.deliverables.values()
        for edge in row.depends_on
    }
    assert orders >= {
        ("skole-off-sluttere-startere", "ot-overforing-elevkurs", "hard", "this"),
        ("skole-priv-slutt-start-nov", "ot-overforing-elevkurs", "hard", "this"),
        ("ot-overforing-elevkurs", "ot-data-1115", "hard", "this"),
        ("ot-overforing-sokere", "ot-data-0615", "hard", "this"),
        ("inn-ajourhold-slutt", "skole-off-ajourhold-sep", "hard", "this"),
        ("skole-off-ajourhold-sep", "ot-overforing-sokere", "hard", "this"),
        ("skole-off-telling-okt", "stat-ssbelev-l1", "hard", "this"),
        ("skole-priv-telling-okt", "stat-ssbelev-l1", "hard", "this"),
        ("stat-ssbelev-l1", "stat-ssbelev-tilbakemelding", "hard", "this"),
        ("stat-ssbelev-tilbakemelding", "stat-ssbelev-endelig", "hard", "this"),
        ("skole-off-slutt-jun", "stat-ssbresultat-l1", "hard", "this"),
        ("skole-priv-slutt-jun", "stat-ssbresultat-l1", "hard", "this"),
        ("vok-inschool-feb", "vok-stat-feb", "hard", "this"),
        ("vok-inschool-aug", "vok-stat-sep", "hard", "this"),
        ("inn-frist-0103", "inn-sokerdata-mar", "hard", "this"),
        ("inn-1inntak", "inn-inntaksdata-jul", "hard", "this"),
        ("fag-udirformidling-endelig", "fag-formidling-sletting", "hard", "this"),
        ("kode-programomrade-soknad", "kode-programomrade-godkjent", "hard", "this"),
        ("kode-programomrade-godkjent", "inn-vigo-apner", "hard", "this"),
        ("kode-fag-grep", "skole-off-telling-okt", "soft", "previous"),
    }


def test_every_import_from_a_school_has_its_job():
    jobs = {row.id: row.job for row in CALENDAR.deliverables.values() if row.job}
    rows = {row.id for row in CALENDAR.deliverables.values() if row.kind is Kind.IMPORT}
    of_schools = {name for name in rows if name.startswith("skole-")}
    assert of_schools == {name for name in jobs if name.startswith("skole-")}
    assert jobs["skole-off-telling-okt"] == "import-school"
    assert jobs["skole-priv-telling-okt"] == "import-private"
    assert jobs["stat-ssbelev-l1"] == "deliver-ssbelev"


def test_the_nine_transfer_groups_stand_under_their_transfers():
    groups = {row.id: len(row.groups) for row in CALENDAR.deliverables.values() if row.groups}
    assert groups == {
        "ot-overforing-sokere": 5,
        "ot-overforing-elevkurs": 2,
        "ot-overforing-elever": 2,
    }


@pytest.mark.parametrize("start", range(2023, 2030))
def test_nothing_goes_to_udir_in_the_empty_months_but_the_named_exception(start):
    (rule,) = CALENDAR.empty_months
    assert rule.months == (8, 4, 5)
    sent = {
        (row.id, occurrence.due.month)
        for occurrence in expand(CALENDAR, f"{start}-{start + 1}")
        for row in [CALENDAR.deliverables[occurrence.deliverable]]
        if rule.receiver in (row.receiver, *row.copies_to) and row.activity is Activity.YES
    }
    assert {found for found in sent if found[1] in rule.months} == {("fag-udirformidling-mnd", 8)}


def test_the_schema_for_editors_is_current():
    assert (ROOT / "calendar.schema.json").read_text(encoding="utf-8") == schema_text(), (
        "run: aarshjul calendar schema --out calendar.schema.json"
    )


def test_the_file_names_its_schema_on_its_first_line():
    first = (ROOT / "calendar.yaml").read_text(encoding="utf-8").splitlines()[0]
    assert first == "# yaml-language-server: $schema=calendar.schema.json"


def test_the_schema_knows_every_field_that_the_file_uses():
    row = json_schema()["$defs"]["Deliverable"]
    assert "id" not in row["properties"]
    assert {"name", "areas", "kind", "scope", "evidence"} <= set(row["required"])
    assert row["additionalProperties"] is False


def test_the_reference_page_is_current():
    page = (ROOT / "docs" / "calendar-reference.md").read_text(encoding="utf-8")
    assert page == reference_page(CALENDAR), (
        "run: aarshjul calendar docs --out docs/calendar-reference.md"
    )
