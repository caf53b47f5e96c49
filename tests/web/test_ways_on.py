"""Every page that says no says what to do, and has a way on."""

import re

import pytest
from sqlalchemy.exc import OperationalError

from tests.web import seed
from web.site import NotPlannedYetError


def broken():
    raise RuntimeError


def unreachable():
    raise OperationalError("", {}, OSError())


def not_planned():
    raise NotPlannedYetError


def refused(app, client, code):
    """An answer with the code, as a reader may come to it."""
    views = {500: broken, 503: unreachable}
    if code in views:
        app.view_functions["pages.about"] = views[code]
    return {
        400: lambda: client.post("/logg-inn", data={"csrf_token": "feil"}),
        403: lambda: client.post("/logg-inn", headers={"Sec-Fetch-Site": "cross-site"}),
        404: lambda: client.get("/finnes-ikke"),
        405: lambda: client.post("/om"),
        413: lambda: client.post("/logg-inn", data={"navn": "x" * 20_000}),
        500: lambda: client.get("/om"),
        503: lambda: client.get("/om"),
    }[code]()


def way_on(answer):
    """What the page says, and where its own links lead."""
    main = re.search(r"<main.*?</main>", answer.text, re.DOTALL)[0]
    return re.findall(r"<p>([^<]+)</p>", main), re.findall(r'href="([^"]*)"', main)


@pytest.mark.parametrize("code", [400, 403, 404, 405, 413, 500, 503])
def test_every_refusal_has_a_way_on(app, client, code):
    app.testing = False
    app.config["PROPAGATE_EXCEPTIONS"] = False
    answer = refused(app, client, code)
    assert answer.status_code == code
    said, links = way_on(answer)
    assert said
    assert "/" in links


def test_also_before_the_first_plan(app, client):
    app.view_functions["pages.about"] = not_planned
    said, links = way_on(client.get("/om"))
    assert "Dette skjer første gang den kjører. Prøv igjen om litt." in said
    assert "/" in links


def test_also_for_whoever_asks_too_often(config, engine):
    app = seed.create_site(config.model_copy(update={"requests_per_minute": 1}))
    client = app.test_client()
    client.get("/om")
    answer = client.get("/om")
    assert answer.status_code == 429
    assert "/" in way_on(answer)[1]
    app.extensions["aarshjul"].engine.dispose()


def test_who_lacks_a_role_is_led_to_signing_in_with_another(county_contact):
    answer = county_contact.get("/kvalitet/34/skole-off-telling-okt")
    assert "/logg-inn?neste=/kvalitet/34/skole-off-telling-okt" in way_on(answer)[1]
