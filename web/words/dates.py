"""Dates: days and times in the language of the page, bokmål and nynorsk as Språkrådet writes them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from babel.dates import format_date

from scheduler.calendar.occurrence import OSLO
from web.words.language import gettext as _
from web.words.language import language, ngettext


@dataclass(frozen=True, slots=True)
class Style:
    """How one language writes: patterns of Unicode's CLDR for days, of strftime for times."""

    day: str
    short: str
    time: str
    joined: str


NORWEGIAN = Style("d. MMMM", "dd.MM.y", "kl. %H.%M", "{} {}")
STYLES = {"nb": NORWEGIAN, "nn": NORWEGIAN, "en": Style("d MMMM", "d MMM y", "%H:%M", "{} at {}")}


def _style() -> Style:
    return STYLES[language()]


@lru_cache(maxsize=8192)
def _written(day: date, pattern: str, code: str) -> str:
    """A page holds hundreds of days, and the same ones each time."""
    return format_date(day, pattern, code)


def _in(pattern: str, day: date) -> str:
    return _written(day, pattern, language())


def day_of_year(day: date) -> str:
    """Where the year is plain from the context: 22. november."""
    return _in(_style().day, day)


def long_date(day: date) -> str:
    """For running text: 22. november 2026, 22 November 2026."""
    return _in(f"{_style().day} y", day)


def day_and_date(day: date) -> str:
    """For running text, with the weekday: søndag 22. november 2026."""
    return _in(f"EEEE {_style().day} y", day)


def short_date(day: date | None) -> str:
    """For tables: 22.11.2026, 22 Nov 2026; nothing for no date."""
    return _in(_style().short, day) if day else ""


def weekday(day: date) -> str:
    """The day's name: søndag."""
    return _in("EEEE", day)


def month_name(number: int) -> str:
    """Of 1 to 12: januar."""
    return _in("LLLL", date(2000, number, 1))


def month_and_year(day: date) -> str:
    """A heading: November 2026."""
    written = _in("LLLL y", day)
    return f"{written[:1].upper()}{written[1:]}"


def span(first: date, last: date) -> str:
    """5.–9. oktober, or 28. september–2. oktober."""
    if (first.year, first.month) != (last.year, last.month):
        return f"{day_of_year(first)}–{day_of_year(last)}"
    return f"{_in(_style().day.removesuffix(' MMMM'), first)}–{day_of_year(last)}"


def instant(value: datetime) -> str:
    """22. november 2026 kl. 14.05, in Oslo."""
    local = value.astimezone(OSLO)
    return _style().joined.format(long_date(local.date()), f"{local:{_style().time}}")


def clock(value: datetime) -> str:
    """22.11.2026 kl. 14.05.09, in Oslo, for tables of runs and steps."""
    separator = _style().time[-3]
    return f"{moment(value)}{separator}{value.astimezone(OSLO):%S}"


def moment(value: datetime) -> str:
    """22.11.2026 kl. 14.05, in Oslo, for tables of what people did."""
    local = value.astimezone(OSLO)
    return f"{short_date(local.date())} {local:{_style().time}}"


def time_of_day(value: datetime) -> str:
    """Kl. 08.00, in Oslo."""
    return f"{value.astimezone(OSLO):{_style().time}}"


def clock_time(value: str) -> str:
    """The deadline's time of day: kl. 23.59, or nothing."""
    return f"{datetime.strptime(value, '%H:%M'):{_style().time}}" if value else ""  # noqa: DTZ007


def elapsed(seconds: float) -> str:
    """How long something took or is ago, in the unit that suits it."""
    if seconds < 1:
        return _("under ett sekund")
    whole = round(seconds)
    if seconds < 60:  # noqa: PLR2004 - seconds in a minute
        return ngettext("1 sekund", "%(num)d sekunder", whole)
    minutes, rest = divmod(timedelta(seconds=whole), timedelta(minutes=1))
    if minutes < 60:  # noqa: PLR2004 - minutes in an hour
        return _("%(minutes)s min %(seconds)s s", minutes=minutes, seconds=rest.seconds)
    return _("%(hours)s t %(minutes)s min", hours=minutes // 60, minutes=minutes % 60)


def days_until(value: date, today: date) -> str:
    """I dag, i morgen, om 7 dager, for 3 dager siden."""
    days = (value - today).days
    near = {0: _("i dag"), 1: _("i morgen"), -1: _("i går")}
    if days in near:
        return near[days]
    return (
        _("om %(days)s dager", days=days) if days > 0 else _("for %(days)s dager siden", days=-days)
    )
