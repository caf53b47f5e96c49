"""Norwegian words for days and months: read from the calendar file, written to people."""

import difflib
import re
from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

MONTHS = (
    "januar",
    "februar",
    "mars",
    "april",
    "mai",
    "juni",
    "juli",
    "august",
    "september",
    "oktober",
    "november",
    "desember",
)
WEEKDAYS = ("mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag")
ORDINALS = {1: "første", 2: "andre", 3: "tredje", 4: "fjerde", -1: "siste"}
# Up to twelve is written in letters.
SMALL_NUMBERS = (
    *("null", "én", "to", "tre", "fire", "fem", "seks"),
    *("sju", "åtte", "ni", "ti", "elleve", "tolv"),
)

_MONTH_DAY = re.compile(r"(\d{1,2})\.? +([^\W\d]+)", re.IGNORECASE)
_FULL_DATE = re.compile(r"(\d{1,2})\.? +([^\W\d]+) +(\d{4})", re.IGNORECASE)
# A leap year: 29 February is refused with its own sentence, not as an unknown day.
_LONGEST_YEAR = 2024


@dataclass(frozen=True, slots=True)
class MonthDay:
    """A day that every year has, such as 24. oktober."""

    month: int
    day: int

    def __str__(self) -> str:
        return f"{self.day}. {MONTHS[self.month - 1]}"

    def in_year(self, year: int) -> date:
        return date(year, self.month, self.day)

    def latest(self, limit: date) -> date:
        """The last such day on or before `limit`."""
        day = self.in_year(limit.year)
        return day if day <= limit else self.in_year(limit.year - 1)


def nearest(word: str, known: Iterable[str]) -> str:
    """Advice on a wrong word: the nearest known one, or those to choose from if they are few."""
    words = sorted(known)
    found = difflib.get_close_matches(word.lower(), words, n=1, cutoff=0.6)
    if found:
        return f" Mente du «{found[0]}»?"
    return f" Velg blant: {', '.join(words)}." if 0 < len(words) <= len(MONTHS) + 3 else ""


def parse_month(word: str) -> int:
    """The number of a Norwegian month; ValueError with a sentence for anything else."""
    if word.lower() not in MONTHS:
        raise ValueError(f"«{word}» er ikke en måned.{nearest(word, MONTHS)}")
    return MONTHS.index(word.lower()) + 1


def parse_weekday(word: str) -> int:
    """0 for mandag to 6 for søndag; ValueError with a sentence for anything else."""
    if word.lower() not in WEEKDAYS:
        raise ValueError(f"«{word}» er ikke en ukedag.{nearest(word, WEEKDAYS)}")
    return WEEKDAYS.index(word.lower())


def parse_month_day(text: str) -> MonthDay:
    """A yearly day such as "24. oktober"; ValueError says what no year, or not every year, has."""
    match = _MONTH_DAY.fullmatch(text.strip())
    if not match:
        raise ValueError(f"«{text}» er ikke en dag i året. Skriv for eksempel 24. oktober.")
    found = MonthDay(parse_month(match[2]), int(match[1]))
    last = monthrange(_LONGEST_YEAR, found.month)[1]
    if not 1 <= found.day <= last:
        raise ValueError(f"{found} finnes ikke; {MONTHS[found.month - 1]} har høyst {last} dager.")
    if (found.month, found.day) == (2, 29):
        raise ValueError(
            "29. februar finnes bare i skuddår. Skriv 28. februar, eller «working_day: -1» med "
            "«month: februar» for siste arbeidsdag i måneden."
        )
    return found


def parse_full_date(text: str) -> date:
    """A date with its year such as "24. september 2023"; ValueError with a sentence otherwise."""
    match = _FULL_DATE.fullmatch(text.strip())
    if not match:
        raise ValueError(
            f"«{text}» er ikke en dato med årstall. Skriv for eksempel 24. september 2023."
        )
    month = parse_month(match[2])
    try:
        return date(int(match[3]), month, int(match[1]))
    except ValueError as error:
        raise ValueError(f"{text.strip()} finnes ikke i kalenderen.") from error


def day_of_year(day: date) -> str:
    """Where the year is plain from the context: 22. november."""
    return str(MonthDay(day.month, day.day))


def long_date(day: date) -> str:
    """For running text: 22. november 2026."""
    return f"{day_of_year(day)} {day.year}"


def day_and_date(day: date) -> str:
    """For running text, with the weekday: søndag 22. november 2026."""
    return f"{WEEKDAYS[day.weekday()]} {long_date(day)}"


def both_dates(nominal: date, due: date) -> str:
    """The day in the calendar and the day that holds: 1. november (søndag) → mandag 2. november 2026.

    One day, with its weekday, when they are the same.
    """
    if nominal == due:
        return day_and_date(due)
    begun = day_of_year(nominal) if nominal.year == due.year else long_date(nominal)
    return f"{begun} ({WEEKDAYS[nominal.weekday()]}) → {day_and_date(due)}"


def short_date(day: date | None) -> str:
    """For tables: 22.11.2026; nothing for no date."""
    return f"{day:%d.%m.%Y}" if day else ""


def count(number: int, one: str, many: str, *, neuter: bool = False) -> str:
    """A number with its noun, small numbers in letters: én dag, ett fylke, sju dager, 30 dager."""
    word = SMALL_NUMBERS[number] if number < len(SMALL_NUMBERS) else str(number)
    word = "ett" if neuter and number == 1 else word
    return f"{word} {one if number == 1 else many}"


def working_days(number: int) -> str:
    """Seven, or less than none: sju arbeidsdager, minus to arbeidsdager."""
    sign = "minus " if number < 0 else ""
    return sign + count(abs(number), "arbeidsdag", "arbeidsdager")
