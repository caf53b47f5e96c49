"""The building blocks of the file format: days, months, references between parts of the file."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Annotated, Any, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    GetJsonSchemaHandler,
    PlainSerializer,
    PlainValidator,
    StringConstraints,
    ValidationInfo,
    WithJsonSchema,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from scheduler.calendar.school_year import SchoolYear
from scheduler.calendar.words import (
    MONTHS,
    WEEKDAYS,
    MonthDay,
    nearest,
    parse_full_date,
    parse_month,
    parse_month_day,
    parse_weekday,
)

T = TypeVar("T")

SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*$"
COUNTY_NUMBER = r"^\d{2}$"
LABEL = r"^[SPIG]([+/][SPIG])*$"
CLOCK_TIME = r"^([01]\d|2[0-3]):[0-5]\d$"


class Frozen(BaseModel):
    """A part of the file: no unknown fields, never changed once read."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def _text(parse: Callable[[str], T]) -> Callable[[Any], T]:
    def read(value: Any) -> T:
        if not isinstance(value, str):
            raise ValueError("Her skal det stå én verdi, ikke en liste eller flere felter.")  # noqa: TRY004 - pydantic
        return parse(value)

    return read


def _words(words: tuple[str, ...]) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "enum": list(words)})


def _as_school_year(text: str) -> str:
    return SchoolYear(text)


_DAY = rf"^\d{{1,2}}\. ({'|'.join(MONTHS)})"
MonthDayField = Annotated[
    MonthDay,
    PlainValidator(_text(parse_month_day)),
    PlainSerializer(str),
    WithJsonSchema({"type": "string", "pattern": f"{_DAY}$", "examples": ["24. oktober"]}),
]
FullDateField = Annotated[
    date,
    PlainValidator(_text(parse_full_date)),
    WithJsonSchema({"type": "string", "pattern": rf"{_DAY} \d{{4}}$"}),
]
MonthField = Annotated[
    int,
    PlainValidator(_text(parse_month)),
    PlainSerializer(lambda month: MONTHS[month - 1]),
    _words(MONTHS),
]
WeekdayField = Annotated[
    int,
    PlainValidator(_text(parse_weekday)),
    PlainSerializer(WEEKDAYS.__getitem__),
    _words(WEEKDAYS),
]
SchoolYearField = Annotated[
    str,
    PlainValidator(_text(_as_school_year)),
    WithJsonSchema({"type": "string", "pattern": r"^\d{4}-\d{4}$", "examples": ["2026-2027"]}),
]
Slug = Annotated[str, StringConstraints(pattern=SLUG)]
ClockTime = Annotated[str, StringConstraints(pattern=CLOCK_TIME)]
Sentence = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]


class _OneOrMoreSchema:
    def __get_pydantic_json_schema__(
        self, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        many = handler(core_schema)
        return {"anyOf": [many["items"], many]}


def _as_list(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


OneOrMore = Annotated[tuple[T, ...], BeforeValidator(_as_list), _OneOrMoreSchema()]


def _reference(table: str, noun: str, *, allowed: tuple[str, ...] = ()) -> AfterValidator:
    """A name that must exist in another part of the file, known through the validation context."""

    def check(name: str, info: ValidationInfo) -> str:
        known: Mapping[str, frozenset[str]] = info.context or {}
        if table in known and name not in known[table] and name not in allowed:
            raise ValueError(f"«{name}» er ikke {noun} i denne filen.{nearest(name, known[table])}")
        return name

    return AfterValidator(check)


CountyRef = Annotated[str, _reference("counties", "et fylkesnummer")]
AreaRef = Annotated[str, _reference("areas", "et område")]
PartyRef = Annotated[str, _reference("parties", "en part")]
AudienceRef = Annotated[str, _reference("audiences", "en målgruppe")]
SourceRef = Annotated[str, _reference("sources", "en kilde")]
DeliverableRef = Annotated[str, _reference("deliverables", "en rad")]
AnchorRef = Annotated[str, _reference("deliverables", "en rad", allowed=("reference_date",))]
REFERENCE_TABLES = ("counties", "areas", "parties", "audiences", "sources", "deliverables")
