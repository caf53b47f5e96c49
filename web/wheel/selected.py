"""Selected: the wheel's own address, which with another ending is the same selection in another form.

A drawing and a poster (.svg, .pdf) are made there; a feed and a table (.ics, .csv, .json) have
addresses of their own, that a reader is sent on to.
"""

from flask import Blueprint, Response, make_response, redirect, request, url_for

from scheduler.feeds.selection import NOUNS, Selection

blueprint = Blueprint("selected", __name__)


@blueprint.get("/hjul")
def front() -> Response:
    return make_response(redirect(f"{url_for('pages.front')}{_asked().query}"))


@blueprint.get("/hjul.<any(ics, csv, json):form>")
def file(form: str) -> Response:
    return make_response(redirect(_asked().address(f"{{view}}.{form}")))


def _asked() -> Selection:
    return Selection.of({word: request.args.getlist(word) for word in NOUNS})
