"""Grace: nobody is told that something is late before its grace is over."""

from sqlalchemy import select

from scheduler.notify.tables import MessageRow
from tests.scheduler.notify.setting import CALENDAR, introduce, oslo
from tests.scheduler.notify.test_reminders import live, queued


def test_grace_is_silent_and_then_the_ladder_goes_on_as_if_the_deadline_had_been_later(session):
    row = CALENDAR.deliverables["levering"].model_copy(update={"grace_days": 2})
    rows = {**CALENDAR.deliverables, "levering": row}
    calendar = CALENDAR.model_copy(update={"deliverables": rows})
    introduce(session)
    live(session, (10, 23), (10, 30), calendar)
    assert queued(session) == [
        ("T", "skole", oslo(10, 23)),
        ("T+1", "skole", oslo(10, 28)),
        ("T+1", "vikar", oslo(10, 28)),
        ("T+2", "skole", oslo(10, 29)),
        ("T+2", "vikar", oslo(10, 29)),
        ("T+3", "skole", oslo(10, 30)),
        ("T+3", "vikar", oslo(10, 30)),
        ("T+3", "leder", oslo(10, 30)),
    ]
    digests = select(MessageRow).where(
        MessageRow.kind == "digest", MessageRow.address == "skole@fylke46.example"
    )
    late = [made.created_at for made in session.scalars(digests) if "FORSINKET" in made.text]
    assert late == [oslo(10, 28)]  # there was nothing to tell that week before
