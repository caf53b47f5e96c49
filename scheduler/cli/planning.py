"""Planning ahead on the command line: slack between deadlines, and the days a county has."""

from pathlib import Path

import click

from scheduler.calendar import Calendar, SchoolYear
from scheduler.calendar import slack as chains
from scheduler.calendar.county_load import Load, effective_days, fewest_of_each
from scheduler.calendar.model import SchoolBreak
from scheduler.calendar.slack import Chain, Slack, Step
from scheduler.calendar.words import short_date, working_days
from scheduler.cli.choosing import COUNTY, FILE, SCHOOL_YEAR, known, load
from scheduler.cli.paper import filled

INDENT = 12


@click.command()
@SCHOOL_YEAR
@COUNTY
@FILE
def slack(year: SchoolYear, county: str | None, path: Path | None) -> None:
    """Vis slakken mellom fristene og siste trygge start for hvert trinn."""
    loaded = load(path)
    known(county, loaded.counties, "et fylkesnummer i årshjulet")
    found = chains.slack(loaded, year, county)
    where = loaded.counties[county].name if county else "fylker uten egne dager"
    click.echo(f"Slakk i arbeidsdager {year}, {where}\n")
    if not found:
        click.echo("Ingen rader venter på hverandre.")
        return
    click.echo(f"{filled(f'Minste slakk: {_least(loaded, found[0].smallest)}.')}\n")
    click.echo(f"{'Frist':12}{'Ferdig innen':14}{'Start innen':13}{'Slakk':>5}  Rad")
    for chain in found:
        click.echo("\n".join(_lines(loaded, chain)) + "\n")


def _least(loaded: Calendar, link: Slack) -> str:
    before, after = (
        loaded.deliverables[step.deliverable].name for step in (link.before, link.after)
    )
    return f"{working_days(link.days)}, fra «{before}» til «{after}»"


def _lines(loaded: Calendar, chain: Chain) -> list[str]:
    """A step a line with the slack before it, and why an order that is too tight is accepted."""
    first, *rest = chain.steps
    lines = [_line(loaded, first, "")]
    for step, link in zip(rest, chain.links, strict=True):
        lines.append(_line(loaded, step, str(link.days)))
        if link.days < 0 and link.edge.tight:
            lines.append(filled(f"For trangt, men tillatt: {link.edge.tight}", indent=INDENT))
    return lines


def _line(loaded: Calendar, step: Step, days: str) -> str:
    dates = (
        f"{short_date(step.due):12}{short_date(step.done_by):14}{short_date(step.start_by):13}"
        f"{days:>5}  {step.deliverable}"
    )
    row = loaded.deliverables[step.deliverable]
    return (
        f"{dates}\n{filled(f'Ikke avklart: {row.undecided.question}', indent=INDENT)}"
        if row.undecided
        else dates
    )


@click.command()
@SCHOOL_YEAR
@COUNTY
@FILE
def days(year: SchoolYear, county: str | None, path: Path | None) -> None:
    """Vis arbeidsdagene et fylke har fra telledato til frist, uten skoleferiene."""
    loaded = load(path)
    known(county, loaded.counties, "et fylkesnummer i årshjulet")
    click.echo(f"Arbeidsdager fra telledato eller åpning til frist {year}")
    for number in [county] if county else loaded.counties:
        click.echo(f"\n{loaded.counties[number].name}")
        click.echo(f"{'Etter':12}{'Frist':12}{'Dager':>5}{'Ferie':>7}{'Igjen':>7}  Rad")
        for found in fewest_of_each(effective_days(loaded, year, number)):
            click.echo(_of_load(found))
    click.echo(f"\n{filled(EXPLANATION)}")


EXPLANATION = (
    "Dager: arbeidsdager etter telledatoen, eller fra perioden åpner, til og med fristen. Ferie: de av "
    "dem som er skoleferie i fylket. Igjen: resten. Ferie flytter ingen frist. Rader med mange "
    "frister i året vises med den som har færrest dager igjen. Merket bak ferien sier hvordan dagene "
    "er kjent: P fra en åpen nettside, I vår slutning."
)


def _of_load(found: Load) -> str:
    line = (
        f"{short_date(found.start):12}{short_date(found.due):12}{found.working_days:>5}"
        f"{found.break_days:>7}{found.effective:>7}  {found.occurrence.deliverable}"
    )
    names = [*map(_of_break, found.breaks), *(f"stengt: {name}" for name in found.closures)]
    return f"{line}\n{filled(', '.join(names), indent=INDENT)}" if names else line


def _of_break(found: SchoolBreak) -> str:
    """The break with the label of its days, so that our own guess never looks like a fact."""
    return f"{found.name} ({found.evidence.day_label or found.evidence.label})"
