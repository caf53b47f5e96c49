"""Text: dates, times, places and codes as Norwegian readers write them."""

from datetime import date, datetime, timedelta

from scheduler.calendar import Calendar, words
from scheduler.calendar.occurrence import NATIONAL, OSLO
from scheduler.calendar.words import WEEKDAYS, long_date, short_date
from scheduler.engine.decide import Why
from scheduler.notify.roles import role_name

NO_BREAK_SPACE = "\u00a0"

KINDS = {
    "import": "Innlesing",
    "delivery": "Levering",
    "feedback": "Tilbakemelding",
    "forwarding": "Videresending",
    "transfer": "Overføring",
    "milestone": "Milepæl",
    "window": "Periode",
    "rule": "Regel",
    "information": "Informasjon",
    "deadline": "Frist",
    "housekeeping": "Rydding",
    "history": "Historikk",
    "extract": "Uttrekk",
}
DATE_STATUS = {"proposed": "Foreslått dato", "confirmed": "Bekreftet dato"}
STEP_STATES = {
    "done": "Fullført",
    "failed": "Feilet",
    "refused": "Stoppet her",
    "running": "Pågår",
    "waiting": "Ikke startet",
}
DELIVERY_STATES = {
    "waiting": "Venter på innlesing",
    "held": "Venter på et menneske",
    "refused": "Avvist",
    "loaded": "Lest inn",
    "superseded": "Erstattet av en nyere fil",
}
SEVERITIES = {"ERROR": "Feil", "WARN": "Advarsel", "INFO": "Opplysning"}
TRACE = {
    "rule": "Regel",
    "confirmed": "Bekreftet",
    "shift": "Flyttet",
    "closure": "Stengt kontor",
}


def instant(value: datetime) -> str:
    """22. november 2026 kl. 14.05, in Oslo."""
    local = value.astimezone(OSLO)
    return f"{long_date(local.date())} kl. {local:%H.%M}"


def clock(value: datetime) -> str:
    """22.11.2026 kl. 14.05.09, in Oslo, for tables of runs and steps."""
    local = value.astimezone(OSLO)
    return f"{short_date(local.date())} kl. {local:%H.%M.%S}"


def moment(value: datetime) -> str:
    """22.11.2026 kl. 14.05, in Oslo, for tables of what people did."""
    local = value.astimezone(OSLO)
    return f"{short_date(local.date())} kl. {local:%H.%M}"


def time_of_day(value: datetime) -> str:
    """Kl. 08.00, in Oslo."""
    return f"kl. {value.astimezone(OSLO):%H.%M}"


def elapsed(seconds: float) -> str:
    """How long something took or is ago, in the unit that suits it."""
    if seconds < 1:
        return "under ett sekund"
    if seconds < 60:  # noqa: PLR2004 - seconds in a minute
        return f"{seconds:.0f} sekunder" if round(seconds) != 1 else "1 sekund"
    minutes, rest = divmod(timedelta(seconds=round(seconds)), timedelta(minutes=1))
    if minutes < 60:  # noqa: PLR2004 - minutes in an hour
        return f"{minutes} min {rest.seconds} s"
    return f"{minutes // 60} t {minutes % 60} min"


def days_until(value: date, today: date) -> str:
    """I dag, i morgen, om 7 dager, for 3 dager siden."""
    days = (value - today).days
    near = {0: "i dag", 1: "i morgen", -1: "i går"}
    if days in near:
        return near[days]
    return f"om {days} dager" if days > 0 else f"for {-days} dager siden"


def number(value: int) -> str:
    """12 345 with a space that does not break."""
    return f"{value:,}".replace(",", NO_BREAK_SPACE)


def weekday(value: date) -> str:
    """The day's name: søndag."""
    return WEEKDAYS[value.weekday()]


def counted(number: int, one: str, many: str) -> str:
    """A number with its noun, whose gender `one` tells: ett fylke, tre fylker."""
    return one if number == 1 else words.count(number, one, many)


def clock_time(value: str) -> str:
    """The deadline's time of day: kl. 23.59, or nothing."""
    return f"kl. {value.replace(':', '.')}" if value else ""


def cycle(value: str) -> str:
    """Skoleåret 2026–2027 with an en dash, without the word."""
    return value.replace("-", "–")


def scope(value: str, counties: dict[str, str]) -> str:
    """The county's name, or that it holds for the whole country."""
    return "Hele landet" if value == NATIONAL else counties.get(value, value)


def party(key: str, calendar: Calendar) -> str:
    """A party's name, or the word as it stands when the calendar does not know it."""
    return calendar.parties[key].name if key in calendar.parties else key


def role(key: str, calendar: Calendar) -> str:
    """A role as people read it."""
    return role_name(calendar, key)


def decided_by(actor: str) -> str:
    """Who published a version: a person, or nobody in particular who saved the file."""
    return f"bestemt av {actor}" if actor not in {"", "calendar.yaml"} else "lagret i calendar.yaml"


def capital(sentence: str) -> str:
    """With a capital first letter, the rest as it stands."""
    return f"{sentence[:1].upper()}{sentence[1:]}"


def started(by: str) -> str:
    """Why a run was started, or by whom."""
    return f"Startet fordi: {by}" if by in set(Why) else f"Startet av {by}"


def detail(value: object) -> str:
    """A receipt's single value: numbers with spaces, a dash for none."""
    if value is None:
        return "–"
    return number(value) if isinstance(value, int) else str(value)


def webcal(url: str) -> str:
    """The address that opens a calendar program instead of a download."""
    return "webcal://" + url.split("://", 1)[-1]
