"""The annual cycle as data, and its dates: pure, without clock, database or network."""

from scheduler.calendar.deliverable import Deliverable
from scheduler.calendar.dependency import Dependency
from scheduler.calendar.derivation import explain
from scheduler.calendar.evidence import Evidence
from scheduler.calendar.expansion import expand, workdays_of
from scheduler.calendar.faults import CalendarError, Fault
from scheduler.calendar.loading import load_calendar, parse_calendar
from scheduler.calendar.model import Calendar
from scheduler.calendar.school_year import SchoolYear
from scheduler.calendar.workdays import Workdays

__all__ = [
    "Calendar",
    "CalendarError",
    "Deliverable",
    "Dependency",
    "Evidence",
    "Fault",
    "SchoolYear",
    "Workdays",
    "expand",
    "explain",
    "load_calendar",
    "parse_calendar",
    "workdays_of",
]
