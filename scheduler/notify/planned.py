"""Planned: one reminder, digest or escalation as decided for an instant, sent or not, and why."""

from dataclasses import dataclass
from datetime import datetime

from scheduler.notify.directory import LEVELS, Contact
from scheduler.notify.message import Message
from scheduler.notify.roles import COORDINATOR, Place


@dataclass(frozen=True, slots=True)
class Planned:
    """What goes to whom at `at`, or why it does not; `message` is None when nothing is sent.

    `about` names the matter, `key` its occurrence ("" for a digest), `step` the rung, such as
    "T-3". `contact` is None where the role has nobody.
    """

    at: datetime
    kind: str
    place: Place
    about: str
    why: str
    contact: Contact | None = None
    key: str = ""
    step: str = ""
    message: Message | None = None

    @property
    def sends(self) -> bool:
        return self.message is not None


def why_you(contact: Contact, place: Place, role: str, scope: str, level: int) -> str:
    """Why somebody gets a message, for the foot of it; `level` is the one it was meant for."""
    told = f"Du får denne meldingen fordi adressen står som {LEVELS[contact.level]}"
    if contact.role != COORDINATOR:
        told = f"{told} for «{role}» ({scope})"
    if contact.level > level:
        told = f"{told}, og ingen står som {LEVELS[level]}"
        told = f"{told} for «{role}» ({scope})" if contact.role == COORDINATOR else told
    elif contact.role == COORDINATOR and place[1] != COORDINATOR:
        told = f"{told}, og saken gjelder «{role}» ({scope})"
    return f"{told}."
