"""Forms: a test client that sends the site's forms as a browser does."""

import re

from flask.testing import FlaskClient

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


class FormClient(FlaskClient):
    """A browser: what it posts as a form carries the token of a form it has been shown."""

    def open(self, *args, **kwargs):
        data = kwargs.get("data")
        form = data is None or isinstance(data, dict)
        address = args[0] if args and isinstance(args[0], str) else "/api/"
        if kwargs.get("method") == "POST" and form and not address.startswith("/api/"):
            kwargs["data"] = {"csrf_token": self.form_token(), **(data or {})}
        return super().open(*args, **kwargs)

    def form_token(self) -> str:
        return TOKEN.search(self.get("/logg-inn").text)[1]
