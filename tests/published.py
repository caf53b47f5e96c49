"""Feeds of the real calendar on disk, and the site that sends them with no database behind it."""

import shutil
from collections.abc import Callable
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from scheduler.calendar import parse_calendar
from scheduler.feeds.building import build_feeds
from scheduler.feeds.store import publish_feeds
from scheduler.ledger.database import open_database
from scheduler.schema import TABLES
from scheduler.settings import Settings
from tests.planned import CALENDAR, plan_and_build, settings_in
from web import create_app

NOBODY = "postgresql://127.0.0.1:1/down?connect_timeout=2"


def ledger_in(folder: Path) -> Engine:
    """A ledger with all tables, planned from the real calendar and published."""
    settings = settings_in(folder)
    engine = open_database(settings.ledger_url)
    for metadata in TABLES:
        metadata.create_all(engine)
    publish_feeds(plan_and_build(engine, settings), settings.feed_dir)
    return engine


def copied(published: Path, folder: Path) -> Engine:
    """The ledger and the feeds of a folder that `ledger_in` made, copied to change."""
    shutil.copytree(published, folder, dirs_exist_ok=True)
    return open_database(settings_in(folder).ledger_url)


def change(engine: Engine, settings: Settings, deed: Callable[[Session], object]) -> object:
    """Do something to the ledger, and publish what follows; what the deed gave."""
    with Session(engine) as session, session.begin():
        done = deed(session)
        session.flush()
        calendar = parse_calendar(CALENDAR, "calendar.yaml")
        publish_feeds(build_feeds(session, calendar, settings), settings.feed_dir)
    return done


def site_without_database(folder: Path) -> Flask:
    return create_app(settings_in(folder, database_url=NOBODY), read_steps=lambda _: [])


def client_of(folder: Path) -> FlaskClient:
    return site_without_database(folder).test_client()
