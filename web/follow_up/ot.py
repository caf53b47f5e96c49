"""The follow-up service in counts: how many, where, why, who waits longest, and who was left out."""

from flask import Blueprint, render_template

from jobs.codelists import codes
from jobs.ot.catalogue import gates
from jobs.ot.figures import SMALLEST_SHOWN
from jobs.ot.overview import overview
from web.access import who
from web.access.rights import FOLLOW_UP, PROTECTED
from web.site import ledger
from web.wheel.choice import read_choice
from web.words import text

blueprint = Blueprint("ot", __name__)
OF_PERSONS = FOLLOW_UP | PROTECTED


@blueprint.get("/ot")
def index() -> str:
    with ledger() as at:
        choice = read_choice(at)
        skolear = choice.cycle.replace("-", "")
        return render_template(
            "ot.html",
            at=at,
            choice=choice,
            found=overview(at.session, choice.county or None, skolear, at.today),
            places=_places(at.counties),
            groups={code.kode: code.navn for code in codes("otgruppe").values()},
            genders=text.GENDERS,
            gates={gate.id: gate for gate in gates()},
            smallest=SMALLEST_SHOWN,
            people_of=_people_of(choice.county),
            may_see_persons=_may_see(None),
        )


def _people_of(county: str) -> str:
    """The county whose persons the page leads to: the chosen one, or the only one the reader has."""
    me = who.me()
    own = {grant.county for grant in me.grants if grant.role in OF_PERSONS} if me else set()
    wanted = county or (own.pop() if len(own) == 1 else "")
    return wanted if wanted and _may_see(wanted) else ""


def _may_see(county: str | None) -> bool:
    me = who.me()
    return me is not None and me.may(OF_PERSONS, county)


def _places(counties: dict[str, str]) -> dict[str, str]:
    """Units and counties by number."""
    return {code.kode: code.navn for code in codes("otenhet").values()} | counties
