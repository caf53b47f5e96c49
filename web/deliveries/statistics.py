"""Statistics: the year's deliveries of statistics, each from its first file to its forwarding."""

from flask import Blueprint, render_template
from sqlalchemy import and_, or_

from scheduler.calendar.kinds import Kind
from scheduler.calendar.occurrence import NATIONAL
from scheduler.cards.collect import has_card
from scheduler.ledger import read
from scheduler.ledger.pause import Pause
from scheduler.ledger.pausing import holding
from scheduler.ledger.tables import OccurrenceRow
from scheduler.ledger.views import Item
from web.deadlines.passing import WENT_OF_ONE
from web.deliveries.beside import beside
from web.deliveries.cards import to_download
from web.deliveries.course import courses_of, other_years, rows_of, standing_of
from web.site import Ledger, ledger
from web.wheel.choice import Choice, read_choice

blueprint = Blueprint("statistics", __name__)


@blueprint.get("/statistikk")
def page() -> str:
    with ledger() as at:
        choice = read_choice(at)
        courses = courses_of(_items(at, choice), at.calendar, choice.cycle)
        return render_template(
            "statistics.html",
            at=at,
            choice=choice,
            courses=courses,
            standing=standing_of(courses, at.today),
            beside=beside(at, courses, choice.county),
            pauses=_pauses(at, choice.county),
            begun=to_download(at, choice.cycle, choice.county or None),
            cards={row for row in at.calendar.deliverables if has_card(at.calendar, row)},
            went=WENT_OF_ONE,
            idle=[
                row
                for row in at.calendar.deliverables.values()
                if row.kind is Kind.DELIVERY and not row.is_active
            ],
        )


def _items(at: Ledger, choice: Choice) -> list[Item]:
    """The year's, and the other halves of its pairs that lie in another; a county's alone if chosen."""
    row, cycle = OccurrenceRow.deliverable, OccurrenceRow.cycle
    wanted = or_(
        and_(cycle == choice.cycle, row.in_(rows_of(at.calendar))),
        *(
            and_(cycle == year, row == name)
            for name, year in sorted(other_years(at.calendar, choice.cycle))
        ),
    )
    standing = OccurrenceRow.outcome.is_distinct_from("withdrawn")
    scopes = [OccurrenceRow.scope.in_((choice.county, NATIONAL))] if choice.county else []
    found = read.items_where(at.session, at.calendar, at.now, wanted, standing, *scopes)
    return choice.filter(found)


def _pauses(at: Ledger, county: str) -> list[Pause]:
    """What is on hold: everywhere, or for a county."""
    found = holding(at.session, at.now)
    return [pause for pause in found if not county or pause.county in (None, county)]
