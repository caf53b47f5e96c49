"""Words: what a request to the API may say, and the sentence for each word that it may not."""

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, Any

from flask import Response
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    WithJsonSchema,
)
from pydantic_core import ErrorDetails

from scheduler.calendar.faults import sentence_of
from scheduler.calendar.fields import COUNTY_NUMBER, SLUG
from scheduler.calendar.occurrence import OSLO
from scheduler.calendar.school_year import KNOWN_YEARS, SchoolYear
from web.api.problem import Fault, unusable

MAX_SENTENCE = 500
# The largest number both databases can hold in an INTEGER column.
MAX_NUMBER = 2**31 - 1
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_DIGITS = re.compile(r"-?[0-9]{1,12}", re.ASCII)
MOST_SHOWN = 60
_CYCLE = "^[0-9]{4}-[0-9]{4}$"
_SENTENCES = {
    "string_too_long": "Teksten kan ha høyst {max_length} tegn.",
    "too_long": "Listen kan ha høyst {max_length} verdier.",
    "string_unicode": "Teksten har tegn som ikke er gyldig Unicode.",
}


class Words(BaseModel):
    """A part of a request: only the words it names are allowed."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Nothing(Words):
    """An address that takes no query."""


def _matching(pattern: str, sentence: str, **schema: int) -> tuple[AfterValidator, WithJsonSchema]:
    """A text of one form; the schema has the same pattern, and what else is known of it."""
    form = re.compile(pattern, re.ASCII)

    def check(value: str) -> str:
        if not form.search(value) or "\n" in value:
            raise ValueError(sentence.format(value))
        return value

    return AfterValidator(check), WithJsonSchema({"type": "string", "pattern": pattern, **schema})


def _reading(parse: Callable[[str], Any]) -> BeforeValidator:
    """Text read our way; anything but text is left for pydantic to refuse."""
    return BeforeValidator(lambda value: parse(value) if isinstance(value, str) else value)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text if _DAY.fullmatch(text) else "")
    except ValueError as error:
        raise ValueError(f"«{text}» er ikke en dato. Skriv for eksempel 2026-11-22.") from error


def _number(text: str) -> int:
    """Digits alone: Python's own reading takes spaces, underscores and other scripts' digits too."""
    if not _DIGITS.fullmatch(text):
        raise ValueError(f"«{text[:MOST_SHOWN]}» er ikke et helt tall.")
    return int(text)


def _instant(text: str) -> datetime:
    """An instant with its offset; a time without one is in Oslo."""
    example = "2026-11-22T08:00:00+01:00"
    try:
        found = datetime.fromisoformat(text if len(text) > len("2026-11-22") else "")
    except ValueError as error:
        raise ValueError(f"«{text}» er ikke et tidspunkt. Skriv for eksempel {example}.") from error
    if found.year not in KNOWN_YEARS:  # no conversion between time zones leaves the calendar
        raise ValueError(f"Årstallet {found.year} kan ikke brukes. Skriv for eksempel {example}.")
    return found if found.tzinfo else found.replace(tzinfo=OSLO)


CountyNumber = Annotated[str, StringConstraints(pattern=COUNTY_NUMBER)]
Name = Annotated[str, StringConstraints(pattern=SLUG, max_length=80)]
Stage = Annotated[str, StringConstraints(pattern=SLUG, max_length=40)]
ScopeWord = Annotated[
    str,
    *_matching(r"^(national|[0-9]{2})$", "«{}» er verken national eller et fylkesnummer."),
]
Cycle = Annotated[
    str,
    AfterValidator(lambda text: str(SchoolYear(text))),
    WithJsonSchema({"type": "string", "pattern": _CYCLE}),
]
Day = Annotated[date, _reading(_day)]
Instant = Annotated[datetime, _reading(_instant)]
# A word that may be left out is described as the word it is; null cannot be said in a query.
MaybeCycle = Annotated[Cycle | None, WithJsonSchema({"type": "string", "pattern": _CYCLE})]
MaybeDay = Annotated[Day | None, WithJsonSchema({"type": "string", "format": "date"})]
MaybeInstant = Annotated[Instant | None, WithJsonSchema({"type": "string", "format": "date-time"})]
MaybeCounty = Annotated[
    CountyNumber | None, WithJsonSchema({"type": "string", "pattern": COUNTY_NUMBER})
]
Whole = Annotated[int, _reading(_number)]
Number = Annotated[Whole, Field(ge=1, le=MAX_NUMBER)]
MaybeNumber = Annotated[
    Number | None, WithJsonSchema({"type": "integer", "minimum": 1, "maximum": MAX_NUMBER})
]
Sha256 = Annotated[
    str,
    *_matching(r"^[0-9a-f]{64}$", "En id har 64 tegn, 0–9 og a–f; listen viser dem."),
]
# What a person writes is one line, without the control characters that no database keeps alike.
Line = Annotated[
    str,
    StringConstraints(min_length=1, max_length=MAX_SENTENCE, strip_whitespace=True),
    *_matching(
        r"^[^\x00-\x1f\x7f]*$",
        "Teksten kan ikke ha linjeskift eller styretegn.",
        minLength=1,
        maxLength=MAX_SENTENCE,
    ),
]


def optional(description: str, alias: str | None = None) -> Any:
    """A word that may be left out."""
    return Field(
        default=None, alias=alias, description=description, json_schema_extra=_without_default
    )


def _without_default(schema: dict[str, Any]) -> None:
    schema.pop("default", None)


def invalid(error: ValidationError) -> Response:
    """422 with what is wrong with each word of a request, from pydantic's own list."""
    model = next((words for words in _all(Words) if words.__name__ == error.title), Words)
    fields = frozenset(field.alias or name for name, field in model.model_fields.items())
    return unusable(_fault(found, fields) for found in error.errors(include_url=False)).answer()


def _all(model: type[Words]) -> list[type[Words]]:
    return [model, *(below for words in model.__subclasses__() for below in _all(words))]


def _fault(error: ErrorDetails, fields: frozenset[str]) -> Fault:
    name = ".".join(str(part) for part in error["loc"]) or "kroppen"
    sentence = _SENTENCES.get(error["type"], "").format(**error.get("ctx", {}))
    return Fault(name=name, sentence=sentence or sentence_of(error, fields))
