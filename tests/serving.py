"""Serving: an application of ours on a real port, for a test's browser or calendar program."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from werkzeug.serving import make_server


@contextmanager
def on_a_port(app: Flask) -> Iterator[str]:
    """Address of the running application."""
    server = make_server("127.0.0.1", 0, _whole(app), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _whole(app: Flask):
    """Read each answer and close it at once.

    The development server leaves a file open when the reader hangs up in the midst of it, and the
    garbage collector warns of it in whichever test is then running.
    """

    def answer(environ, start_response):
        body = app(environ, start_response)
        try:
            return [b"".join(body)]
        finally:
            if hasattr(body, "close"):
                body.close()

    return answer
