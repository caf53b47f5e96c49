"""Public: the small files that browsers and robots ask for at the root."""

from flask import Blueprint, Response, current_app

blueprint = Blueprint("public", __name__)
# The feeds under /kalender must stay open: calendar services refuse a feed robots may not fetch.
ROBOTS = "User-agent: *\nAllow: /kalender/\nDisallow: /health\nDisallow: /metrics\n"


@blueprint.get("/robots.txt")
def robots() -> Response:
    return Response(ROBOTS, mimetype="text/plain")


@blueprint.get("/favicon.ico")
def favicon() -> Response:
    return current_app.send_static_file("favicon.svg")
