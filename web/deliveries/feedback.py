"""Feedback: a receiver's list taken in from a browser, and the reason for one line of it."""

import shutil
import tempfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from flask import Blueprint, Response, abort, make_response, redirect, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response as Redirection

from jobs.api import Refusal
from jobs.channels.files import room_on_disk, safe_name
from jobs.imports.lines import FileFault
from scheduler.calendar import Calendar
from scheduler.engine import feedback
from scheduler.ledger import read
from scheduler.ledger.read import published_calendar
from scheduler.ledger.runs import LedgerError
from scheduler.ledger.views import Item
from web.access import who
from web.access.capability import private
from web.access.gate import must_be_our_form
from web.access.operator import LONGEST_REASON, UNPROCESSABLE, checked_reason
from web.access.operator import carry_out as as_operator
from web.deadlines.upload import TOO_LARGE, let_finish, posted
from web.deliveries.feedback_lines import line_of
from web.site import Ledger, ledger, site
from web.words.language import gettext as _
from web.words.language import nb

blueprint = Blueprint("feedback", __name__)
ABOUT = "/tilbakemelding/<deliverable>/<cycle>/<stage>/<scope>"
SECTION = "tilbakemeldinger"
Fault = tuple[int | None, str]


@blueprint.get(ABOUT)
def form(deliverable: str, cycle: str, stage: str, scope: str) -> Response:
    return _form(f"{deliverable}/{cycle}/{stage}/{scope}")


@blueprint.post(ABOUT)
def take(deliverable: str, cycle: str, stage: str, scope: str) -> Response | Redirection:
    """Take the list in, all lines or none; what is wrong is said with its line, and nothing is kept."""
    key = f"{deliverable}/{cycle}/{stage}/{scope}"
    try:
        with posted() as (fields, file):
            must_be_our_form(fields.get("csrf_token", ""))
            _taken(key, checked_reason(fields.get("grunn", "").strip()), file)
    except RequestEntityTooLarge:
        let_finish()
        most = site().settings.max_file_mb
        said = _("Filen er større enn %(most)s MB, som er det meste som tas imot.", most=most)
        return _form(key, [(None, said)], TOO_LARGE)
    except FileFault as fault:
        return _form(key, fault.faults, UNPROCESSABLE)
    except (LedgerError, Refusal) as refusal:
        return _form(key, [(None, nb(refusal))], UNPROCESSABLE)
    return _back(key)


def _taken(key: str, reason: str, file: FileStorage | None) -> None:
    if file is None or not file.filename:
        raise LedgerError("Velg en fil.")
    person, work = who.me() or abort(403), site().settings.data_dir / "work"
    with room_on_disk(work), tempfile.TemporaryDirectory(dir=work) as folder:
        path = Path(folder) / (safe_name(file.filename).strip(".") or "liste")
        with path.open("wb") as copy:
            shutil.copyfileobj(file.stream, copy)
        with Session(site().engine) as session, session.begin():
            calendar, data_dir = published_calendar(session), site().settings.data_dir
            bound = (data_dir, path, key, person.name, reason, site().clock())
            feedback.take(session, calendar, *bound)


@blueprint.get(f"{ABOUT}/<int:number>/<int:line>")
def line(deliverable: str, cycle: str, stage: str, scope: str, number: int, line: int) -> Response:
    return _line(f"{deliverable}/{cycle}/{stage}/{scope}", (number, line))


@blueprint.post(f"{ABOUT}/<int:number>/<int:line>")
def explain(
    deliverable: str, cycle: str, stage: str, scope: str, number: int, line: int
) -> Response | Redirection:
    """Give the reason for one line; what cannot be explained is said on its page."""
    key, place = f"{deliverable}/{cycle}/{stage}/{scope}", (number, line)

    def do(session: Session, _calendar: Calendar, actor: str, reason: str, now: datetime) -> None:
        feedback.explain(session, key, place, actor, reason, now)

    fault = as_operator(do)
    return _line(key, place, fault) if fault else _back(key)


def _back(key: str) -> Redirection:
    return redirect(url_for("pages.occurrence", key=key, _anchor=SECTION), 303)


def _form(key: str, faults: Sequence[Fault] = (), status: int = 200) -> Response:
    with ledger() as at:
        item = _item(at, key)
        o = item.occurrence
        if not feedback.is_listed_about(at.calendar, o.deliverable, o.stage):
            abort(404, _("En liste fra mottakeren gjelder en første levering av statistikk."))
        shown = render_template(
            "feedback_list.html", at=at, item=item, faults=faults, longest=LONGEST_REASON
        )
    return private(make_response(shown, status))


def _line(key: str, place: tuple[int, int], fault: str = "") -> Response:
    with ledger() as at:
        item, found = _item(at, key), line_of(at, key, place)
        if found is None:
            abort(404, _("Fant ikke denne linjen i noen liste om leveringen."))
        shown = render_template(
            "feedback_line.html", at=at, item=item, line=found, fault=fault, longest=LONGEST_REASON
        )
    return private(make_response(shown, UNPROCESSABLE if fault else 200))


def _item(at: Ledger, key: str) -> Item:
    found = read.items_of(at.session, at.calendar, [key], at.now)
    return found[0] if found else abort(404, _("Fant ingen forekomst med denne nøkkelen."))
