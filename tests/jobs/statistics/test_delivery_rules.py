"""Every rule that only a delivery can break: broken with its weight at each stage, and mended."""

from dataclasses import dataclass, field

import pytest
from sqlalchemy.orm import Session

from jobs.ot.controls import controls
from jobs.quality.rules import load_rules
from jobs.register.feedback import Feedback
from jobs.statistics.comparing import speaks_for
from jobs.statistics.deliveries import FINAL
from jobs.statistics.feedback_list import key_of
from jobs.statistics.layout import layouts
from jobs.statistics.prints import prints_of
from jobs.statistics.reader import read_text
from jobs.statistics.rules import outgoing_rules
from tests.jobs.ot.test_delivery import BREAKS
from tests.jobs.quality.test_rules import TRIED
from tests.jobs.registers import note_delivery
from tests.jobs.statistics.written import KNOWN, extract_of, prepared, received, severities

ELEV, RESULT, CONTRACTS = "deliver-ssbelev", "deliver-ssbresultat", "deliver-contracts"


@dataclass(frozen=True)
class Case:
    """Files that break a rule and files that do not, by what is changed in the correct rows.

    `first` and `last_year` are what was delivered before, and `feedback` whether the receiver has found
    the first row of the first file wrong. A stage that is not in `weights` does not count.
    """

    job: str
    breaks: dict
    mends: dict = field(default_factory=dict)
    weights: dict = field(default_factory=lambda: {"first": "WARN", FINAL: "WARN"})
    first: dict | None = None
    last_year: dict | None = None
    feedback: bool = False


def pupils(count, changed=0, kind="ssbElev", **change):
    """Rows of so many pupils, of whom the first ones are changed."""
    return {kind: [change] * changed + [{}] * (count - changed)}


ERROR = {"first": "ERROR", FINAL: "ERROR"}
INFO = {"first": "INFO", FINAL: "INFO"}
ONLY_FINAL = {FINAL: "WARN"}
STAGES = {"deliver-mediation": ("1", FINAL), "deliver-firms": ("only",)}
TEST_DAY = "ssbAvlagteProver"
APPROVED = {"kontrakt_godkjent": "01.09.2026"}
CASES = {
    "CR-STAT-02": Case(ELEV, {"ssbElev": {"elevstatus": "A"}}, {"ssbElev": {"elevstatus": "E"}}),
    "EGEN-FULL-01": Case(
        RESULT,
        {"ssbResultatFag": {"standpunkt": "1"}},
        {"ssbResultat": {"fullfortkode": "I"}, "ssbResultatFag": {"standpunkt": "1"}},
    ),
    "CR-FULL-09": Case(
        RESULT,
        {"ssbResultat": {"elevstatus": "V", "kursprosent": "49"}},
        {"ssbResultat": {"elevstatus": "V", "kursprosent": "49", "fullfortkode": "H"}},
    ),
    "CR-KON-01": Case(
        CONTRACTS,
        {"ssbKontrakt": {"laretid_til": "30.09.2026"}},
        {"ssbKontrakt": {"laretid_til": "01.10.2026"}},
        ERROR,
    ),
    "CR-KON-07": Case(
        CONTRACTS,
        {"ssbKontrakt": {"godkjent_dato": "02.10.2026"}},
        {"ssbKontrakt": {"godkjent_dato": "01.10.2026"}},
        {"first": "INFO", FINAL: "WARN"},
    ),
    "CR-PROV-01": Case(
        CONTRACTS,
        {TEST_DAY: {"provedato": "01.10.2026"}},
        {TEST_DAY: {"provedato": "30.09.2026"}},
        ERROR,
    ),
    "CR-FORM-01": Case(
        "deliver-mediation",
        {"UdirFormidling": APPROVED},
        {"UdirFormidling": {**APPROVED, "statuskode": "14"}},
        {"1": "WARN", FINAL: "WARN"},
    ),
    "EGEN-SSB-01": Case(
        ELEV,
        {"ssbElev": {"skolear": "20262028"}, "ssbElevFag": {"skolear": "20262028"}},
        {"ssbElev": {"skolear": "20262027"}},
        ERROR,
    ),
    "EGEN-SSB-02": Case(ELEV, pupils(50, 1, elevnavn=""), pupils(100, 1, elevnavn="")),
    "EGEN-SSB-03": Case(
        "deliver-firms",
        {"Larebedrifter": {"kommunenummer": "0302"}},
        {"Larebedrifter": {"kommunenummer": "0301"}},
        {"only": "WARN"},
    ),
    "EGEN-LEV-01": Case(ELEV, pupils(48), pupils(49), ONLY_FINAL, first=pupils(50)),
    "EGEN-LEV-02": Case(
        ELEV,
        pupils(50),
        pupils(50, 1, skolenummer="46002"),
        ONLY_FINAL,
        first=pupils(50, 2, skolenummer="46002"),
    ),
    "EGEN-LEV-03": Case(
        ELEV,
        pupils(50, 2, rettstype="F"),
        pupils(50, 1, rettstype="F"),
        ONLY_FINAL,
        first=pupils(50),
    ),
    "EGEN-LEV-04": Case(
        RESULT,
        pupils(50, 2, "ssbResultat", fullfortkode="X"),
        pupils(50, 1, "ssbResultat", fullfortkode="X"),
        ONLY_FINAL,
        first=pupils(50, 1, "ssbResultat", fullfortkode="X"),
    ),
    "EGEN-LEV-05": Case(ELEV, pupils(44), pupils(45), INFO, last_year=pupils(50)),
    "EGEN-LEV-06": Case(
        ELEV,
        pupils(40, 3, rettstype="F"),
        pupils(40, 2, rettstype="F"),
        INFO,
        last_year=pupils(40),
    ),
    "EGEN-LEV-07": Case(
        ELEV,
        pupils(2, 1),
        pupils(2, 1, startdato="20260901"),
        ONLY_FINAL,
        first=pupils(2, 1),
        feedback=True,
    ),
}


@pytest.fixture
def deliver(database, tmp_path, monkeypatch):
    """Write a delivery of rows at a stage: `then` is what is done with it."""

    def write(then, extract, edits):
        folder = tmp_path / "-".join((*extract.occurrence_key.split("/"), then.__name__))
        return then(database, folder, monkeypatch, extract, edits), folder

    return write


@pytest.fixture
def delivered_before(database, deliver):
    """What a case says was delivered before, and found wrong."""

    def write(case):
        if case.last_year is not None:
            deliver(received, extract_of(case.job, FINAL, years_ago=1), case.last_year)
        if case.first is not None:
            extract = extract_of(case.job, "first")
            number, folder = deliver(received, extract, case.first)
            if case.feedback:
                found_wrong(database, extract, folder, number)

    return write


def found_wrong(database, extract, folder, outbound_id):
    """The receiver has found the first row of the first file wrong."""
    kind = extract.delivery.files[0]
    layout = layouts()[kind]
    texts = read_text(folder / extract.file_name(kind), layout, extract.delivery.convention)
    key = texts.select(key_of(layout)).row(0)
    told = prints_of([texts], layout, {key})[key]
    line = Feedback(
        delivery_id=note_delivery(database, deliverable="stat-tilbakemelding"),
        linje=2,
        outbound_id=outbound_id,
        speaks_for=speaks_for(extract),
        fil=kind,
        nokkel=list(key),
        rad_sha256=told.sha256,
        felt="startdato",
        kode="A12",
        melding="",
        taken_at=KNOWN,
    )
    with Session(database) as session, session.begin():
        session.add(line)


@pytest.mark.parametrize("rule", CASES)
def test_each_rule_is_broken_with_its_weight_at_each_stage_and_mended(
    delivered_before, deliver, rule
):
    case = CASES[rule]
    delivered_before(case)
    for stage in STAGES.get(case.job, ("first", FINAL)):
        extract, weight = extract_of(case.job, stage), case.weights.get(stage)
        broken, _ = deliver(prepared, extract, case.breaks)
        assert severities(broken, rule) == ({weight} if weight else set()), stage
        mended, _ = deliver(prepared, extract, case.mends)
        assert severities(mended, rule) == set(), stage


def test_every_declared_rule_is_broken_and_mended_in_some_table():
    declared = {each.id for each in (*load_rules(), *outgoing_rules(), *controls())}
    assert declared == {*TRIED, *CASES, *BREAKS}
