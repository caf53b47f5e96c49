"""Pages: the site's addresses, each a read of the ledger and a template."""

from collections.abc import Collection, Iterable
from datetime import date, timedelta
from typing import TypeVar

from flask import Blueprint, Response, abort, render_template, request

from jobs.register.deliveries import DeliverySummary, held_runs, latest_from
from scheduler.calendar.kinds import Kind
from scheduler.calendar.occurrence import NATIONAL
from scheduler.ledger import read
from scheduler.ledger.pausing import holding
from scheduler.ledger.state import CLOSED, Tone
from scheduler.ledger.tables import OccurrenceRow
from scheduler.ledger.views import Item
from web.deadlines.as_of import day_asked, seen_on
from web.deadlines.board import board_of
from web.deadlines.held import marked
from web.deadlines.occurrence import page_of
from web.deliveries.cards import to_download
from web.feeds.subscribe import offer_of
from web.operation.waiting import matters
from web.site import Ledger, ledger, site
from web.wheel.choice import Choice, read_choice
from web.wheel.drawing import draw
from web.wheel.groups import Group, grouped
from web.wheel.year import marks_of, months_of, rings_of, rows_of
from web.words.language import gettext as _

blueprint = Blueprint("pages", __name__)
Entry = TypeVar("Entry", Item, Group)
COMING = 6
DAYS_AHEAD = timedelta(days=60)
DAYS_BACK = timedelta(days=14)


@blueprint.get("/")
def front() -> str:
    with ledger() as at:
        choice = read_choice(at)
        groups = grouped(choice.filter(_items(at, choice.cycle)))
        rows = rows_of(groups, at, choice)
        return render_template(
            "front.html",
            at=at,
            choice=choice,
            wheel=draw(choice.cycle, rings_of(at, choice), marks_of(rows, choice), at.today),
            rows=rows,
            months=months_of(groups),
            followed=[group for group in groups if group.first.tracked],
            coming=_coming(groups, at.today)[:COMING],
            shown_count=len(groups),
            late=[g for g in groups if g.status.tone is Tone.DANGER],
        )


def _items(at: Ledger, cycle: str, scopes: Collection[str] | None = None) -> list[Item]:
    found = read.items(at.session, at.calendar, cycle, at.now, scopes)
    return marked(found, held_runs(at.session))


def _coming(entries: Iterable[Entry], today: date) -> list[Entry]:
    """What is not finished and due today or later."""
    return [entry for entry in entries if entry.due >= today and entry.status.state not in CLOSED]


@blueprint.get("/hjul.svg")
def wheel_svg() -> Response:
    """The wheel as a file of its own, for a slide or a web page."""
    with ledger() as at:
        choice = read_choice(at)
        groups = grouped(choice.filter(_items(at, choice.cycle)))
        marks = marks_of(rows_of(groups, at, choice), choice)
        wheel = draw(choice.cycle, rings_of(at, choice), marks, at.today)
        drawing = render_template("wheel.svg", at=at, choice=choice, wheel=wheel, alone=True)
    return Response(drawing, mimetype="image/svg+xml")


@blueprint.get("/tavle")
def board() -> str:
    show_all = request.args.get("vis") == "alle"
    with ledger() as at:
        choice = read_choice(at)
        items = choice.filter(_items(at, choice.cycle))
        shown = [item for item in items if show_all or item.tracked]
        return render_template(
            "board.html",
            at=at,
            choice=choice,
            board=board_of(shown, at.calendar, at.today, choice),
            show_all=show_all,
            hidden=0 if show_all else len(grouped(item for item in items if not item.tracked)),
            matters=matters(at.session, at.now),
            pauses=holding(at.session, at.now),
            begun=to_download(at, choice.cycle),
        )


@blueprint.get("/fylke/<number>")
def county(number: str) -> str:
    with ledger() as at:
        if number not in at.calendar.counties:
            abort(404, _("Fant ikke noe fylke med nummer %(number)s.", number=number))
        choice = read_choice(at)
        if "per" in request.args:
            return _county_then(at, choice, number, request.args["per"])
        items = _items(at, choice.cycle, (number, NATIONAL))
        tracked = [item for item in items if item.tracked and _is_near(item, at.today)]
        return render_template(
            "county.html",
            at=at,
            choice=choice,
            number=number,
            name=at.counties[number],
            late=[item for item in items if item.status.tone is Tone.DANGER],
            coming=[i for i in _coming(items, at.today) if i.due <= at.today + DAYS_AHEAD],
            days_ahead=DAYS_AHEAD.days,
            tracked=[item for item in tracked if item.status.state not in CLOSED],
            closed=[item for item in tracked if item.status.state in CLOSED],
            deliveries=_latest_deliveries(at, number),
            pauses=[p for p in holding(at.session, at.now) if p.county in (None, number)],
            begun=to_download(at, choice.cycle, number),
        )


def _is_near(item: Item, today: date) -> bool:
    """What comes every week is shown only around today; all of it stands on its own page."""
    recurring = item.occurrence.stage.isdigit()
    return not recurring or today - DAYS_BACK <= item.due <= today + DAYS_AHEAD


def _county_then(at: Ledger, choice: Choice, number: str, said: str) -> str:
    return render_template(
        "as_of.html",
        at=at,
        choice=choice,
        number=number,
        name=at.counties[number],
        then=seen_on(at, day_asked(said), number, choice.cycle),
    )


def _latest_deliveries(at: Ledger, number: str) -> list[DeliverySummary]:
    """The county's newest file for each import that a job reads."""
    imports = [r.id for r in at.calendar.deliverables.values() if r.kind is Kind.IMPORT and r.job]
    newest = latest_from(at.session, number, imports)
    return [newest[row] for row in imports if row in newest]


@blueprint.get("/frist/<deliverable>")
def deliverable(deliverable: str) -> str:
    with ledger() as at:
        found = at.calendar.deliverables.get(deliverable)
        if found is None:
            abort(404, _("Fant ikke noen frist «%(row)s» i kalenderen.", row=deliverable))
        choice = read_choice(at)
        wanted = (OccurrenceRow.cycle == choice.cycle, OccurrenceRow.deliverable == deliverable)
        standing = OccurrenceRow.outcome.is_distinct_from("withdrawn")
        items = read.items_where(at.session, at.calendar, at.now, *wanted, standing)
        mine = choice.filter(marked(items, held_runs(at.session)))
        turns = grouped(mine)
        return render_template(
            "deliverable.html",
            at=at,
            choice=choice,
            deliverable=found,
            items=mine,
            turns=turns,
            next_due=next((turn.due for turn in turns if turn.due >= at.today), None),
        )


@blueprint.get("/forekomst/<path:key>")
def occurrence(key: str) -> str:
    with ledger() as at:
        return page_of(at, key)


@blueprint.get("/abonner")
def subscribe() -> str:
    with ledger() as at:
        choice, base = read_choice(at), site().settings.public_url
        offer = offer_of(at, choice, base)
        return render_template("subscribe.html", at=at, choice=choice, base=base, offer=offer)


@blueprint.get("/om")
def about() -> str:
    return render_template("about.html")
