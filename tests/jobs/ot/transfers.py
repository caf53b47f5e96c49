"""Transfers of a register with people put in by hand: what it stands on, and the jobs run in order."""

from datetime import UTC, date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from jobs import JOBS
from jobs.api import Order
from jobs.register.followup import OtHendelse, OtLinje
from jobs.register.tables import Delivery
from tests.jobs.ot.people import put, schools
from tests.jobs.running import run

OCTOBER = datetime(2026, 10, 20, 6, 0, tzinfo=UTC)
ROWS = {
    "transfer-ot-applicants": "ot-overforing-sokere",
    "transfer-ot-broken-off": "ot-overforing-elevkurs",
    "transfer-ot-youth": "ot-overforing-elever",
    "close-ot-age": "ot-aarsskifte-alder",
}
BASIS = {
    "skole-off-sluttere-startere": ("46", 1),
    "skole-off-telling-okt": ("46", 5),
    "skole-priv-telling-okt": ("national", 10),
    "inn-sokere-vigo-host": ("46", 40),
    "fag-kontrakter-vigo": ("46", 20),
    "vok-inschool-aug": ("46", 60),
}
BROKE_OFF = {"avbruddsdato": date(2026, 10, 2), "avbruddsarsak": "FV", "fullfortkode": "S"}


def order(job, now=OCTOBER, scope="46", number=1):
    key = f"{ROWS[job]}/2026-2027/{now:%j}/{scope}"
    day = now.date()
    return Order(
        f"{key}#{number}", job, ROWS[job], "2026-2027", f"{now:%j}", scope, day, day, None, now
    )


def prepared(database):
    schools(database)
    with Session(database) as session, session.begin():
        for row, (sender, days) in BASIS.items():
            deliver(session, row, sender, OCTOBER - timedelta(days=days))
    return database


def deliver(session, row, sender, at):
    count = session.scalar(select(func.count()).select_from(Delivery))
    values = {"sha256": f"{count:064}", "file_name": "f", "archived_as": "a", "bytes": 1}
    session.add(
        Delivery(
            deliverable=row, sender=sender, received_at=at, settled_at=at, state="loaded", **values
        )
    )


def adding(database, **does):
    with Session(database) as session, session.begin():
        return put(session, **does)


def transfer(database, folder, job="transfer-ot-broken-off", now=OCTOBER, number=1, scope="46"):
    ordered = order(job, now, "national" if job == "close-ot-age" else scope, number)
    return run(JOBS[job], ordered, database, folder)["receipt"]["detail"]


def lines(database, person):
    with Session(database) as session:
        return session.scalars(select(OtLinje).where(OtLinje.person_id == person)).all()


def events(database, person):
    with Session(database) as session:
        query = select(OtHendelse).join(OtLinje, OtLinje.id == OtHendelse.linje_id)
        return session.scalars(
            query.where(OtLinje.person_id == person).order_by(OtHendelse.id)
        ).all()
