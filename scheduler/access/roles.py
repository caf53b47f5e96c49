"""Roles: what a person may be in the service, and where: everywhere, or in one county alone."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """Who somebody is here; each is written in the accounts, in the sign-in file and on the site."""

    VIEWER = "viewer"
    COUNTY = "county"
    OT = "ot"
    OT_PROTECTED = "ot-protected"
    OPERATOR = "operator"
    COORDINATOR = "coordinator"
    ADMINISTRATOR = "administrator"


WORDS = {
    Role.VIEWER: "leser",
    Role.COUNTY: "fylkeskontakt",
    Role.OT: "OT-kontakt",
    Role.OT_PROTECTED: "OT-kontakt for dem med adressebeskyttelse",
    Role.OPERATOR: "driftsvakt",
    Role.COORDINATOR: "nasjonal koordinator",
    Role.ADMINISTRATOR: "administrator",
}
# The roles that hold in one county (or for the national sender) and nowhere else.
OF_A_COUNTY = frozenset({Role.COUNTY, Role.OT, Role.OT_PROTECTED})

# Those who run the service, and decide what becomes of its runs.
OPERATE = frozenset({Role.OPERATOR, Role.COORDINATOR, Role.ADMINISTRATOR})


class GrantError(Exception):
    """A role that cannot be given as it is said, and what to say instead, in Norwegian."""


@dataclass(frozen=True, slots=True, order=True)
class Grant:
    """A role; `county` is a county's number, or "national", for the roles of a county, else ""."""

    role: Role
    county: str = ""

    def __post_init__(self) -> None:
        if self.role in OF_A_COUNTY and not self.county:
            raise GrantError(f"Rollen {self.role} gjelder ett fylke. Oppgi fylkesnummeret.")
        if self.county and self.role not in OF_A_COUNTY:
            raise GrantError(f"Rollen {self.role} gjelder hele landet. Utelat fylket.")

    def __str__(self) -> str:
        return f"{self.role} {self.county}".strip()


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who has signed in: the account's number, its name (the actor in logs), its roles.

    `shown` is the person's own name, for the person alone, where the account's is none.
    """

    id: int
    name: str
    grants: frozenset[Grant]
    shown: str = ""

    @property
    def called(self) -> str:
        """What the person is called on the pages that only the person sees."""
        return self.shown or self.name

    def may(self, roles: Collection[Role], scope: str | None = None) -> bool:
        """Whether one of the roles is held, in the county `scope` where the matter belongs to one."""
        held = [grant for grant in self.grants if grant.role in roles]
        return any(scope is None or grant.county in ("", scope) for grant in held)
