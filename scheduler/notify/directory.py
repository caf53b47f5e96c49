"""Directory: who is reached in a role, level by level, and who answers where nobody is named."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Self

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.calendar.occurrence import NATIONAL
from scheduler.notify.ladder import COORDINATOR as COORDINATOR_LEVEL
from scheduler.notify.ladder import RESPONSIBLE
from scheduler.notify.roles import COORDINATOR, Place
from scheduler.notify.tables import ContactRow

LEVELS = {1: "ansvarlig", 2: "stedfortreder", 3: "leder", 4: "nasjonal koordinator"}


@dataclass(frozen=True, slots=True, order=True)
class Contact:
    """An address of a role: the county or "national", the level 1 to 4, and the channel.

    `token` is what its letters' addresses carry: who has it may answer for the role.
    """

    id: int
    scope: str
    role: str
    level: int
    channel: str
    address: str
    singles: bool
    token: str

    @classmethod
    def of(cls, row: ContactRow) -> Self:
        return cls(
            row.id,
            row.scope,
            row.role,
            row.level,
            row.channel,
            row.address,
            row.singles,
            row.token,
        )


@dataclass(frozen=True, slots=True)
class Directory:
    """Every active contact, by scope, role and level."""

    contacts: Mapping[tuple[str, str, int], tuple[Contact, ...]]

    @classmethod
    def of(cls, contacts: Iterable[Contact]) -> Self:
        found = defaultdict(list)
        for contact in sorted(contacts):
            found[contact.scope, contact.role, contact.level].append(contact)
        return cls({place: tuple(group) for place, group in found.items()})

    def at(self, place: Place, level: int) -> tuple[Contact, ...]:
        """Those of exactly this level; the coordinator's level is the same for every role."""
        if level == COORDINATOR_LEVEL:
            return self.contacts.get((NATIONAL, COORDINATOR, COORDINATOR_LEVEL), ())
        return self.contacts.get((*place, level), ())

    def reached(self, place: Place, level: int = RESPONSIBLE) -> tuple[Contact, ...]:
        """Those of this level, or where there is nobody, of the nearest level above it."""
        above = (self.at(place, higher) for higher in range(level, COORDINATOR_LEVEL + 1))
        return next(filter(None, above), ())


def read_directory(session: Session) -> Directory:
    rows = session.scalars(select(ContactRow).where(ContactRow.active))
    return Directory.of(map(Contact.of, rows))
