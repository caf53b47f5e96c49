"""Templating: the filters and values that every template may use."""

from collections.abc import Callable
from functools import lru_cache

from flask import Flask, request, url_for
from markupsafe import Markup, escape

from scheduler.access.roles import OPERATE, Person
from scheduler.access.roles import WORDS as ROLE_WORDS
from scheduler.calendar import Calendar
from scheduler.calendar.diff import HEADINGS
from scheduler.calendar.evidence import LABELS
from scheduler.ledger.state import State, Tone
from scheduler.ledger.words import (
    ACTIONS,
    NODE_STATES,
    REHEARSAL_FOUND,
    REHEARSAL_STATES,
    RUN_STATES,
)
from scheduler.notify.directory import LEVELS
from scheduler.notify.words import CHANNELS, MESSAGE_KINDS, MESSAGE_STATES
from scheduler.reads import PAGES, PURPOSES
from web.access import who
from web.access.actors import named, sees_names
from web.access.masking import masked
from web.access.rights import RIGHTS
from web.calendar.seen import places, reworded
from web.calendar.told import answered
from web.site import site
from web.wheel.groups import tally
from web.wheel.shapes import SHAPES, TONE_COLOURS
from web.wheel.year import group_url, row_of
from web.words import dates, text
from web.words.glossary import explained
from web.words.language import language, nb

# Rows, marks and cells of a few school years, a few hundred bytes each.
KEPT = 8192
NAVIGATION = (
    ("pages.front", "Årshjulet"),
    ("pages.board", "Tavla"),
    ("statistics.page", "Statistikk"),
    ("changes.index", "Endringer"),
    ("notices.index", "Varsler"),
    ("planning.index", "Planlegging"),
    ("upload.page", "Lever en fil"),
    ("pages.subscribe", "Abonner"),
    ("operating.page", "Drift"),
    ("health.page", "Helse"),
    ("pages.about", "Om"),
)
# Shown to those who may see it.
FOLLOW_UP = ("ot.index", "Oppfølging")


def install(app: Flask) -> None:
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    app.jinja_env.filters.update(
        long_date=dates.long_date,
        day_and_date=dates.day_and_date,
        short_date=dates.short_date,
        day_of_year=dates.day_of_year,
        weekday=dates.weekday,
        working_days=text.working_days,
        instant=dates.instant,
        clock=dates.clock,
        moment=dates.moment,
        time_of_day=dates.time_of_day,
        elapsed=dates.elapsed,
        number=text.number,
        in_letters=text.in_letters,
        listed=text.listed,
        month_name=dates.month_name,
        label=text.label,
        short_label=text.short_label,
        tally=tally,
        answered=answered,
        risk=text.risk,
        evidence_sentence=text.evidence_sentence,
        clock_time=dates.clock_time,
        cycle=text.cycle,
        evidence=text.evidence,
        capital=text.capital,
        started=text.started,
        scope=text.scope,
        days_until=dates.days_until,
        party=text.party,
        role=text.role,
        decided_by=text.decided_by,
        named=named,
        sees_names=sees_names,
        masked=masked,
        places=places,
        reworded=reworded,
        pause_sentence=text.pause_sentence,
        detail=text.detail,
        source=_source,
        webcal=text.webcal,
        group_url=group_url,
        row=row_of,
        explained=explained,
    )
    app.jinja_env.globals.update(
        shapes=SHAPES,
        tone_colours=TONE_COLOURS,
        states=list(State),
        icon=icon,
        kept=kept,
        kinds=text.KINDS,
        stages=text.STAGES,
        evidence_labels=LABELS,
        date_status_words=text.DATE_STATUS,
        run_states=RUN_STATES,
        node_states=NODE_STATES,
        rehearsal_states=REHEARSAL_STATES,
        rehearsal_found=REHEARSAL_FOUND,
        actions=ACTIONS,
        trace_words=text.TRACE,
        step_states=text.STEP_STATES,
        delivery_states=text.DELIVERY_STATES,
        severities=text.SEVERITIES,
        change_words=HEADINGS,
        levels=LEVELS,
        message_kinds=MESSAGE_KINDS,
        message_states=MESSAGE_STATES,
        channels=CHANNELS,
        role_words=ROLE_WORDS,
        purposes=PURPOSES,
        read_pages=PAGES,
    )
    app.context_processor(_request_values)


def _request_values() -> dict[str, object]:
    person = who.me()
    return {
        "demo": site().settings.demo,
        "here": request.endpoint,
        "home": url_for("pages.front"),
        "me": person,
        "navigation": _navigation(person),
        "may_operate": person is not None and person.may(OPERATE),
        "come_back": _come_back(),
    }


def _navigation(person: Person | None) -> list[tuple[str, str]]:
    """The menu: what everybody has, and after the statistics the follow-up service for those who may see it."""
    found = list(NAVIGATION)
    if person is not None and person.may(RIGHTS[FOLLOW_UP[0]].roles):
        found.insert(3, FOLLOW_UP)
    return found


def _come_back() -> str | None:
    """Where signing in leads back to: this page, unless it is the front page or about signing in."""
    shown = request.method == "GET" and request.endpoint not in (
        None,
        "sign_in.page",
        "pages.front",
    )
    return request.full_path.rstrip("?") if shown else None


def _source(key: str, calendar: Calendar) -> Markup:
    """A source's title, linked when it is open; the key itself when it is not a known source."""
    source = calendar.sources.get(key)
    if source is None:
        return escape(key)
    if not source.url:
        return nb(source.title)
    return Markup('<a class="ds-link" href="{}">{}</a>').format(source.url, nb(source.title))


@lru_cache
def icon(state: State, tone: Tone) -> Markup:
    """A state's shape as decoration beside its word."""
    return Markup(
        '<svg class="icon tone-{}" viewBox="-8 -8 16 16" aria-hidden="true" focusable="false">'
        '<path fill-rule="evenodd" d="{}"/></svg>'
    ).format(tone, SHAPES[state])


def kept(macro: Callable[..., Markup], *said: object) -> Markup:
    """What a macro writes of some values, written once for the same ones.

    Only for macros that are imported without context: then nothing but the values, the language and
    the site's own root decide what they write, and whatever changes is another value.
    """
    return _kept(macro, said, language(), request.script_root)


@lru_cache(maxsize=KEPT)
def _kept(
    macro: Callable[..., Markup],
    said: tuple[object, ...],
    _language: str,
    _root: str,
) -> Markup:
    return macro(*said)
