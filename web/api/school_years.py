"""SchoolYears: whether a school year's dates are approved, and what is still open in them."""

from flask import Response
from pydantic import Field

from scheduler.ledger.read import cycles
from scheduler.publishing.rollover import Standing, standing
from web.access.actors import named
from web.api.blueprint import ACTOR, MAY_SHOW_KEY, Shown, answer, blueprint, said_no
from web.api.problem import NOT_FOUND, Refused
from web.api.words import Cycle, Nothing, Words
from web.site import ledger


class OpenQuestion(Shown):
    """A row that somebody must still decide on."""

    deliverable: str
    question: str
    decided_by: str


class CycleShown(Shown):
    """A school year, and how far it has come towards being approved by two persons."""

    cycle: str
    approved: bool
    approved_by: tuple[str, ...] = Field(description=ACTOR)
    missing: int = Field(description="Antall personer som fortsatt må godkjenne.")
    changed: bool = Field(description="Om datoene er endret etter en tidligere godkjenning.")
    days_left: int = Field(description="Dager til første skoledag i årshjulet; negativt etterpå.")
    dates_sha256: str = Field(description="Datoene godkjenningen gjelder.")
    sentence: str
    undecided: tuple[OpenQuestion, ...]


class CycleList(Shown):
    items: tuple[str, ...] = Field(description="Skoleårene som er planlagt, det eldste først.")


class CyclePath(Words):
    cycle: Cycle


@blueprint.get("/cycles", responses={200: CycleList})
def cycle_list(query: Nothing) -> Response:  # noqa: ARG001 - an address without a query
    """Skoleårene"""
    with ledger() as found:
        return answer(CycleList(items=tuple(cycles(found.session))))


@blueprint.get(
    "/cycles/<cycle>", responses={200: CycleShown, **said_no(NOT_FOUND)}, security=MAY_SHOW_KEY
)
def cycle_standing(path: CyclePath, query: Nothing) -> Response:  # noqa: ARG001
    """Ett skoleår og hvor godkjenningen av det står"""
    with ledger() as found:
        held = cycles(found.session)
        if path.cycle not in held:
            known = ", ".join(held)
            raise Refused(NOT_FOUND, f"Skoleåret {path.cycle} er ikke planlagt. Velg: {known}.")
        return answer(_shown(standing(found.session, found.calendar, path.cycle, found.now)))


def _shown(found: Standing) -> CycleShown:
    return CycleShown(
        cycle=found.cycle,
        approved=found.approved,
        approved_by=tuple(map(named, found.actors)),
        missing=found.missing,
        changed=found.changed,
        days_left=found.days_left,
        dates_sha256=found.dates_sha256,
        sentence=found.sentence(named),
        undecided=tuple(
            OpenQuestion(
                deliverable=row.id,
                question=row.undecided.question,
                decided_by=row.undecided.decided_by,
            )
            for row in found.undecided
            if row.undecided
        ),
    )
