"""A county with somebody on each list of the follow-up service, and browsers that look at them."""

from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from jobs.ot.catalogue import Category
from jobs.ot.dry_run import dry_run
from jobs.ot.transfer import Transfer
from jobs.register.followup import OtHendelse, OtLinje, Personmerke
from scheduler.access.tables import PersonReadRow
from tests.jobs.ot.people import SKOLEAR, put
from tests.jobs.ot.transfers import BROKE_OFF, OCTOBER, prepared
from tests.web.seed import NOW

COUNTY = "46"
NAMES = {"inn": "Prøve, Ida Inn", "utelatt": "Prøve, Per Privat", "eldste": "Prøve, Eli Eldst"}
PROTECTED = "Prøve, Skjult"

LISTS = "/ot/46/personer"
ALL = [f"{LISTS}/{listing}" for listing in NAMES] + ["/ot/46/skjermet"]


def populate(database):
    """Put one person on each list, and one with a protected address on the way in; ids by list."""
    prepared(database)
    with Session(database) as session, session.begin():
        ids = {
            "inn": put(session, kurs=BROKE_OFF, navn=NAMES["inn"]),
            "utelatt": put(session, kurs={"skole": "privat"}, navn=NAMES["utelatt"]),
            "eldste": put(
                session, kurs={}, navn=NAMES["eldste"], linje_i_ot={"opprettet_at": OCTOBER}
            ),
            "skjermet": put(session, kurs=BROKE_OFF, merke={"personmerke": "K6"}, navn=PROTECTED),
        }
        register(session, ids["eldste"], date(2026, 9, 1))
    try_out(database)
    return ids


def register(session, person, day, **told):
    """The registration of somebody whose line there is."""
    line = session.scalars(select(OtLinje).where(OtLinje.person_id == person)).one()
    values = {"slag": "T", "otstatus": "OTUK", "kilde": "jobb", "aktor": "før", "bevis": {}, **told}
    session.add(OtHendelse(linje_id=line.id, gjelder=day, at=NOW, **values))
    return line


def try_out(database, now=OCTOBER):
    """A dry run of every category of the county."""
    asked = Transfer(COUNTY, SKOLEAR, OCTOBER.date())
    return dry_run(database, asked, {category: {} for category in Category}, now)


def look(client, path, purpose="kontroll"):
    """The page, after a purpose is given where none is."""
    client.post(f"/ot/{COUNTY}/formal", data={"formal": purpose})
    return client.get(path)


def shown(client, path):
    """The text of a page that is there."""
    page = look(client, path)
    assert page.status_code == 200, page.text
    return page.text


def read(database):
    """What the log says was read: (page, person, actor, purpose)."""
    with Session(database) as session:
        rows = session.scalars(select(PersonReadRow).order_by(PersonReadRow.id))
        return [(row.page, row.person_id, row.actor, row.purpose) for row in rows]


def mark(database, person, code="K7", fra=None, til=None):
    with Session(database) as session, session.begin():
        session.add(Personmerke(person_id=person, personmerke=code, fra=fra, til=til))


YESTERDAY = NOW.date() - timedelta(days=1)
