"""Every address, for every role and county: who gets in is decided here a second time, by hand."""

import pytest
from flask import Flask

from scheduler.access.roles import Grant, Role
from tests.web import seed
from tests.web.people import let_in, new_account
from web.access.rights import RIGHTS, By, Form

OWN, OTHER = "34", "46"
WHO = {
    "stranger": None,
    "no role": (),
    "viewer": (Grant(Role.VIEWER),),
    "county": (Grant(Role.COUNTY, OWN),),
    "ot": (Grant(Role.OT, OWN),),
    "ot protected": (Grant(Role.OT_PROTECTED, OWN),),
    "operator": (Grant(Role.OPERATOR),),
    "coordinator": (Grant(Role.COORDINATOR),),
    "administrator": (Grant(Role.ADMINISTRATOR),),
}
RUNNING = {"operator", "coordinator", "administrator"}
# Endpoint -> who gets in; the county of OWN only where the address is about it.
SHUT = {
    "sign_in.account": WHO.keys() - {"stranger"},
    "sign_in.leave": WHO.keys() - {"stranger"},
    "quality.page": RUNNING | {"county"},
    "quality.lines": RUNNING | {"county"},
    "cards.year": RUNNING,
    "cards.year_of_county": RUNNING | {"county"},
    "ot.index": WHO.keys() - {"stranger", "no role"},
    "persons.index": RUNNING | {"ot", "ot protected"},
    "persons.purpose": RUNNING | {"ot", "ot protected"},
    "persons.person": RUNNING | {"ot", "ot protected"},
    "persons.listing": RUNNING | {"ot"},
    "persons.protected": {"ot protected"},
    "person_reads.page": {"administrator"},
    "upload.page": RUNNING | {"county"},
    "upload.form": RUNNING | {"county"},
    "upload.send": RUNNING | {"county"},
    "feedback.form": RUNNING | {"county"},
    "feedback.take": RUNNING | {"county"},
    "feedback.line": RUNNING,
    "feedback.explain": RUNNING,
    "operating.begin": RUNNING,
    "channels.page": RUNNING,
    "channels.settle": RUNNING,
    "operating.end": RUNNING,
    "deeds.page": RUNNING,
    "deeds.act": RUNNING,
    "proposals.index": {"coordinator", "administrator"},
    "proposals.page": {"coordinator", "administrator"},
    "proposals.settle": {"administrator"},
    "calendar_row.page": {"coordinator", "administrator"},
    "calendar_row.change": {"administrator"},
    "calendar_row.move": {"administrator"},
    "calendar_row.end": {"administrator"},
    "calendar_new.page": {"administrator"},
    "calendar_new.propose": {"administrator"},
    "calendar_section.page": {"coordinator", "administrator"},
    "calendar_section.change": {"administrator"},
}
ABOUT_A_COUNTY = {
    "quality.page": "number",
    "quality.lines": "number",
    "cards.year_of_county": "number",
    "upload.form": "sender",
    "upload.send": "sender",
    "feedback.form": "scope",
    "feedback.take": "scope",
    **dict.fromkeys((e for e in SHUT if e.startswith("persons.")), "number"),
}
OF_A_COUNTY = {"county", "ot", "ot protected"}
PARTS = {
    "filename": "site.css",
    "key": seed.delivery_key(OWN),
    "deliverable": "skole-off-telling-okt",
    "number": 1,
    "month": "2026-10",
    "token": "x" * 30,
    "cycle": seed.CYCLE,
    "version": 1,
    "stage": "only",
    "scope": OWN,
    "role": "fylke-inntak",
    "id": "1",
    "form": "csv",
    "provider": "ingen",
    "sender": OWN,
    "listing": "inn",
    "person": 1,
    "line": 1,
    "section": "areas",
}


def addresses(app: Flask):
    """Each rule of the site with a method it answers: (endpoint, method, path without a county, county's part)."""
    for rule in app.url_map.iter_rules():
        for method in sorted(rule.methods - {"HEAD", "OPTIONS"}):
            yield rule, method


def path_of(rule, county):
    parts = {name: PARTS[name] for name in rule.arguments}
    if rule.endpoint == "pages.county":
        parts["number"] = county
    if rule.endpoint in ABOUT_A_COUNTY:
        parts[ABOUT_A_COUNTY[rule.endpoint]] = county
    return "/" + rule.build(parts)[1].lstrip("/")


def let_through(response):
    """Past the gate: neither sent to sign in nor told that a role is lacking."""
    asked = response.status_code == 303 and response.location.startswith("/logg-inn?neste=")
    lacking = response.status_code == 403 and "rettigheten som trengs" in response.text
    return not asked and not lacking


def test_every_address_is_in_the_table_and_nothing_else_is(app):
    assert {rule.endpoint for rule in app.url_map.iter_rules()} == RIGHTS.keys()


def test_an_address_that_is_not_in_the_table_is_shut(app, operator):
    app.add_url_rule("/ny-side", "new", lambda: "hemmelig")
    for client in (app.test_client(), operator):
        response = client.get("/ny-side")
        assert response.status_code == 403
        assert "hemmelig" not in response.text


@pytest.mark.parametrize("who", WHO)
def test_every_address_lets_in_those_it_should_and_nobody_else(app, engine, who):
    grants = WHO[who]
    account = None if grants is None else new_account(engine, who, *grants)
    wrong = []
    for rule, method in addresses(app):
        for county in (OWN, OTHER) if rule.endpoint in ABOUT_A_COUNTY else (OWN,):
            client = app.test_client()
            if account is not None:
                let_in(client, engine, account)
            with client.open(path_of(rule, county), method=method) as response:
                through = let_through(response)
            expected = who in SHUT.get(rule.endpoint, WHO)
            if county == OTHER and who in OF_A_COUNTY:
                expected = False
            if through is not expected:
                wrong.append((rule.endpoint, method, county, response.status))
    assert wrong == []


def test_what_the_api_changes_wants_a_key_whoever_has_signed_in(app, operator):
    keyed = [rule for rule, _ in addresses(app) if RIGHTS[rule.endpoint].by is By.KEY]
    assert len(keyed) > 10
    for rule in keyed:
        (method,) = rule.methods - {"HEAD", "OPTIONS"}
        response = operator.open(path_of(rule, OWN), method=method)
        assert response.status_code == 401, rule.endpoint
    reading = {rule.endpoint for rule, method in addresses(app) if method == "GET"}
    open_ = {e for e in RIGHTS if e.startswith("api.") and RIGHTS[e].by is By.ANYBODY}
    assert open_ <= reading


def test_a_role_of_one_county_acts_only_where_the_address_names_the_county(app):
    """Otherwise nothing could hold it to its own."""
    posts = {rule.endpoint for rule, method in addresses(app) if method != "GET"}
    of_a_county = {Role.COUNTY, Role.OT}
    loose = {e for e in posts if RIGHTS[e].roles & of_a_county and not RIGHTS[e].scope}
    assert loose == set()


def test_every_form_but_the_letters_own_is_refused_without_its_token(app, engine):
    """Also to those who may send it: another site could have made their browser do so."""
    account = new_account(engine, "alle", Grant(Role.ADMINISTRATOR))
    forms = [
        rule
        for rule, method in addresses(app)
        if method != "GET" and RIGHTS[rule.endpoint].by is not By.KEY
    ]
    assert len(forms) > 8
    for rule in forms:
        client = let_in(app.test_client(), engine, account)
        response = client.post(path_of(rule, OWN), data={"csrf_token": "feil", "fil": "x"})
        letter = RIGHTS[rule.endpoint].form is Form.LETTER
        assert (response.status_code == 400) is not letter, rule.endpoint


def test_a_refusal_names_the_role_the_place_and_a_way_on(county_contact):
    page = county_contact.get("/kvalitet/34/skole-off-telling-okt")
    assert page.status_code == 403
    for words in (
        "fylkeskontakt",
        "administrator",
        "Den gjelder fylke 34.",
        "logget inn som county 46.",
    ):
        assert words in page.text
    assert 'href="/logg-inn?neste=/kvalitet/34/skole-off-telling-okt"' in page.text
