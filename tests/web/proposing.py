"""Proposing: what an administrator sends of a row, and what another sends to publish it."""

import re

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.calendar.block import block_of
from scheduler.ledger.tables import CalendarVersion
from scheduler.publishing.tables import ProposalRow
from scheduler.settings import PROJECT_ROOT
from tests.web.changed import MOVED as ROW

OLD, NEW = "due: {date: 15. februar,", "due: {date: 13. februar,"
PAGE = "/drift/kalender"
CALENDAR = (PROJECT_ROOT / "calendar.yaml").read_text(encoding="utf-8")


def in_use(engine):
    with Session(engine) as session:
        newest = select(CalendarVersion).order_by(CalendarVersion.number.desc()).limit(1)
        return session.scalars(newest).one()


def propose(client, engine, old=OLD, new=NEW, row=ROW, **more):
    version = in_use(engine)
    block = block_of(version.text, row).text
    assert old in block
    fields = {"blokk": block.replace(old, new).replace("\n", "\r\n"), "over": version.number}
    return client.post(f"{PAGE}/rad/{row}", data={**fields, "grunn": "Udir ba om det.", **more})


def proposal(engine, number=1):
    with Session(engine) as session:
        return session.get_one(ProposalRow, number)


def publish(client, engine, number=1, **more):
    fields = {"gjerning": "publiser", "sha256": proposal(engine, number).sha256, "grunn": "Sett på"}
    return client.post(f"{PAGE}/forslag/{number}", data={**fields, **more})


def told(answer):
    """What the page says is wrong."""
    return "".join(re.findall(r"(?s)role=\"alert\">(.*?)</(?:ul|p)>\n", answer.text))
