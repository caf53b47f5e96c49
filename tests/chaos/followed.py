"""Followed: a person whom the follow-up service (OT) has registered, put in the register without a file.

A scene that only delivers or ends such lines needs none of the weeks of transfers before it.
"""

from datetime import UTC, datetime

from jobs.register.followup import Event, OtHendelse, OtLinje, Source
from tests.jobs.ot.people import put

OF_LINE = {"otstatus": "OTUK", "tilmeldingskode": "OSON", "otenhet": "46201"}


def register_in_followup(session, born):
    """One person of COUNTY, with an open line from 1 October 2026; the same rows every time."""
    at = datetime(2026, 10, 1, 6, tzinfo=UTC)
    line = {**OF_LINE, "opprettet_at": at}
    person = put(session, fodt=born, navn=f"Prøve, Født {born:%Y}", linje_i_ot=line)
    row = session.query(OtLinje).filter_by(person_id=person).one()
    session.add(
        OtHendelse(
            linje_id=row.id,
            slag=Event.REGISTERED.value,
            gjelder=at.date(),
            at=at,
            kilde=Source.JOB.value,
            aktor="før",
            **OF_LINE,
        )
    )
