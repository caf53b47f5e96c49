"""What whoever stands in the log is called to those who may not see names."""

import pytest
from sqlalchemy.orm import Session

from scheduler.access import accounts, api_keys
from scheduler.access.actors import read_actors
from scheduler.access.roles import Grant, Role
from scheduler.ledger.tables import NodeRow
from tests.planned import NOW

PASSWORD = "et langt nok passord"


@pytest.fixture
def called(database):
    """Of accounts with a role, with two, with one taken back and with none; of keys; of a node."""
    with Session(database) as session, session.begin():
        grants = {
            "Olga": [Grant(Role.OPERATOR)],
            "Frode": [Grant(Role.OT, "46"), Grant(Role.COUNTY, "46")],
            "Tone": [Grant(Role.COORDINATOR)],
            "Ny": [],
            "Oslos nøkkel": [Grant(Role.VIEWER)],
        }
        for name, held in grants.items():
            row = accounts.add(session, name, PASSWORD, "test", NOW)
            for grant in held:
                accounts.give(session, row, grant, "test", NOW)
        accounts.take(
            session, accounts.must_be_named(session, "Tone"), grants["Tone"][0], "test", NOW
        )
        for name, scope in (("Oslos nøkkel", "03"), ("Agders", "42"), ("Landets", "national")):
            api_keys.create(session, name, scope, "test", NOW)
        session.add(
            NodeRow(name="node-1", process_id=1, started_at=NOW, ticked_at=NOW, tick_seconds=15)
        )
        session.flush()
        return read_actors(session).called


CALLED = {
    "Olga": "driftsvakt",
    "Frode": "fylkeskontakt",  # of two roles, the one that decides more
    "Tone": "nasjonal koordinator",  # what was decided in a role stays so when it is gone
    "Ny": "en person",
    "Agders": "fylket",
    "Landets": "den nasjonale nøkkelen",
    "Oslos nøkkel": "leser",  # an account goes before a key of the same name
    "node-1": "systemet",
    "årshjulet": "systemet",
    "": "systemet",
    "Nasjonal koordinator": "Nasjonal koordinator",  # a role given as the name hides nobody
    "operator": "operator",
    "kari": "en person",
}


def test_each_is_called_by_role(called):
    assert {actor: called(actor) for actor in CALLED} == CALLED
