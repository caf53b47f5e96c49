"""Capability: pages whose address is the whole permission, as the letters carry them.

The token is long and random. Reading changes nothing, because mail programs fetch every address
they see; nobody keeps such a page, and no search engine lists it.
"""

import re

from flask import Response, abort, request

TOKEN = re.compile(r"[A-Za-z0-9_-]{20,64}")
LARGEST_FORM = 10_000
OWN_SITE = ("", "same-origin", "none")


def must_look_right(token: str, unknown: str) -> None:
    """404 with the sentence `unknown`: what no token looks like never reaches the database."""
    if not TOKEN.fullmatch(token):
        abort(404, unknown)


def must_be_own_form() -> None:
    """403 for a form that another site posts, 413 for a large one."""
    if request.headers.get("Sec-Fetch-Site", "") not in OWN_SITE:
        abort(403)
    request.max_content_length = LARGEST_FORM


def private(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
