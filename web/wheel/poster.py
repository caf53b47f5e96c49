"""Poster: the wheel and its deadlines as a PDF in A3, made by the server itself.

The sheet is the key: equal contents are equal bytes, and are typeset once.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import timedelta
from functools import lru_cache

from flask import Blueprint, Response, abort, render_template, request

from jobs.register.deliveries import held_runs
from scheduler.calendar import SchoolYear
from scheduler.calendar.occurrence import OSLO
from scheduler.calendar.words import long_date
from scheduler.feeds.selection import Names, Selection, admits
from scheduler.ledger import read
from scheduler.ledger.history import newest_version
from scheduler.settings import PROJECT_ROOT
from web.deadlines.held import marked
from web.site import Ledger, ledger, site
from web.wheel.choice import Choice
from web.wheel.drawing import draw
from web.wheel.groups import Group, grouped
from web.wheel.poster_sheet import (
    Sheet,
    document_title,
    ink_of,
    legend_of,
    lists_of,
    ring_of,
    rings_shown,
)
from web.wheel.qr import qr_svg
from web.wheel.typesetting import FONT, forget, typeset
from web.wheel.year import marks_of, rows_of
from web.words.language import SOURCE, speaking
from web.words.text import capital

blueprint = Blueprint("poster", __name__)

TEMPLATE = PROJECT_ROOT / "templates/poster.typ"
KEPT = 64


class NoPosterError(ValueError):
    """The selection has a value that the calendar does not know, or several school years."""


@blueprint.get("/hjul.pdf")
def poster() -> Response:
    """A school year's wheel for the chosen counties, areas, roles and rows; 404 for unknown ones."""
    with ledger() as at:
        try:
            selection = chosen(at, request.args.to_dict(flat=False))
        except NoPosterError as error:
            abort(404, f"Fant ikke plakaten: {error}")
        with speaking(SOURCE):
            sheet = sheet_of(at, selection)
    name = {"Content-Disposition": f'inline; filename="{_file_name(selection)}"'}
    return Response(pdf_of(sheet), mimetype="application/pdf", headers=name)


def chosen(at: Ledger, query: Mapping[str, Iterable[str]]) -> Selection:
    """The query with exactly one school year, the current one if none is given.

    Raises NoPosterError with a sentence.
    """
    asked = Selection.of(query)
    fault = asked.unknown(_names(at))
    if fault:
        raise NoPosterError(fault)
    if len(asked.skolear) > 1:
        raise NoPosterError("Den viser ett skoleår om gangen.")
    return asked if asked.skolear else replace(asked, skolear=(str(SchoolYear.of(at.today)),))


def _names(at: Ledger) -> Names:
    calendar = at.calendar
    return {
        "fylke": at.counties,
        "omrade": {key: area.name for key, area in calendar.areas.items()},
        "rolle": {key: audience.name for key, audience in calendar.audiences.items()},
        "frist": {key: row.name for key, row in calendar.deliverables.items()},
        "skolear": {cycle: cycle for cycle in read.cycles(at.session)},
    }


def _file_name(selection: Selection) -> str:
    parts = ("arshjul", *selection.skolear, *selection.fylke, *selection.omrade)
    return f"{'-'.join(parts)}.pdf"


def sheet_of(at: Ledger, selection: Selection) -> Sheet:
    """Everything on the poster; `selection` holds one school year."""
    (cycle,) = selection.skolear
    items = read.items(at.session, at.calendar, cycle, at.now)
    admitted = [item for item in items if admits(selection, item)]
    groups = grouped(marked(admitted, held_runs(at.session)))
    everywhere = replace(selection, skolear=())
    shown = capital(everywhere.title(_names(at)))
    counties = {n: c for n, c in at.counties.items() if n in (selection.fylke or at.counties)}
    rings = rings_shown(at.calendar, selection)
    feed = site().settings.public_url + everywhere.address("{view}.ics")
    return {
        "title": document_title(cycle, shown),
        "cycle": cycle.replace("-", "–"),
        "shown": shown,
        "wheel": _wheel(at, cycle, groups, rings),
        "rings": [{"name": name, "ink": ink_of(n)} for n, (_, name) in enumerate(rings)],
        **lists_of(groups, rings, counties),
        **legend_of(groups),
        "feed": feed,
        "qr": qr_svg(feed),
        **_imprint(at),
    }


def _wheel(at: Ledger, cycle: str, groups: list[Group], rings: list[tuple[str, str]]) -> str:
    """The site's own drawing with the rings in colour, and without the hand of one day."""
    choice = Choice(cycle, (cycle,), area="", county="")
    placed = [(group, ring) for group in groups if (ring := ring_of(group, rings)) is not None]
    drawn = marks_of(rows_of((group for group, _ in placed), at, choice), choice)
    marks = [
        replace(mark, area=rings[ring][0]) for mark, (_, ring) in zip(drawn, placed, strict=True)
    ]
    another_year = SchoolYear(cycle).first_day - timedelta(days=1)
    wheel = draw(cycle, rings, marks, another_year)
    inks = [ink_of(n) for n in range(len(rings))]
    return render_template(
        "wheel.svg", at=at, choice=choice, wheel=wheel, alone=True, inks=inks, font=FONT
    )


def _imprint(at: Ledger) -> Sheet:
    version = newest_version(at.session)
    since = version and long_date(version.in_use_since.astimezone(OSLO).date())
    return {
        "version": f"Kalenderversjon {version.number}, i bruk fra {since}" if version else "",
        "printed": long_date(at.today),
    }


def pdf_of(sheet: Mapping[str, object]) -> bytes:
    """The poster, tagged, in bokmål, with the same bytes for the same sheet."""
    return _typeset(json.dumps(sheet, ensure_ascii=False, sort_keys=True))


@lru_cache(maxsize=KEPT)
def _typeset(sheet: str) -> bytes:
    made = typeset(TEMPLATE, sheet, "ua-1")
    forget()
    return made
