"""Adults, applicants and contracts: from a file in the inbox into the register, full or incremental."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from jobs import JOBS
from jobs.api import Refusal
from jobs.imports.inbox import scan_inbox, waiting_deliveries
from jobs.imports.intakes import intakes
from jobs.imports.layout import load_layout
from jobs.register.adults import Kompetanse, Voksensoknad
from jobs.register.applicants import Onske, Soker
from jobs.register.apprentices import Bedrift, Bedriftsfag, Kontrakt, Opplaringskontor, Prove
from jobs.register.people import Person
from jobs.register.pupils import Elevkurs
from jobs.register.tables import Delivery, Quarantine
from jobs.synth import write_kind
from tests.jobs.extracts import extract
from tests.jobs.running import order, run

WRITTEN = date(2026, 10, 5)
NOW = datetime(2026, 10, 6, 8, 0, tzinfo=UTC)
# The job, and what a file of its kind holds when it has everything.
KINDS = {
    "import-adults": {Voksensoknad: 40, Kompetanse: 6},
    "import-applicants-autumn": {Soker: 250, Onske: 750},
    "import-contracts": {
        Kontrakt: 67,
        Prove: 6,
        Bedrift: 23,
        Bedriftsfag: 115,
        Opplaringskontor: 1,
    },
}
TABLES = [table for tables in KINDS.values() for table in tables]


@pytest.fixture
def receive(database, tmp_path):
    """Import a county's file by a job; returns the receipt's detail."""
    numbers = iter(range(1, 100))

    def receive_one(job, content, **inputs):
        folder = tmp_path / "inbox" / "46" / job
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "uttrekk.txt").write_bytes(content)
        scan_inbox(database, tmp_path, NOW, {job: ("46",)}, timedelta(0))
        delivery = waiting_deliveries(database)[job, "46"]
        ordered = order(
            JOBS[job], job, "only", number=next(numbers), delivery_id=delivery, **inputs
        )
        return run(JOBS[job], ordered, database, tmp_path)["receipt"]["detail"]

    return receive_one


@pytest.fixture
def content_of(tmp_path):
    """The synthetic file of a job's kind, as lines that can be left out or changed."""

    def lines(job, seed=1):
        intake = intakes()[job]
        path = tmp_path / "made.txt"
        period = intake.period.of("2026-2027")
        write_kind(path, intake.layout, "46", period, WRITTEN, seed)
        return path.read_text(encoding="utf-8").splitlines()

    return lines


def as_file(lines):
    """Lines under a header that counts them."""
    head = lines[0].split(";")
    head[1] = str(len(lines) - 1)
    return "".join(f"{line}\r\n" for line in [";".join(head), *lines[1:]]).encode()


def count(database, model):
    with Session(database) as session:
        return session.scalar(select(func.count()).select_from(model))


each_kind = pytest.mark.parametrize("job", KINDS)


@each_kind
def test_a_file_becomes_rows_that_know_their_delivery(database, receive, content_of, job):
    detail = receive(job, as_file(content_of(job)))
    assert {model: count(database, model) for model in KINDS[job]} == KINDS[job]
    assert all(count(database, model) == 0 for model in TABLES if model not in KINDS[job])
    assert detail["karantene"] == detail["feil"] == 0
    with Session(database) as session:
        for model in KINDS[job]:
            assert set(session.scalars(select(model.delivery_id))) == {1}
            if "fylkesnummer" in model.__table__.columns:
                assert set(session.scalars(select(model.fylkesnummer))) == {"46"}


@each_kind
def test_the_same_rows_again_touch_nothing(receive, content_of, job):
    receive(job, as_file(content_of(job)))
    later = content_of(job)
    later[0] = later[0].replace("Syntetiske data", "Samme en gang til")
    detail = receive(job, as_file(later))
    assert (detail["nye"], detail["endret"], detail["avsluttet"]) == (0, 0, 0)


@each_kind
def test_a_wrong_line_is_set_aside_and_mended_by_the_next_file(database, receive, content_of, job):
    lines = content_of(job)
    kind = next(name for name in load_layout(intakes()[job].layout).data_records if name != "$PE")
    place = next(n for n, line in enumerate(lines) if line.startswith(kind))
    wrong = lines.copy()
    wrong[place] = wrong[place].replace(wrong[place].split(";")[1], "", 1)
    assert receive(job, as_file(wrong))["karantene"] > 0
    assert receive(job, as_file(lines))["karantene"] == 0
    assert {model: count(database, model) for model in KINDS[job]} == KINDS[job]


def without_last(lines, kind, people):
    """The file without the last so many people."""
    first = [n for n, line in enumerate(lines) if line.startswith(kind)][-people]
    return lines[:first]


@pytest.mark.parametrize("job", ["import-adults", "import-applicants-autumn"])
def test_a_full_file_ends_what_it_lacks_and_too_much_waits_for_a_person(
    database, receive, content_of, job
):
    main = next(iter(KINDS[job]))
    lines = content_of(job)
    receive(job, as_file(lines))
    assert receive(job, as_file(without_last(lines, "$PE", 1)))["avsluttet"] >= 1
    assert count(database, main) == KINDS[job][main] - 1
    half = as_file(without_last(lines, "$PE", KINDS[job][main] // 2))
    with pytest.raises(Refusal, match="ville avsluttet"):
        receive(job, half)
    assert count(database, main) == KINDS[job][main] - 1


def test_a_competence_that_was_reached_stays_so(database, receive, content_of):
    lines = content_of("import-adults")
    receive("import-adults", as_file(lines))
    receive("import-adults", as_file([line for line in lines if not line.startswith("$KM")]))
    assert count(database, Kompetanse) == KINDS["import-adults"][Kompetanse]


def test_another_years_applicants_are_left_alone(database, receive, content_of):
    receive("import-applicants-autumn", as_file(content_of("import-applicants-autumn")))
    spring = content_of("import-applicants-spring")
    receive("import-applicants-spring", as_file(spring))
    with Session(database) as session:
        years = session.execute(select(Soker.sokerar, func.count()).group_by(Soker.sokerar)).all()
    assert sorted(map(tuple, years)) == [("2026", 250), ("2027", 250)]
    assert "Filen har ingen søkere fra søkeråret 2026" in refusal(
        receive, "import-applicants-autumn", as_file([*spring[:-1]])
    )


def refusal(receive, job, content):
    with pytest.raises(Refusal) as refused:
        receive(job, content)
    return str(refused.value)


def test_a_contract_that_is_not_in_the_file_runs_on(database, receive, content_of):
    lines = content_of("import-contracts")
    receive("import-contracts", as_file(lines))
    few = as_file(without_last(lines, "$PE", 60))
    assert receive("import-contracts", few)["avsluttet"] == 0
    assert count(database, Kontrakt) == 67


def test_a_contract_number_that_two_people_have_is_two_contracts(database, receive, content_of):
    lines = content_of("import-contracts")
    doubled = [line.replace(";46-2;", ";46-1;") for line in lines]
    assert receive("import-contracts", as_file(doubled))["kontrakter"] == 67
    assert count(database, Kontrakt) == 67


def test_a_wrong_organisation_number_sets_the_firm_aside_and_nobody_else(
    database, receive, content_of
):
    lines = content_of("import-contracts")
    number = lines[1].split(";")[1]
    wrong = f"{number[:-1]}{(int(number[-1]) + 1) % 10}"
    changed = [
        line.replace(number, wrong) if line[:3] in ("$BE", "$BF") else line for line in lines
    ]
    detail = receive("import-contracts", as_file(changed))
    assert (detail["lærebedrifter"], detail["kontrakter"]) == (22, 67)
    with Session(database) as session:
        assert set(session.scalars(select(Quarantine.eier))) == {wrong}


def test_a_file_of_one_kind_says_nothing_of_another_kinds_quarantine(database, receive, content_of):
    broken = {2: {"startdato": date(2026, 9, 1), "avbruddsdato": date(2026, 8, 20)}}
    receive("import-school", extract(20, changes=broken))
    receive("import-adults", as_file(content_of("import-adults")))
    with Session(database) as session:
        assert set(session.scalars(select(Quarantine.outcome))) == {"open"}


def test_what_only_the_school_knows_of_a_person_survives_another_kinds_file(
    database, receive, content_of
):
    receive("import-school", extract(20))
    with Session(database) as session, session.begin():
        pupil = session.scalars(select(Person).order_by(Person.id)).first()
        pupil.morsmal = "NO"
        number, person = pupil.fodselsnummer, pupil.id
    lines = content_of("import-adults")
    own = lines[1].split(";")[1]
    receive("import-adults", as_file([line.replace(own, number) for line in lines]))
    with Session(database) as session:
        assert session.get_one(Person, person).morsmal == "NO"
        assert session.get_one(Person, person).adresse.startswith("Prøveveien")
        applied = select(func.count()).where(Voksensoknad.person_id == person)
        assert session.scalar(applied) == 1
    assert count(database, Elevkurs) == 20


def test_the_file_of_another_kind_is_refused_whole(database, receive, content_of):
    said = refusal(receive, "import-adults", as_file(content_of("import-contracts")))
    assert "Ukjent linjetype" in said
    assert count(database, Person) == 0
    with Session(database) as session:
        assert session.scalars(select(Delivery.state)).all() == ["refused"]
