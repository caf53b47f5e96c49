"""Templating: the filters and values that every template may use."""

from flask import Flask, request, url_for
from markupsafe import Markup, escape

from scheduler.calendar import Calendar, words
from scheduler.calendar.diff import HEADINGS
from scheduler.calendar.evidence import LABELS, spelled
from scheduler.ledger.pausing import sentence as pause_sentence
from scheduler.ledger.state import State, Tone
from scheduler.ledger.words import ACTIONS, RUN_STATES
from scheduler.notify.directory import LEVELS
from scheduler.notify.words import CHANNELS, MESSAGE_KINDS, MESSAGE_STATES
from web import text
from web.masking import masked
from web.seen import places, reworded
from web.shapes import SHAPES, TONE_COLOURS
from web.site import site
from web.year import group_url

NAVIGATION = (
    ("pages.front", "Årshjulet"),
    ("pages.board", "Tavla"),
    ("changes.index", "Endringer"),
    ("notices.index", "Varsler"),
    ("planning.index", "Planlegging"),
    ("upload.page", "Lever en fil"),
    ("pages.subscribe", "Abonner"),
    ("operating.page", "Drift"),
    ("health.page", "Helse"),
    ("pages.about", "Om"),
)


def install(app: Flask) -> None:
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    app.jinja_env.filters.update(
        long_date=words.long_date,
        day_and_date=words.day_and_date,
        short_date=words.short_date,
        day_of_year=words.day_of_year,
        weekday=text.weekday,
        working_days=words.working_days,
        instant=text.instant,
        clock=text.clock,
        moment=text.moment,
        time_of_day=text.time_of_day,
        elapsed=text.elapsed,
        number=text.number,
        counted=text.counted,
        clock_time=text.clock_time,
        cycle=text.cycle,
        evidence=spelled,
        capital=text.capital,
        started=text.started,
        scope=text.scope,
        days_until=text.days_until,
        party=text.party,
        role=text.role,
        decided_by=text.decided_by,
        masked=masked,
        places=places,
        reworded=reworded,
        pause_sentence=pause_sentence,
        detail=text.detail,
        source=_source,
        webcal=text.webcal,
        group_url=group_url,
    )
    app.jinja_env.globals.update(
        navigation=NAVIGATION,
        shapes=SHAPES,
        tone_colours=TONE_COLOURS,
        states=list(State),
        icon=icon,
        kinds=text.KINDS,
        evidence_labels=LABELS,
        date_status_words=text.DATE_STATUS,
        run_states=RUN_STATES,
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
    )
    app.context_processor(_request_values)


def _request_values() -> dict[str, object]:
    return {"demo": site().settings.demo, "here": request.endpoint, "home": url_for("pages.front")}


def _source(key: str, calendar: Calendar) -> Markup:
    """A source's title, linked when it is open; the key itself when it is not a known source."""
    source = calendar.sources.get(key)
    if source is None:
        return escape(key)
    if not source.url:
        return escape(source.title)
    return Markup('<a class="ds-link" href="{}">{}</a>').format(source.url, source.title)


def icon(state: State, tone: Tone) -> Markup:
    """A state's shape as decoration beside its word."""
    return Markup(
        '<svg class="icon tone-{}" viewBox="-8 -8 16 16" aria-hidden="true" focusable="false">'
        '<path fill-rule="evenodd" d="{}"/></svg>'
    ).format(tone, SHAPES[state])
