"""The API: the calendar, its state and its history as JSON, described by OpenAPI."""

from pathlib import Path
from typing import Any

from flask import jsonify
from flask_openapi3.models.info import Info
from flask_openapi3.openapi import OpenAPI

from web.api import (
    answering,
    catalogue,
    comparing,
    deliveries,
    feed_addresses,
    inbox,
    occurrences,
    pauses,
    planning,
    reminders,
    school_years,
    telling,
    versions,
)
from web.api.blueprint import blueprint
from web.api.problem import Problem
from web.api.words import invalid

MODULES = (
    catalogue,
    occurrences,
    versions,
    planning,
    school_years,
    comparing,
    deliveries,
    telling,
    reminders,
    answering,
    pauses,
    inbox,
    feed_addresses,
)
DESCRIPTION = "/api/openapi.json"
ABOUT = """\
Årshjulet som JSON. Nøkler er ord fra koden, verdier er norsk. Alt kan leses uten nøkkel;
det som endrer noe, krever `Authorization: Bearer aarshjul_…` og en nøkkel som dekker fylket.
Feil er `application/problem+json` (RFC 9457) med en norsk setning i `detail`.
Datoer er ISO 8601; `date_status` sier om en dato er bekreftet eller bare foreslått."""


def application(name: str, templates: Path, static: Path) -> OpenAPI:
    """A Flask application that knows how to describe its API; without anybody's viewer."""
    app = OpenAPI(
        name,
        template_folder=str(templates),
        static_folder=str(static),
        info=Info(title="Årshjul", version="1", description=ABOUT),
        security_schemes={"key": {"type": "http", "scheme": "bearer"}},
        validation_error_model=Problem,
        validation_error_callback=invalid,
        doc_ui=False,
    )
    app.register_api(blueprint)
    app.add_url_rule(DESCRIPTION, "openapi", lambda: jsonify(app.api_doc))
    return app


def description() -> dict[str, Any]:
    """The OpenAPI description, the same for every installation."""
    here = Path(__file__).parent
    found: dict[str, Any] = application("api", here, here).api_doc
    return found
