"""Faults: what is wrong in a calendar file, where, in words a school administrator understands."""

import re
from dataclasses import dataclass
from typing import Any

from pydantic_core import ErrorDetails

from scheduler.calendar.fields import CLOCK_TIME, COUNTY_NUMBER, LABEL, SLUG
from scheduler.calendar.words import nearest


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing to mend: line and column count from 1."""

    line: int
    column: int
    sentence: str


class CalendarError(Exception):
    """The calendar cannot be used; `faults` holds everything that is wrong with it, in `text`."""

    def __init__(self, name: str, faults: tuple[Fault, ...], text: str = "") -> None:
        super().__init__("\n".join(f"{name}:{f.line}:{f.column}: {f.sentence}" for f in faults))
        self.name = name
        self.faults = faults
        self.text = text


_SENTENCES = {
    "string_type": "Her skal det stå en tekst.",
    "string_too_short": "Teksten mangler.",
    "int_parsing": "Her skal det stå et helt tall, ikke «{input}».",
    "int_type": "Her skal det stå et helt tall.",
    "bool_parsing": "Her skal det stå true eller false, ikke «{input}».",
    "bool_type": "Her skal det stå true eller false.",
    "tuple_type": "Her skal det stå en liste, for eksempel [a, b].",
    "dict_type": "Her skal det stå felter med navn og verdi.",
    "model_type": "Her skal det stå felter med navn og verdi.",
    "model_attributes_type": "Her skal det stå felter med navn og verdi.",
    "too_short": "Listen har for få verdier; det trengs minst {min_length}.",
    "greater_than_equal": "Tallet må være minst {ge}.",
    "less_than_equal": "Tallet må være høyst {le}.",
    "union_tag_not_found": (
        "Regelen for fristen mangler. Skriv date, dates, working_day, nth (med weekday og month), "
        "on_or_after (med weekday), weekly eller after."
    ),
}
_COMMA = " En tekst med komma inni krøllparenteser må stå i hermetegn."
_PATTERNS = {
    SLUG: "«{input}» kan ikke være et navn her: bruk små bokstaver a–z, tall og bindestrek.",
    COUNTY_NUMBER: "Et fylkesnummer har to sifre; «{input}» har ikke det.",
    CLOCK_TIME: '«{input}» er ikke et klokkeslett. Skriv det i hermetegn, for eksempel "23:59".',
    LABEL: "«{input}» er ikke et merke. Skriv S, P, I eller G, eller flere med +, for eksempel S+P.",
}


def sentence_of(error: ErrorDetails, fields: frozenset[str]) -> str:
    """The Norwegian sentence for one of pydantic's errors; `fields` are the names it could have been."""
    name = str(error["loc"][-1]) if error["loc"] else ""
    match error["type"]:
        case "value_error":
            return str(error["ctx"]["error"])
        case "missing":
            return f"Feltet «{name}» mangler."
        case "extra_forbidden":
            return (
                f"«{name}» er ikke et felt her.{_COMMA if ' ' in name else nearest(name, fields)}"
            )
        case _ if error["input"] is None:
            return f"Feltet «{name}» har ingen verdi."
        case kind:
            return _about_value(kind, error["input"], error.get("ctx", {}))


def _about_value(kind: str, value: Any, context: dict[str, Any]) -> str:
    if kind in {"enum", "literal_error"}:
        known = re.findall(r"'([^']*)'", context["expected"])
        return f"«{value}» kan ikke brukes her.{nearest(str(value), known)}"
    if kind == "string_pattern_mismatch":
        return _PATTERNS[context["pattern"]].format(input=value)
    return _SENTENCES.get(kind, "Verdien kan ikke brukes her.").format(input=value, **context)
