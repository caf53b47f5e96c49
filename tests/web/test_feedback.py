"""Feedback on the site: a list is taken in whole or not at all, shown without a person, and explained by line."""

import io
from datetime import date

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from jobs import JOBS
from jobs.register.feedback import Feedback
from jobs.statistics.layout import layouts
from scheduler.access.roles import Role
from scheduler.ledger.tables import DecisionRow
from scheduler.settings import Settings
from tests.jobs.running import run
from tests.jobs.statistics.synthetic import COUNTY, order_of, take_in
from tests.web.people import signed_in

KEY = f"stat-ssbelev-l1/2026-2027/first/{COUNTY}"
FINAL = f"stat-ssbelev-endelig/2026-2027/final/{COUNTY}"
HEAD = "fodselsnummer;skolear;skolenummer;programomradekode;felt;kode;melding"
SECRET = "Ring Ada om dette"


@pytest.fixture
def config(tmp_path):
    return Settings(data_dir=tmp_path)


@pytest.fixture
def rows(engine, config):
    """The rows of a county's first delivery, really imported and sent."""
    data = config.data_dir
    take_in(engine, data, "import-school", "skole-off-telling-okt", date(2026, 10, 5))
    first = order_of(
        "deliver-ssbelev", "stat-ssbelev-l1", "first", date(2026, 10, 23), date(2026, 10, 1)
    )
    run(JOBS["deliver-ssbelev"], first, engine, data)
    (path,) = (data / "outbox" / "ssb").glob("*/ssbElev_*.csv")
    _, *lines = path.read_bytes().decode().split("\r\n")[:-1]
    return [line.split(";")[:4] for line in lines]


def list_of(*keys, field="startdato"):
    lines = [";".join([*key, field, "A12", SECRET]) for key in keys]
    return "\n".join([HEAD, *lines]).encode() + b"\n"


def post(client, content, key=KEY, name="liste.csv", reason="SSBs liste av 26. oktober"):
    fields = {"fil": (io.BytesIO(content), name), "grunn": reason}
    return client.post(f"/tilbakemelding/{key}", data=fields)


def kept(engine):
    with Session(engine) as session:
        lines = session.scalar(select(func.count()).select_from(Feedback))
        logged = session.scalars(select(DecisionRow.action)).all()
        return lines, [action for action in logged if action in ("feedback", "explain")]


def number_of(engine):
    with Session(engine) as session:
        return session.scalars(select(Feedback.delivery_id)).first()


def test_a_list_is_taken_in_and_shown_without_a_person(client, engine, operator, rows):
    assert "Ingen liste fra mottakeren er tatt inn." in client.get(f"/forekomst/{KEY}").text
    answer = post(operator, list_of(rows[0], rows[1]))
    assert (answer.status_code, answer.location) == (303, f"/forekomst/{KEY}#tilbakemeldinger")
    assert kept(engine) == (2, ["feedback"])
    title = layouts()["ssbElev"].field("startdato").title
    for key in (KEY, FINAL):
        for who in (client, operator):
            shown = who.get(f"/forekomst/{key}").text
            assert "Åpne: 2. Rettet: 0. Begrunnet: 0." in shown
            assert title in shown
            assert "A12" in shown
            for secret in (rows[0][0], SECRET):
                assert secret not in shown
    assert (
        f'href="/tilbakemelding/{KEY}/{number_of(engine)}/2"'
        in operator.get(f"/forekomst/{FINAL}").text
    )
    assert "Ta inn listen" not in operator.get(f"/forekomst/{FINAL}").text
    assert "Ta inn listen" in operator.get(f"/forekomst/{KEY}").text
    assert "Ta inn listen" not in client.get(f"/forekomst/{KEY}").text


def test_what_is_wrong_is_told_by_line_and_nothing_is_kept(engine, operator, config, rows):
    unknown = [*rows[0][:2], "56999", rows[0][3]]
    answer = post(operator, list_of(rows[0], unknown))
    assert answer.status_code == 422
    assert "Listen er ikke tatt inn, og ingenting er endret." in answer.text
    assert "Linje 3: Ingen rad i leveringen har denne nøkkelen." in answer.text
    assert rows[0][0] not in answer.text
    assert kept(engine) == (0, [])
    assert not list((config.data_dir / "work").iterdir())


@pytest.mark.parametrize(
    ("change", "status", "said"),
    [
        ({"content": b"a;b\n"}, 422, "Første linje skal være fodselsnummer;"),
        ({"content": b"\xff\xfe\x00"}, 422, "Første linje skal være"),
        ({"content": b""}, 422, "Første linje skal være"),
        ({"reason": " "}, 422, "Skriv hvorfor"),
        ({"name": ""}, 422, "Velg en fil."),
        ({"key": "stat-ssbelev-l1/2026-2027/first/99"}, 404, "Fant ingen forekomst"),
        ({"key": FINAL}, 404, "gjelder en første levering"),
    ],
)
def test_what_cannot_be_a_list_is_refused(engine, operator, rows, change, status, said):
    answer = post(operator, **{"content": list_of(rows[0]), **change})
    assert (answer.status_code, said in answer.text) == (status, True), answer.text
    assert kept(engine) == (0, [])


def test_the_same_file_is_not_taken_in_twice_whatever_it_is_called(engine, operator, rows):
    for name, status in (("..", 303), ("a.csv", 422)):
        assert post(operator, list_of(rows[0]), name=name).status_code == status
    assert kept(engine) == (1, ["feedback"])


def test_a_line_is_explained_with_who_why_and_when(client, engine, operator, rows):
    post(operator, list_of(rows[0], rows[1]))
    place = f"/tilbakemelding/{KEY}/{number_of(engine)}/2"
    assert f'href="{place}"' in operator.get(f"/forekomst/{KEY}").text
    assert f'href="{place}"' not in client.get(f"/forekomst/{KEY}").text
    assert "Begrunn linje 2 i liste" in operator.get(place).text
    assert operator.post(place, data={"grunn": ""}).status_code == 422
    answer = operator.post(place, data={"grunn": "Startet sent etter avtale"})
    assert (answer.status_code, answer.location) == (303, f"/forekomst/{KEY}#tilbakemeldinger")
    assert kept(engine) == (2, ["feedback", "explain"])
    assert "Åpne: 1. Rettet: 0. Begrunnet: 1." in client.get(f"/forekomst/{KEY}").text
    assert "av Driftsvakta: Startet sent etter avtale" in operator.get(f"/forekomst/{KEY}").text
    stranger = client.get(f"/forekomst/{KEY}").text
    assert "av driftsvakt: Startet sent etter avtale" in stranger
    assert "Driftsvakta" not in stranger
    again = operator.post(place, data={"grunn": "En gang til"})
    assert (again.status_code, "er alt begrunnet" in again.text) == (422, True)
    assert operator.get(f"/tilbakemelding/{KEY}/{number_of(engine)}/9").status_code == 404


def test_a_county_takes_in_its_own_lists_and_explains_none(engine, app, county_contact, rows):
    own = signed_in(app.test_client(), engine, Role.COUNTY, COUNTY)
    assert post(own, list_of(rows[0])).status_code == 303
    place = f"/tilbakemelding/{KEY}/{number_of(engine)}/2"
    assert own.post(place, data={"grunn": "x"}).status_code == 403
    assert post(county_contact, list_of(rows[1])).status_code == 403
    assert kept(engine) == (1, ["feedback"])
