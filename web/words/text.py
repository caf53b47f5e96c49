"""Text: places, codes and numbers as people read them, in the language of the page."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from markupsafe import Markup, escape

from scheduler.calendar import Calendar
from scheduler.calendar.evidence import Evidence, spelled
from scheduler.calendar.kinds import Stage
from scheduler.calendar.occurrence import NATIONAL, OSLO
from scheduler.calendar.words import SMALL_NUMBERS
from scheduler.engine.decide import Why
from scheduler.ledger.itself import SAVED
from scheduler.ledger.pause import Pause
from scheduler.ledger.pausing import place
from scheduler.ledger.risk import Risk
from scheduler.ledger.state import Status
from scheduler.notify.roles import role_name
from web.access.actors import NOBODYS, named
from web.words.dates import day_of_year, long_date
from web.words.language import gettext as _
from web.words.language import language, message, nb, ngettext

NO_BREAK_SPACE = "\u00a0"
# Characters that nobody writes hold the places of authors' words until the sentence is escaped.
AWAITED, QUIET, REASON = "\ue000", "\ue001", "\ue002"
THOUSANDS = {"nb": NO_BREAK_SPACE, "nn": NO_BREAK_SPACE, "en": ","}

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
# What a delivery of a pair is called, and the answer between the two.
STAGES = {
    Stage.FIRST: message("Første levering"),
    Stage.FINAL: message("Endelig levering"),
    Stage.FEEDBACK: message("Tilbakemelding"),
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
GENDERS = {"K": "Jenter", "M": "Gutter"}
SEVERITIES = {"ERROR": "Feil", "WARN": "Advarsel", "INFO": "Opplysning"}
TRACE = {
    "rule": "Regel",
    "confirmed": "Bekreftet",
    "shift": "Flyttet",
    "closure": "Stengt kontor",
}


def number(value: int) -> str:
    """12 345 with a space that does not break; 12,345 in English."""
    return f"{value:,}".replace(",", THOUSANDS[language()])


def in_letters(value: int) -> str:
    """Up to twelve in letters, as in running text: sju, 30."""
    return _(SMALL_NUMBERS[value]) if value < len(SMALL_NUMBERS) else str(value)


def working_days(value: int) -> str:
    """Seven, or less than none: sju arbeidsdager, minus to arbeidsdager."""
    days = abs(value)
    told = ngettext("én arbeidsdag", "%(number)s arbeidsdager", days, number=in_letters(days))
    return _("minus %(days)s", days=told) if value < 0 else told


def cycle(value: str) -> str:
    """Skoleåret 2026–2027 with an en dash, without the word."""
    return value.replace("-", "–")


def scope(value: str, counties: dict[str, str]) -> str:
    """The county's name, or that it holds for the whole country."""
    return _("Hele landet") if value == NATIONAL else counties.get(value, value)


def party(key: str, calendar: Calendar) -> str:
    """A party's name, or the word as it stands when the calendar does not know it."""
    return calendar.parties[key].name if key in calendar.parties else key


def row_name(key: str, calendar: Calendar) -> str:
    """What a row is called, or its id once the calendar no longer holds it."""
    return calendar.deliverables[key].name if key in calendar.deliverables else key


def role(key: str, calendar: Calendar) -> Markup:
    """A role as people read it, as the calendar names it."""
    return nb(role_name(calendar, key))


def decided_by(actor: str) -> str:
    """Who published a version, by name or role, or that nobody in particular saved the file."""
    if actor in {"", SAVED}:
        return _("lagret i calendar.yaml")
    return _("bestemt av %(who)s", who=named(actor))


def capital(sentence: str) -> str:
    """With a capital first letter, the rest as it stands."""
    return f"{sentence[:1].upper()}{sentence[1:]}"


def listed(names: Sequence[str]) -> str:
    """Oslo, Agder og Vestland."""
    *others, last = names
    return " ".join((", ".join(others), _("og"), last)) if others else last


def started(by: str, scope: str) -> str:
    """Why a run of a county or the country was started, or by whom."""
    return (
        _("Startet fordi: %(why)s", why=_(by))
        if by in set(Why)
        else _("Startet av %(who)s", who=named(by, scope))
    )


def label(status: Status) -> Markup:
    """A state with all that is said of it: Stoppet, forsinket."""
    awaits = (AWAITED,) if status.awaits else ()
    told = replace(status, awaits=awaits, quiet=status.quiet and QUIET).told(_)
    words = {AWAITED: ", ".join(status.awaits), QUIET: status.quiet}
    if status.pause:
        told, words[REASON] = f"{told}, {_paused(status.pause)}", status.pause.reason
    return _with_authors(told, words)


def _with_authors(said: str, words: Mapping[str, str]) -> Markup:
    """The sentence, with authors' own words in their places and marked as such."""
    marked = escape(said)
    for place_held, word in words.items():
        marked = marked.replace(place_held, nb(word))
    return marked


def short_label(status: Status) -> str:
    """A state without what it waits for."""
    return status.briefly(_)


def pause_sentence(pause: Pause, calendar: Calendar) -> Markup:
    """What is on hold, until when, why, by whom and since when."""
    told = _(
        "%(what)s er %(pause)s (%(who)s, %(day)s).",
        what=place(pause, calendar, _),
        pause=_paused(pause),
        who=named(pause.actor, pause.county or NOBODYS),
        day=long_date(pause.begun_at.astimezone(OSLO).date()),
    )
    return _with_authors(told, {REASON: pause.reason})


def _paused(pause: Pause) -> str:
    if pause.until is None:
        return _("på pause: %(reason)s", reason=REASON)
    day = day_of_year(pause.until) if pause.same_year else long_date(pause.until)
    return _("på pause til %(day)s: %(reason)s", day=day, reason=REASON)


def evidence(letters: str) -> str:
    """S+P: kildedokumentet og en offentlig kilde."""
    return spelled(letters, _)


def evidence_sentence(found: Evidence) -> str:
    """How something is known, in a sentence."""
    return found.told(_)


def risk(found: Risk) -> Markup:
    """The estimate, and its reason in the words it was made with."""
    told = escape(found.told(_))
    return Markup("{} {}").format(told, nb(found.reason)) if found.reason else told


def detail(value: object) -> str:
    """A receipt's single value: numbers with spaces, a dash for none."""
    if value is None:
        return "–"
    return number(value) if isinstance(value, int) else str(value)


def webcal(url: str) -> str:
    """The address that opens a calendar program instead of a download."""
    return "webcal://" + url.split("://", 1)[-1]
