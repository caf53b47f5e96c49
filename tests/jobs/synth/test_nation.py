"""A synthetic nation's year: one hundredth of the country, through the real transfers, has the told shape."""

from datetime import date

import pytest
from sqlalchemy import text

from jobs.identity import Kind, kind_expression
from jobs.ot.age import WHY
from jobs.ot.figures import crossed, in_target, reasons
from jobs.synth.nation.people import make_people
from jobs.synth.nation.register import Register
from jobs.synth.nation.shape import COUNT, seeds, shares
from jobs.synth.nation.year import CHOSEN, Year
from scheduler.ledger.database import open_database
from tests.databases import create_tables

CYCLE, SHARE = "2024-2025", 0.01
CHANCE = 2  # so few people may lie this many times farther off than the whole country
# What must be true of nobody on the day the line was made; dates are text in SQLite.
BARRED = {
    "an active course": """
        elevkurs x ON x.person_id = l.person_id AND x.skolear = l.skolear
        AND coalesce(x.startdato, '') <= date(l.opprettet_at)
        AND coalesce(x.avbruddsdato, '9') > date(l.opprettet_at)""",
    "a running contract": """
        kontrakt x ON x.person_id = l.person_id AND coalesce(x.laretid_fra, '') <= date(l.opprettet_at)
        AND coalesce(x.avsluttet_dato, '9') > date(l.opprettet_at)""",
    "an application as an adult": "voksensoknad x ON x.person_id = l.person_id",
    "competence": "kompetanse x ON x.person_id = l.person_id",
}


@pytest.fixture(scope="module")
def lived(tmp_path_factory):
    """The register in June, and the OT data of the country per 15 June."""
    folder = tmp_path_factory.mktemp("nasjonen")
    engine = open_database(f"sqlite:///{folder / 'register.db'}")
    create_tables(engine)
    yield engine, Year(Register(engine, folder), CYCLE, SHARE, CHOSEN).live()
    engine.dispose()


def asked(engine, query):
    with engine.connect() as connection:
        return connection.execute(text(query)).scalar_one()


def test_the_nation_has_as_many_as_the_country_and_nobody_real():
    people = make_people(CYCLE, SHARE)
    assert people["fodselsnummer"].n_unique() == people.height
    kinds = people.select(slag=kind_expression("fodselsnummer", date(2024, 8, 1)))
    assert kinds["slag"].unique().to_list() == [Kind.SYNTHETIC_80.value]
    has = {name: people[name].drop_nulls().len() for name in ("kurs", "onske", "kontrakt")}
    assert has == {
        "kurs": pytest.approx(1900, rel=0.02),
        "onske": pytest.approx(2000, rel=0.07),
        "kontrakt": pytest.approx(480, rel=0.02),
    }


@pytest.mark.parametrize("name", [n for n, s in seeds().items() if s.skolear == CYCLE])
def test_the_figures_have_the_told_shape(lived, name):
    engine, data = lived
    ended = f"SELECT count(*) FROM ot_linje WHERE avsluttet_grunn = '{WHY}'"
    counts = {"målgruppen 2025": in_target(data).height, "ut ved årsskiftet": asked(engine, ended)}
    seed = seeds()[name]
    measured = (counts if seed.slag == COUNT else shares(data))[name]
    assert abs(seed.differs(measured, SHARE)) <= CHANCE * seed.avvik


def test_the_five_reasons_and_every_table_sum_to_the_group(lived):
    _, data = lived
    group = in_target(data)
    assert sum(reasons(data).values()) == group.height
    for row, column in (("fylkesnummer", "grunn"), ("otenhet", "grunn"), ("aldersgruppe", "kjonn")):
        table = crossed(data, row, column, smallest=1)
        assert (table.total, sum(table.row_sums)) == (group.height, group.height)
    assert group["fylkesnummer"].n_unique() == 15


@pytest.mark.parametrize("what", BARRED)
def test_nobody_is_transferred_with(lived, what):
    engine, _ = lived
    assert asked(engine, "SELECT count(*) FROM ot_linje") > 300
    assert asked(engine, f"SELECT count(*) FROM ot_linje l JOIN {BARRED[what]}") == 0


def test_osmo_is_transferred_in_the_counties_that_chose_it_alone(lived):
    _, data = lived
    osmo = data.filter(tilmeldingskode="OSMO")["fylkesnummer"].unique().to_list()
    assert osmo
    assert set(osmo) <= set(CHOSEN)
