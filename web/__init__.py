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
from web import (
    acknowledge,
    answer,
    api,
    api_page,
    calendar_new,
    calendar_row,
    calendar_section,
    cards,
    changes,
    channels,
    deeds,
    feedback,
    feeds,
    gate,
    guard,
    guides,
    health,
    language,
    letters,
    limits,
    metrics,
    month,
    notices,
    operating,
    ot,
    pages,
    person_reads,
    persons,
    planning,
    poster,
    proposals,
    public,
    quality,
    rollover,
    selected,
    sessions,
    sign_in,
    statistics,
    templating,
    upload,
)
from web.providers import read_providers
from web.site import EXTENSION, ReadSteps, Site, wall_clock


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
