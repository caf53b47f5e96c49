"""Capability: pages whose address is the whole permission, as the letters carry them.

The token is long and random. Reading changes nothing, because mail programs fetch every address
they see; nobody keeps such a page, and no search engine lists it.
"""

import re

from flask import Response, abort

TOKEN = re.compile(r"[A-Za-z0-9_-]{20,64}")


def must_look_right(token: str, unknown: str) -> None:
    """404 with the sentence `unknown`: what no token looks like never reaches the database."""
    if not TOKEN.fullmatch(token):
        abort(404, unknown)


def private(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
