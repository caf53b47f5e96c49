"""The hand-made population: each rule, gate and priority with somebody in and somebody out."""

import json
import re
from datetime import date
from pathlib import Path

import pytest
import yaml
from sqlalchemy.orm import Session

from jobs.identity import Kind, classify
from jobs.ot.catalogue import gates, rules
from scheduler.ledger.database import open_database
from scheduler.schema import TABLES
from tests.jobs.ot.people import PER, candidates, numbers, put, schools

BORN = date(2009, 3, 4)
POPULATION = yaml.safe_load(Path(__file__).with_name("population.yaml").read_text(encoding="utf-8"))
PLACE = {"hvem", "venter", "per", "par", "fodt_kjent"}


def temporaries():
    """Pairs of an ordinary and a temporary number (40 added to the day) of one birth date, all synthetic."""
    for number in reversed(numbers(BORN)):
        stem = f"{int(number[0]) + 4}{number[1:9]}"
        for check in range(100):
            if classify(f"{stem}{check:02}", PER).kind is Kind.SYNTHETIC_80:
                yield number, f"{stem}{check:02}"


PAIRS = temporaries()


def pair(session, row):
    """A temporary number, beside or without another with the same name and an ordinary one."""
    ordinary, temporary = next(PAIRS)
    if row["par"] != "midlertidig":
        put(session, nummer=ordinary, navn=row["hvem"], kurs={})
    return temporary


@pytest.fixture(scope="module")
def outcome(tmp_path_factory):
    """What becomes of each of the population: "R7 OESL", "R7 G6" or "ingen", and the sentence."""
    database = open_database(f"sqlite:///{tmp_path_factory.mktemp('ot') / 'register.db'}")
    for metadata in TABLES:
        metadata.create_all(database)
    schools(database)
    people = {}
    with Session(database) as session, session.begin():
        for row in POPULATION:
            does = {name: value for name, value in row.items() if name not in PLACE}
            if "par" in row:
                does |= {"nummer": pair(session, row), "navn": row["hvem"]}
            people[row["hvem"]] = put(session, **does)
    days = {row.get("per", PER) for row in POPULATION}
    found = {day: candidates(database, day) for day in days}
    database.dispose()
    return {row["hvem"]: found[row.get("per", PER)].get(people[row["hvem"]]) for row in POPULATION}


def told(candidate):
    if candidate is None:
        return "ingen"
    parts = [candidate["regel"], candidate["port"] or candidate["tilmeldingskode"]]
    if candidate["undergrunn"] and not candidate["port"]:
        parts.append(candidate["undergrunn"])
    return " ".join(parts)


@pytest.mark.parametrize("row", POPULATION, ids=lambda row: row["hvem"])
def test_what_becomes_of_each(outcome, row):
    assert told(outcome[row["hvem"]]) == row["venter"]


def test_every_rule_and_every_gate_has_somebody():
    words = {word for row in POPULATION for word in row["venter"].split()}
    assert {rule.id for rule in rules()} <= words
    assert {gate.id for gate in gates()} <= words


def test_every_candidate_is_explained_in_one_sentence_without_an_identity_number(outcome):
    for candidate in filter(None, outcome.values()):
        sentence = candidate["setning"]
        assert sentence.startswith(f"{candidate['regel']}: ")
        assert ("Overføres ikke (" in sentence) is (candidate["port"] is not None)
        assert sentence.endswith(".")
        assert "ukjent" not in sentence
        assert not re.search(r"\d{11}", sentence)


def test_the_sentence_says_when_and_why(outcome):
    assert outcome["Sluttet i skole"]["setning"] == (
        "R7: sluttet i skole 02.10.2026 (feilvalg). Overføres med OESL."
    )
    assert outcome["Går på privat skole"]["setning"] == (
        "R1: har ikke søkt videregående opplæring i 2026. "
        "Overføres ikke (G6): går på skole (fylke 46)."
    )
    assert (
        "den varslede fortsettelsen er ikke funnet"
        in (outcome["Varslet ny skole for 14 dager siden"]["setning"])
    )


def test_all_rules_that_match_are_kept(outcome):
    assert outcome["Sluttet og takket nei"]["regler"] == ["R7", "R3"]
    assert outcome["Sluttet, og har ikke søkt"]["regler"] == ["R7", "R1"]
    assert outcome["Fullførte uten å bestå"]["regler"] == ["R9", "R8"]


def test_what_another_transfer_catches_is_known_of_the_countys_own_youth(outcome):
    assert outcome["Har ikke søkt"]["fanges_av"] == ["R1"]
    assert outcome["Fikk plass og kom aldri"]["fanges_av"] == []


def test_a_protected_address_goes_to_the_central_unit_and_is_marked(outcome):
    guarded, open_one = outcome["Strengt fortrolig adresse"], outcome["Har ikke søkt"]
    assert (guarded["skjermet"], guarded["otenhet"]) == (True, "46200")
    assert (open_one["skjermet"], open_one["otenhet"]) == (False, "46201")


def test_the_evidence_is_what_the_rule_saw(outcome):
    assert json.loads(outcome["Sluttet for militærtjeneste"]["bevis"]) == {
        "sluttet_skole": "2026-10-02",
        "sluttet_fylke": "46",
        "sluttet_kode": "MI",
        "varslet_fortsettelse": "false",
        "forslag": "OTMI",
    }
