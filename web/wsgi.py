"""The site as a WSGI application, for granian: `granian --interface wsgi web.wsgi:app`."""

from web import create_app

app = create_app()
