"""Actors: how whoever stands in the log is shown: by name to those who may see it, else by role."""

from flask import g

from scheduler.access.actors import Actors, read_actors
from scheduler.access.api_keys import Key
from web.access import asked, who
from web.access.rights import DELIVER
from web.words.language import gettext as _

NOBODYS = ""  # the scope of what belongs to no county and is not national either: a version, a year


def sees_names(scope: str = NOBODYS) -> bool:
    """Whether who asks may see names in matters of a county, of the country, or of no one's.

    People run the service, or deliver for the county; programs hold a key that covers it. The API
    looks at no session, and the pages at no key.
    """
    if asked.by_program():
        key: Key | None = g.get("api_key")
        return key is not None and key.covers(scope)
    person = who.me()
    return person is not None and person.may(DELIVER, scope)


def named(actor: str, scope: str = NOBODYS) -> str:
    """The name as it stands in the log, or the role in the language of the page."""
    return actor if sees_names(scope) else _(_known().called(actor))


def _known() -> Actors:
    """Everybody's role, read once a request and only when somebody is to be named."""
    found: Actors | None = g.get("actors")
    if found is None:
        found = g.actors = read_actors(g.reading)
    return found
