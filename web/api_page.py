"""The page about the API: what can be asked for, and what a key is needed for."""

from flask import Blueprint, current_app, render_template
from flask_openapi3.openapi import OpenAPI

from web.api.reference import operations
from web.site import site

blueprint = Blueprint("api_page", __name__)


@blueprint.get("/api")
def page() -> str:
    app = current_app
    found = operations(app.api_doc) if isinstance(app, OpenAPI) else []
    return render_template("api.html", operations=found, base=site().settings.public_url)
