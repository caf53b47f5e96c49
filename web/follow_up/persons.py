"""Persons of the follow-up service, for its own people in a county: lists, and one person's history.

Whoever looks says first what for. Who a person is comes from `reads.disclose` alone, which writes it down;
the page is made after that is committed.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from flask import Blueprint, Response, abort, make_response, redirect, request, session, url_for
from flask import render_template as render
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as Redirection

from jobs.api import REHEARSAL
from jobs.codelists import codes
from jobs.imports.hand_file import day_of
from jobs.ot import persons
from jobs.ot.catalogue import Category, gates
from jobs.ot.listing import Asked, Listing, newest_runs
from jobs.ot.persons import Entry
from jobs.register.followup import OtKjoring, Source
from scheduler import reads
from scheduler.access import accounts
from scheduler.access.roles import Grant, Role
from scheduler.reads import Known, Page, Purpose, Reader
from web.access import who
from web.access.capability import private
from web.access.gate import own_path
from web.access.operator import UNPROCESSABLE
from web.access.rights import FOLLOW_UP, PROTECTED
from web.site import Ledger, ledger, site
from web.wheel.choice import Choice, read_choice
from web.words.language import gettext as _

blueprint = Blueprint("persons", __name__)
KEPT = "purpose"
PAGE_SIZE = 50
# As a gate's sentence says where somebody goes to school or works: "(fylke 46)".
COUNTY_SAID = re.compile(r" \(fylke [^)]*\)| i fylke \d+")
LARGEST = 2**31 - 1
KINDS = {
    Category.APPLICANTS: "søkere uten plass",
    Category.BROKEN_OFF: "de som har sluttet",
    Category.YOUTH: "ungdom i eget fylke (OSMO)",
}


@dataclass(frozen=True, slots=True)
class Look:
    """One look at the persons of a county: the ledger, what is asked, and the session that answers."""

    at: Ledger
    choice: Choice
    number: str
    asked: Asked
    session: Session

    def names(self, page: Page, ids: list[int]) -> dict[int, Known]:
        """Who they are, written down as read."""
        reader = _reader(self.number)
        if reader is None:
            abort(403)
        return reads.disclose(self.session, reader, page, ids, self.at.now)


@blueprint.get("/ot/<number>/personer")
def index(number: str) -> Response:
    return _index(number)


@blueprint.post("/ot/<number>/formal")
def purpose(number: str) -> Response | Redirection:
    """Say what the persons are looked at for; it holds until the sign-in ends."""
    chosen = request.form.get("formal", "")
    if chosen not in set(Purpose):
        return _index(number, _("Velg hva du skal bruke opplysningene til."))
    session[KEPT] = chosen
    after = own_path(request.form.get("neste", ""))
    return private(make_response(redirect(after or url_for("persons.index", number=number), 303)))


@blueprint.get("/ot/<number>/personer/<listing>")
def listing(number: str, listing: str) -> Response | Redirection:
    if listing not in set(Listing):
        abort(404)
    wanted, page = Listing(listing), page_asked()

    def shown(look: Look) -> Callable[[], str]:
        by_gate = persons.by_gate(look.session, look.asked) if wanted is Listing.LEFT_OUT else {}
        gate = request.args.get("port", "")
        gate = gate if gate in by_gate else ""
        total = by_gate[gate] if gate else persons.count(look.session, look.asked, wanted)
        rows = persons.entries(
            look.session, look.asked, wanted, gate, (page - 1) * PAGE_SIZE, PAGE_SIZE
        )
        people = look.names(Page(wanted.value), [row.person_id for row in rows])
        pages = (page - 1, page + 1 if total > page * PAGE_SIZE else 0)
        facts = {"total": total, "by_gate": by_gate, "gate": gate, "pages": pages}
        return _template(
            look, "persons_list.html", wanted=wanted, rows=rows, people=people, **facts
        )

    return _for_a_purpose(number, shown)


@blueprint.get("/ot/<number>/skjermet")
def protected(number: str) -> Response | Redirection:
    def shown(look: Look) -> Callable[[], str]:
        rows = [_without_place(row) for row in persons.protected(look.session, look.asked)]
        people = look.names(Page.PROTECTED, [row.person_id for row in rows])
        return _template(look, "persons_list.html", wanted="skjermet", rows=rows, people=people)

    return _for_a_purpose(number, shown)


@blueprint.get(f"/ot/<number>/person/<int(max={LARGEST}):person>")
def person(number: str, person: int) -> Response | Redirection:
    """A person with the history in the county; as if not there for whoever may not see it."""

    def shown(look: Look) -> Callable[[], str]:
        lines = persons.lines(look.session, look.asked, person)
        candidacies = persons.candidacies(look.session, look.asked, person)
        hidden = persons.is_protected(look.session, look.asked, person)
        needed = PROTECTED if hidden else FOLLOW_UP
        me = who.me() or abort(403)
        if hidden:
            candidacies = [_without_place(each) for each in candidacies]
        if not (lines or candidacies) or not me.may(needed, number):
            abort(404, _("Fant ingen slik person i fylket, eller ingen du kan se."))
        known = look.names(Page.PERSON, [person])
        return _template(
            look,
            "person.html",
            person=person,
            known=known[person],
            lines=lines,
            events=persons.events(look.session, lines),
            candidacies=candidacies,
            marks=[
                codes("personmerke")[m].navn
                for m in persons.marks(look.session, look.asked, person)
            ],
            hidden=hidden,
            may_read_words=me.may(frozenset({Role.OT, Role.OT_PROTECTED}), number),
            job=Source.JOB.value,
            day_of=day_of,
            statuses=codes("otstatus"),
            reasons=codes("tilmeldingskode"),
        )

    return _for_a_purpose(number, shown)


def page_asked() -> int:
    """The page of a list that is asked for, from 1."""
    return min(max(request.args.get("side", 1, int), 1), LARGEST // PAGE_SIZE)


def _index(number: str, fault: str = "") -> Response:
    """How many are on each list, and what they are looked at for; nobody is named."""
    with _look(number) as look:
        handlers = accounts.holders(look.session, Grant(Role.OT_PROTECTED, number))
        hidden = {row.person_id for row in persons.protected(look.session, look.asked)}
        template = _template(
            look,
            "persons.html",
            counts={each: persons.count(look.session, look.asked, each) for each in Listing},
            by_gate=persons.by_gate(look.session, look.asked),
            runs=_runs(look),
            rehearsal=f"{REHEARSAL}-",
            hidden=len(hidden),
            handled=bool(handlers),
            after=own_path(request.values.get("neste", "")),
            fault=fault,
        )
    return private(make_response(template(), UNPROCESSABLE if fault else 200))


def _runs(look: Look) -> list[tuple[OtKjoring, list[str]]]:
    """The newest runs of the categories, each with what it transferred or tried, the newest first."""
    found: dict[str, tuple[OtKjoring, list[str]]] = {}
    for category, run in newest_runs(look.session, look.asked, rehearsals=True).items():
        found.setdefault(run.run_id, (run, []))[1].append(KINDS[Category(category)])
    return sorted(found.values(), key=lambda told: told[0].at, reverse=True)


def _for_a_purpose(
    number: str, shown: Callable[[Look], Callable[[], str]]
) -> Response | Redirection:
    """The page, made when what it shows is written down; without a purpose, the page that asks for one."""
    if _reader(number) is None:
        wanted = request.full_path.rstrip("?")
        return private(
            make_response(redirect(url_for("persons.index", number=number, neste=wanted), 303))
        )
    with _look(number, writing=True) as look:
        template = shown(look)
    return private(make_response(template()))


@contextmanager
def _look(number: str, *, writing: bool = False) -> Iterator[Look]:
    """A look at a county, with what is written committed at its end; 404 for no county."""
    with ledger() as at:
        if number not in at.counties:
            abort(404)
        choice = read_choice(at)
        asked = Asked(number, choice.cycle.replace("-", ""), at.today)
        if not writing:
            yield Look(at, choice, number, asked, at.session)
            return
        with Session(site().engine, expire_on_commit=False) as written, written.begin():
            yield Look(at, choice, number, asked, written)


def _template(look: Look, name: str, **values: object) -> Callable[[], str]:
    """What makes the page; called after the commit."""
    me = who.me()
    shared = {
        "at": look.at,
        "choice": look.choice,
        "number": look.number,
        "purpose": session.get(KEPT, ""),
        "gates": {gate.id: gate for gate in gates()},
        "units": codes("otenhet"),
        "may_see_protected": me is not None and me.may(PROTECTED, look.number),
        "may_see_others": me is not None and me.may(FOLLOW_UP, look.number),
    }
    return lambda: render(name, **shared, **values)


def _reader(number: str) -> Reader | None:
    """Who asks, for the county; None until a purpose is said."""
    me, chosen = who.me(), session.get(KEPT, "")
    if me is None or chosen not in set(Purpose):
        return None
    return Reader(me.id, me.name, number, Purpose(chosen))


def _without_place(row: Entry) -> Entry:
    """Of those with a protected address, neither the unit nor another county is told."""
    return replace(row, otenhet=None, setning=COUNTY_SAID.sub("", row.setning))
