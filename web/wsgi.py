"""The site as a WSGI application, for granian: `granian --interface wsgi web.wsgi:app`."""

from scheduler.logs import log_as_set
from scheduler.settings import settings
from web import create_app
from web.lasting import leave_what_lasts

log_as_set(settings())
app = create_app()
leave_what_lasts()
