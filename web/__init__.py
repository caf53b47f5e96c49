"""The site: pages, feeds and health, drawn on the server from the ledger's read side."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from scheduler.engine import durable
from scheduler.ledger.database import open_database
from scheduler.settings import PROJECT_ROOT, Settings
from scheduler.settings import settings as process_settings
from web import api, api_page, guides, pages, public, templating
from web.access import gate, guard, limits, sessions, sign_in
from web.access.providers import read_providers
from web.calendar import changes, proposals, rollover
from web.calendar import new_row as calendar_new
from web.calendar import row as calendar_row
from web.calendar import section as calendar_section
from web.deadlines import deeds, planning, upload
from web.deliveries import cards, channels, feedback, quality, statistics
from web.feeds import addresses as feeds
from web.follow_up import ot, person_reads, persons
from web.letters import acknowledge, answer, notices
from web.letters import addresses as letters
from web.operation import health, metrics, operating
from web.site import EXTENSION, ReadSteps, Site, wall_clock
from web.wheel import month, poster, selected
from web.words import language


def create_app(
    settings: Settings | None = None,
    *,
    read_steps: ReadSteps | None = None,
    clock: Callable[[], datetime] = wall_clock,
) -> Flask:
    """The site over the database that `settings` name; tests hand in steps and a clock."""
    settings = settings or process_settings()
    app = api.application("web", PROJECT_ROOT / "templates", Path(__file__).parent / "static")
    app.extensions[EXTENSION] = Site(
        settings,
        open_database(settings.ledger_url, create=False),
        read_steps or partial(durable.read_steps, settings.engine_url),
        clock,
    )
    sessions.install(app, settings)
    language.install(app)
    guard.install(app, https=settings.https)
    templating.install(app)
    for module in (
        pages,
        statistics,
        quality,
        month,
        planning,
        poster,
        cards,
        changes,
        notices,
        acknowledge,
        answer,
        letters,
        rollover,
        selected,
        api_page,
        upload,
        feedback,
        operating,
        channels,
        ot,
        guides,
        persons,
        person_reads,
        deeds,
        proposals,
        calendar_new,
        calendar_row,
        calendar_section,
        health,
        metrics,
        public,
        sign_in,
    ):
        app.register_blueprint(module.blueprint)
    sign_in.install(app, read_providers(settings.sign_in))
    limits.install(app, settings)
    gate.install(app)
    feeds.install(app, settings.feed_dir)
    if settings.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, settings.proxies, settings.proxies)  # type: ignore[method-assign]
    return app
