"""Paging: a list in parts, each part with the cursor that asks for the next."""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from typing import Annotated, TypeVar

from pydantic import Field

from web.api.problem import Fault, Refused, unusable
from web.api.words import Whole, Words

MAX_LIMIT = 500
MAX_CURSOR = 400
T = TypeVar("T")


class Paged(Words):
    """How much of a list, and from where."""

    limit: Whole = Field(default=100, ge=1, le=MAX_LIMIT, description="Høyst så mange i svaret.")
    cursor: Annotated[str, Field(max_length=MAX_CURSOR, description="«next» fra forrige svar.")] = (
        ""
    )


def page(
    found: Sequence[T], paged: Paged, place: Callable[[T], tuple[str, ...]]
) -> tuple[Sequence[T], str | None]:
    """The part of a list sorted by `place` after the cursor, and the next cursor, None at the end.

    The cursor is the last item's place, so what is added or removed meanwhile shifts nothing.
    """
    after = place_of(paged.cursor)
    left = [item for item in found if place(item) > after] if after else found
    part = left[: paged.limit]
    return part, cursor_at(place(part[-1])) if len(left) > len(part) else None


def cursor_at(place: tuple[str, ...]) -> str:
    """The cursor that asks for what comes after a place."""
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode()


def place_of(cursor: str) -> tuple[str, ...]:
    """The place a cursor stands for, () for none; raises Refused (422) for a word of one's own."""
    if not cursor:
        return ()
    try:
        found = json.loads(base64.urlsafe_b64decode(cursor))
    except (binascii.Error, ValueError, RecursionError):
        found = None
    parts = found if isinstance(found, list) else [found]
    if not all(isinstance(part, str) and part.isprintable() for part in parts):
        raise no_cursor()
    return tuple(parts)


def no_cursor() -> Refused:
    sentence = "Verdien er ikke «next» fra et tidligere svar."
    return unusable([Fault(name="cursor", sentence=sentence)])
