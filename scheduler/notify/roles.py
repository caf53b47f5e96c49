"""Roles: who a deadline concerns, and who must deliver it, as (scope, role) pairs.

A role is an audience of calendar.yaml; its scope says whether it exists in every county or once.
"""

from scheduler.calendar import Calendar, Deliverable
from scheduler.calendar.kinds import Activity, Kind, Reminders, Scope
from scheduler.calendar.occurrence import NATIONAL
from scheduler.calendar.rules import Weekly

Place = tuple[str, str]
"""A scope ("national" or a county number) and a role in it."""

COORDINATOR = "koordinator"
COORDINATOR_NAME = "Nasjonal koordinator"
# The rest happens to people or is only shown; nobody has to deliver it.
DELIVERED = frozenset(
    {
        Kind.IMPORT,
        Kind.DELIVERY,
        Kind.TRANSFER,
        Kind.DEADLINE,
        Kind.FEEDBACK,
        Kind.FORWARDING,
        Kind.EXTRACT,
    }
)


def touched(calendar: Calendar, deliverable: Deliverable, scope: str) -> set[Place]:
    """Everyone an occurrence of `scope` concerns; a national one concerns a county role in all."""
    counties = calendar.counties if scope == NATIONAL else (scope,)
    return {
        place
        for role in deliverable.audience
        for place in (
            {(county, role) for county in counties}
            if calendar.audiences[role].scope is Scope.COUNTY
            else {(NATIONAL, role)}
        )
    }


def deliverers(calendar: Calendar, deliverable: Deliverable, scope: str) -> list[Place]:
    """Those who are reminded: the roles of the occurrence's own scope, or all when it has none."""
    everyone = sorted(touched(calendar, deliverable, scope))
    return [place for place in everyone if place[0] == scope] or everyone


def reminders_of(deliverable: Deliverable) -> Reminders:
    """As the row says; otherwise by its kind, and short where it comes every week."""
    if deliverable.activity is not Activity.YES:
        return Reminders.NONE
    if deliverable.reminders:
        return deliverable.reminders
    if deliverable.kind not in DELIVERED:
        return Reminders.NONE
    return Reminders.SHORT if isinstance(deliverable.due, Weekly) else Reminders.FULL


def role_name(calendar: Calendar, role: str) -> str:
    """The role as people read it; the word itself once the calendar no longer holds it."""
    if role == COORDINATOR:
        return COORDINATOR_NAME
    return calendar.audiences[role].name if role in calendar.audiences else role


def scope_name(calendar: Calendar, scope: str) -> str:
    """The county's name, or "hele landet"."""
    if scope == NATIONAL:
        return "hele landet"
    return calendar.counties[scope].name if scope in calendar.counties else f"fylke {scope}"
