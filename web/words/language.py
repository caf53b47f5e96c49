"""Language: which written form or language a page is in, and the sentences of each.

A message's id is its bokmål sentence; the other catalogues lie in web/translations.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cached_property, lru_cache
from io import BytesIO
from pathlib import Path
from urllib.parse import quote, urlencode

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask, Response, has_request_context, request
from flask_babel import Babel, Domain
from markupsafe import Markup, escape

from web.access import asked

CATALOGUES = Path(__file__).parents[1] / "translations"
SOURCE = "nb"
NAMES = {SOURCE: "Bokmål", "nn": "Nynorsk", "en": "English"}
ASKED = "lang"
COOKIE = "sprak"
REMEMBERED = 365 * 24 * 3600  # seconds
# Of the request in this thread. A page asks thousands of times, and Flask-Babel's own look-up goes
# through the request each time.
_spoken = ContextVar("language", default=SOURCE)
# "no" is what many browsers call bokmål.
_ACCEPTED = {"nb": SOURCE, "no": SOURCE, "nn": "nn", "en": "en"}


@dataclass(frozen=True, slots=True)
class Other:
    """The page that is shown, in one of the languages."""

    code: str
    name: str
    address: str


class _Catalogues(Domain):  # type: ignore[misc]  # it has no types
    """The catalogues as they are written, read once a process: nothing to compile, nothing stale."""

    def get_translations(self) -> NullTranslations:
        return catalogue(language())


class _Languages(Babel):  # type: ignore[misc]  # it has no types
    @cached_property
    def domain_instance(self) -> Domain:
        return _Catalogues()


@lru_cache(maxsize=len(NAMES))
def catalogue(code: str) -> NullTranslations:
    if code == SOURCE:
        return NullTranslations()
    compiled = BytesIO()
    with (CATALOGUES / f"{code}.po").open("rb") as file:
        write_mo(compiled, read_po(file, code))
    compiled.seek(0)
    return Translations(compiled)


def install(app: Flask) -> None:
    _Languages(app, default_locale=SOURCE, locale_selector=language)
    app.before_request(_begin)
    app.teardown_request(_end)
    app.after_request(_remember)
    app.jinja_env.filters.update(nb=nb, word=gettext)
    app.jinja_env.globals.update(language=language, nb_attribute=nb_attribute)
    app.context_processor(lambda: {"languages_here": here()})


def language() -> str:
    """The code of the language of what is being answered: "nb", "nn" or "en"."""
    return _spoken.get()


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Say what is said meanwhile in another language than the reader's."""
    before = _spoken.set(code)
    try:
        yield
    finally:
        _spoken.reset(before)


def gettext(sentence: str, **values: object) -> str:
    """The sentence in the language of the page; `values` fill its %(names)s."""
    said: str = catalogue(_spoken.get()).gettext(sentence)
    return said % values if values else said


def ngettext(one: str, many: str, num: int, **values: object) -> str:
    """The one or the other by number, in the language of the page; %(num)s is the number."""
    said: str = catalogue(_spoken.get()).ngettext(one, many, num)
    return said % {"num": num, **values}


def message(sentence: str) -> str:
    """A sentence that is declared in one place and given to `gettext` in another."""
    return sentence


def _begin() -> None:
    _spoken.set(_chosen())


def _end(_error: BaseException | None) -> None:
    _spoken.set(SOURCE)


def _chosen() -> str:
    """What the address says, else what was chosen before, else what the browser prefers."""
    if asked.by_program():
        return SOURCE
    for code in (request.args.get(ASKED), request.cookies.get(COOKIE)):
        if code in NAMES:
            return code
    preferred = request.accept_languages.best_match(_ACCEPTED, SOURCE)
    return _ACCEPTED[preferred]


def _remember(response: Response) -> Response:
    """A page says what decided its language; a choice made in the address is kept."""
    if response.mimetype not in ("text/html", "image/svg+xml") or request.endpoint == "static":
        return response
    response.content_language.add(language())
    response.vary.update(("Accept-Language", "Cookie"))
    if request.args.get(ASKED) in NAMES:
        response.set_cookie(
            COOKIE,
            request.args[ASKED],
            max_age=REMEMBERED,
            secure=request.is_secure,
            httponly=True,
            samesite="Lax",
        )
        response.headers.setdefault("Cache-Control", "no-store")
    return response


def here() -> list[Other]:
    """The page in each language; none where a form was sent, whose answer has no address."""
    if not has_request_context() or request.method not in ("GET", "HEAD"):
        return []
    # One slash: two would name another site.
    path = f"/{quote(request.path.lstrip('/'))}"
    query = [(k, v) for k, v in request.args.items(multi=True) if k != ASKED]
    return [
        Other(code, name, f"{path}?{urlencode([*query, (ASKED, code)])}")
        for code, name in NAMES.items()
    ]


def nb(text: object) -> Markup:
    """What stands as its author wrote it, marked where the page around it is in another language."""
    if language() == SOURCE:
        return escape(text)
    return Markup('<span lang="nb">{}</span>').format(text)


def nb_attribute() -> Markup:
    """The same for an element that may hold only text."""
    return Markup() if language() == SOURCE else Markup(' lang="nb"')
