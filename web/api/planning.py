"""Planning: what must come first and with how much to spare, and the days a county really has."""

from datetime import date

from flask import Response
from pydantic import Field

from scheduler.calendar.county_load import Load, effective_days
from scheduler.calendar.slack import Chain, Slack, Step, slack
from web.api.blueprint import Shown, answer, blueprint
from web.api.selection import check_county, cycle_of
from web.api.words import CountyNumber, MaybeCounty, MaybeCycle, Words, optional
from web.site import ledger


class StepShown(Shown):
    """One dated stage of a row in a chain."""

    deliverable: str
    cycle: str
    stage: str
    due: date
    done_by: date | None = Field(description="Senest ferdig uten å forsinke det som følger.")
    start_by: date | None = Field(description="Siste trygge startdag.")


class LinkShown(Shown):
    """What waits for what, and the working days to spare between them."""

    before: str = Field(description="Raden som må være ferdig først.")
    after: str
    strength: str
    label: str = Field(description="Hvordan vi kjenner rekkefølgen.")
    working_days: int
    lead: int = Field(description="Arbeidsdager arbeidet selv tar.")
    days: int = Field(description="Arbeidsdager til overs.")


class ChainShown(Shown):
    """What leads up to one final step, along the way with the least to spare."""

    smallest: int = Field(description="Den minste slakken i kjeden, i arbeidsdager.")
    steps: tuple[StepShown, ...]
    links: tuple[LinkShown, ...]


class SlackShown(Shown):
    cycle: str
    county: str | None
    items: tuple[ChainShown, ...] = Field(description="Den strammeste kjeden først.")


class LoadShown(Shown):
    """One deadline in a county, and the days there are for it."""

    key: str
    start: date = Field(description="Telledato, eller dagen før perioden åpner.")
    due: date
    working_days: int
    break_days: int
    effective: int = Field(description="Arbeidsdager som ikke er skoleferie.")
    breaks: tuple[str, ...]
    closures: tuple[str, ...]


class LoadList(Shown):
    cycle: str
    county: str
    items: tuple[LoadShown, ...]


class SlackQuery(Words):
    """Slack of a school year, in one county or where counties have no dates of their own."""

    skolear: MaybeCycle = optional("Skoleåret; ellers det inneværende.")
    fylke: MaybeCounty = optional("Fylkesnummer.")


class DaysQuery(Words):
    """Days of a school year in one county."""

    skolear: MaybeCycle = optional("Skoleåret; ellers det inneværende.")
    fylke: CountyNumber = Field(description="Fylkesnummer.")


@blueprint.get("/slack", responses={200: SlackShown})
def slack_of(query: SlackQuery) -> Response:
    """Slakk: arbeidsdager til overs mellom frister som følger hverandre"""
    with ledger() as found:
        if query.fylke:
            check_county(found.calendar, query.fylke)
        cycle = cycle_of(found, query.skolear)
        chains = slack(found.calendar, cycle, query.fylke)
    items = tuple(map(_chain, chains))
    return answer(SlackShown(cycle=cycle, county=query.fylke, items=items))


@blueprint.get("/days", responses={200: LoadList})
def days_of(query: DaysQuery) -> Response:
    """Arbeidsdagene et fylke har før hver frist, uten skoleferier"""
    with ledger() as found:
        check_county(found.calendar, query.fylke)
        cycle = cycle_of(found, query.skolear)
        loads = effective_days(found.calendar, cycle, query.fylke)
    items = tuple(map(_load, loads))
    return answer(LoadList(cycle=cycle, county=query.fylke, items=items))


def _chain(chain: Chain) -> ChainShown:
    return ChainShown(
        smallest=chain.smallest.days,
        steps=tuple(map(_step, chain.steps)),
        links=tuple(map(_link, chain.links)),
    )


def _step(step: Step) -> StepShown:
    return StepShown(
        deliverable=step.deliverable,
        cycle=step.cycle,
        stage=step.stage,
        due=step.due,
        done_by=step.done_by,
        start_by=step.start_by,
    )


def _link(link: Slack) -> LinkShown:
    return LinkShown(
        before=link.before.deliverable,
        after=link.after.deliverable,
        strength=link.edge.strength,
        label=link.edge.label,
        working_days=link.working_days,
        lead=link.lead,
        days=link.days,
    )


def _load(load: Load) -> LoadShown:
    return LoadShown(
        key=load.occurrence.key,
        start=load.start,
        due=load.due,
        working_days=load.working_days,
        break_days=load.break_days,
        effective=load.effective,
        breaks=tuple(found.name for found in load.breaks),
        closures=load.closures,
    )
