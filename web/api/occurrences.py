"""Occurrences: every deadline of a school year with its dates, their derivation and its state."""

from typing import Annotated

from flask import Response
from pydantic import Field

from scheduler.feeds.selection import admits
from scheduler.ledger.occurrence_view import occurrence_view
from scheduler.ledger.read import cycles, items
from scheduler.ledger.state import State
from scheduler.ledger.traces import traced
from scheduler.ledger.views import Item
from web.api.blueprint import MAY_SHOW_KEY, answer, blueprint, said_no
from web.api.occurrence_shapes import OccurrenceDetail, OccurrenceList, shown, shown_whole
from web.api.paging import Paged, page
from web.api.problem import NOT_FOUND, Refused
from web.api.selection import MAX_WORDS, Selection, cycle_of
from web.api.words import (
    Cycle,
    MaybeCycle,
    MaybeDay,
    Name,
    Nothing,
    ScopeWord,
    Stage,
    Words,
    optional,
)
from web.site import Ledger, ledger


class Wanted(Selection, Paged):
    """Which occurrences; without a school year and dates, those of the current school year."""

    skolear: MaybeCycle = optional("Skoleåret, for eksempel 2026-2027.")
    status: Annotated[tuple[State, ...], Field(description="Tilstander, for eksempel late.")] = (
        Field(default=(), max_length=MAX_WORDS)
    )
    first: MaybeDay = optional("Frist tidligst denne dagen.", alias="from")
    last: MaybeDay = optional("Frist senest denne dagen.", alias="to")

    def takes(self, item: Item) -> bool:
        return (
            admits(self, item)
            and (not self.status or item.status.state in self.status)
            and (self.first is None or item.due >= self.first)
            and (self.last is None or item.due <= self.last)
        )


class OccurrencePath(Words):
    """The four parts of an occurrence's key."""

    deliverable: Name
    cycle: Cycle
    stage: Stage
    scope: ScopeWord

    @property
    def key(self) -> str:
        return f"{self.deliverable}/{self.cycle}/{self.stage}/{self.scope}"


AT_KEY = "/occurrences/<deliverable>/<cycle>/<stage>/<scope>"


@blueprint.get("/occurrences", responses={200: OccurrenceList})
def occurrences(query: Wanted) -> Response:
    """Fristene, sortert etter dato"""
    with ledger() as found:
        query.check(found.calendar)
        all_items = [
            item
            for cycle in _cycles(found, query)
            for item in items(found.session, found.calendar, cycle, found.now)
            if query.takes(item)
        ]
        all_items.sort(key=_place)
        part, following = page(all_items, query, _place)
        shapes = tuple(shown(item) for item in traced(found.session, part))
        return answer(OccurrenceList(items=shapes, total=len(all_items), next=following))


def _place(item: Item) -> tuple[str, str]:
    return item.due.isoformat(), item.key


def _cycles(found: Ledger, query: Wanted) -> list[str]:
    """The school years asked for; dates alone ask for all that the ledger holds."""
    if query.skolear is None and (query.first or query.last):
        return cycles(found.session)
    return [cycle_of(found, query.skolear)]


@blueprint.get(
    AT_KEY, responses={200: OccurrenceDetail, **said_no(NOT_FOUND)}, security=MAY_SHOW_KEY
)
def occurrence(path: OccurrencePath, query: Nothing) -> Response:  # noqa: ARG001 - no query
    """Én frist med forgjengere, kjøringer, kvitteringer og beslutninger"""
    with ledger() as found:
        view = occurrence_view(found.session, found.calendar, path.key, found.now)
        if view is None:
            raise no_such(path.key)
        return answer(shown_whole(view))


def no_such(key: str) -> Refused:
    return Refused(NOT_FOUND, f"Fant ingen frist «{key}». /api/v1/occurrences viser nøklene.")
