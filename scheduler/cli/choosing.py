"""Choosing: the options by which commands about the calendar choose file, year and county."""

import sys
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

import click

from scheduler.calendar import Calendar, CalendarError, SchoolYear, load_calendar
from scheduler.calendar.occurrence import OSLO
from scheduler.calendar.words import nearest
from scheduler.settings import settings

FILE = click.option(
    "--file", "path", type=click.Path(path_type=Path), help="En annen fil enn tjenestens."
)
COUNTY = click.option("--county", help="Bare dette fylket, med fylkesnummer.")


def _school_year(
    _context: click.Context, _option: click.Parameter, value: str | None
) -> SchoolYear:
    try:
        return SchoolYear(value) if value else SchoolYear.of(datetime.now(OSLO).date())
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


SCHOOL_YEAR = click.option(
    "--school-year",
    "year",
    callback=_school_year,
    show_default="inneværende",
    help="Skoleåret, for eksempel 2026-2027.",
)


def load(path: Path | None) -> Calendar:
    """The calendar in a file, or the service's; its faults are printed and end the command."""
    try:
        return load_calendar(path or settings().calendar)
    except CalendarError as error:
        click.echo(str(error), err=True)
        number = len(error.faults)
        click.echo(f"{number} feil. Årshjulet kan ikke brukes.", err=True)
        sys.exit(1)


def known(value: str | None, names: Iterable[str], noun: str) -> None:
    """Refuse a word that is none of the names, with advice."""
    if value is not None and value not in set(names):
        raise click.BadParameter(f"«{value}» er ikke {noun}.{nearest(value, names)}")
