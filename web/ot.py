"""The follow-up service in counts: how many, where, why, who waits longest, and who was left out."""

from flask import Blueprint, render_template

from jobs.codelists import codes
from jobs.ot.catalogue import gates
from jobs.ot.figures import SMALLEST_SHOWN
from jobs.ot.overview import overview
from web.choice import read_choice
from web.site import ledger

blueprint = Blueprint("ot", __name__)
GENDERS = {"K": "Jenter", "M": "Gutter"}


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
            genders=GENDERS,
            gates={gate.id: gate for gate in gates()},
            smallest=SMALLEST_SHOWN,
        )


def _places(counties: dict[str, str]) -> dict[str, str]:
    """Units and counties by number."""
    return {code.kode: code.navn for code in codes("otenhet").values()} | counties
