"""Actors: what whoever stands in the log is called to those who may not see names: by role alone."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Result, literal, select, union_all
from sqlalchemy.orm import Session

from scheduler.access.api_keys import NATIONAL
from scheduler.access.roles import WORDS, Role
from scheduler.access.tables import AccountRow, ApiKeyRow, GrantRow
from scheduler.ledger import itself
from scheduler.ledger.tables import NodeRow

ITSELF = "systemet"
SOMEBODY = "en person"
COUNTY_KEY = "fylket"
NATIONAL_KEY = "den nasjonale nøkkelen"
CALLED = (ITSELF, SOMEBODY, COUNTY_KEY, NATIONAL_KEY)
# Whoever has several roles acts in the first of these that they have.
_RANK = (
    Role.COORDINATOR,
    Role.OPERATOR,
    Role.ADMINISTRATOR,
    Role.COUNTY,
    Role.OT,
    Role.OT_PROTECTED,
    Role.VIEWER,
)
_ACCOUNT, _KEY, _NODE = "account", "key", "node"
# The command line asks for a role rather than a name (`--by`): such a word hides nobody.
_ROLES = frozenset(word.casefold() for word in (*WORDS, *WORDS.values()))


@dataclass(frozen=True, slots=True)
class Actors:
    """Name in the log -> the word that may stand for it, of those who are known here."""

    words: Mapping[str, str]

    def called(self, actor: str) -> str:
        """The role of whoever it is, in bokmål; SOMEBODY for a name that is no account or key."""
        if actor in itself.NAMES:
            return ITSELF
        if actor.casefold() in _ROLES:
            return actor
        return self.words.get(actor, SOMEBODY)


def read_actors(session: Session) -> Actors:
    """Everybody with a role, also one taken back: what was decided was decided in it."""
    rows = session.execute(
        union_all(
            select(AccountRow.name, literal(_ACCOUNT).label("kind"), GrantRow.role.label("what"))
            .join(GrantRow, GrantRow.account_id == AccountRow.id)
            .distinct(),
            select(ApiKeyRow.name, literal(_KEY), ApiKeyRow.scope),
            select(NodeRow.name, literal(_NODE), literal("")),
        )
    )
    return Actors(_words(rows))


def _words(rows: Result[str, str, str]) -> dict[str, str]:
    """The words by name; an account goes before a key or a node that is called the same."""
    roles: dict[str, set[str]] = {}
    words: dict[str, str] = {}
    for name, kind, what in rows:
        if kind == _ACCOUNT:
            roles.setdefault(name, set()).add(what)
        elif kind == _KEY:
            words[name] = NATIONAL_KEY if what == NATIONAL else COUNTY_KEY
        else:
            words[name] = ITSELF
    held = {name: next(role for role in _RANK if role in found) for name, found in roles.items()}
    return words | {name: WORDS[role] for name, role in held.items()}
