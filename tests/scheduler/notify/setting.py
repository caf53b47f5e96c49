"""A small calendar with the sorts of rows that matter to notices, published for real."""

from datetime import UTC, date, datetime, time

from scheduler.calendar import parse_calendar
from scheduler.calendar.occurrence import NATIONAL, OSLO
from scheduler.notify.contacts import Entry, add
from scheduler.publishing.publish import publish

TEXT = """\
version: 1
counties:
  "42": {name: Agder}
  "46": {name: Vestland}
areas:
  skole: {name: Skole}
parties:
  fylke: {name: Fylkeskommunen}
  ssb: {name: Statistisk sentralbyrå}
audiences:
  fylke-skole: {name: Fylkets ansvarlige for skoledata, scope: county}
  fylke-inntak: {name: Fylkets inntakskontor, scope: county}
  ist: {name: Driftsansvarlige i IST}
sources:
  S: {title: Dokumentet}
closures:
  - {name: Stengt uke, from: 19. oktober 2026, to: 23. oktober 2026, counties: ["42"]}
deliverables:
  levering:
    name: ssbElev, 1. levering
    areas: [skole]
    kind: import
    scope: county
    sender: fylke
    receiver: ssb
    audience: [fylke-skole]
    due: {date: 24. oktober, shift: preceding}
    job: import-school
    evidence: {label: S, day_label: I, sources: [S]}
    description: Elever pr. 1. oktober.

  vitnemal:
    name: Vitnemål
    areas: [skole]
    kind: deadline
    scope: county
    sender: fylke
    audience: [fylke-inntak]
    due: {date: 1. november, shift: none}
    evidence: {label: S, sources: [S]}
    description: Vitnemål som mangler.

  ukentlig:
    name: Sluttere
    areas: [skole]
    kind: import
    scope: county
    sender: fylke
    audience: [fylke-inntak]
    due: {weekly: onsdag, from: 1. oktober, to: 15. november, shift: following}
    evidence: {label: S, sources: [S]}
    description: Hver uke.

  videresending:
    name: Videresending
    areas: [skole]
    kind: forwarding
    scope: national
    sender: fylke
    receiver: ssb
    audience: [ist]
    due: {date: 30. november, shift: preceding}
    evidence: {label: S, sources: [S]}
    description: Samlet for landet.

  milepael:
    name: Inntaket er ferdig
    areas: [skole]
    kind: milestone
    scope: national
    audience: [fylke-inntak]
    due: {date: 20. oktober, shift: none}
    evidence: {label: S, sources: [S]}
    description: Ingen leverer noe.
"""
CALENDAR = parse_calendar(TEXT, "calendar.yaml")
KEY = "levering/2026-2027/only/46"
LADDER = "purring/levering/2026-2027/only/46/2026-10-23"


def oslo(month, day, hour=8, minute=0, year=2026):
    """An instant in Norway."""
    return datetime.combine(date(year, month, day), time(hour, minute), OSLO).astimezone(UTC)


def changed(old, new):
    """The calendar with one text replaced, as (calendar, text)."""
    assert old in TEXT
    text = TEXT.replace(old, new)
    return parse_calendar(text, "calendar.yaml"), text


def put_in_use(
    session, now=None, calendar=CALENDAR, text=TEXT, by="Novari", why="Mottakeren ba om det"
):
    return publish(session, calendar, text, by, why, now or oslo(8, 3))


CONTACTS = {
    "46": [
        ("46", "fylke-skole", 1, "skole@fylke46.example"),
        ("46", "fylke-skole", 2, "vikar@fylke46.example"),
        ("46", "fylke-skole", 3, "leder@fylke46.example"),
        ("46", "fylke-inntak", 1, "inntak@fylke46.example"),
    ],
    "42": [("42", "fylke-skole", 1, "skole@fylke42.example")],
    NATIONAL: [
        (NATIONAL, "ist", 1, "drift@ist.example"),
        (NATIONAL, "koordinator", 4, "koordinator@nasjonal.example"),
    ],
}


def introduce(session, *scopes):
    """Register the contacts of these scopes; returns them by address."""
    entries = [
        Entry(scope, role, level, "email", address)
        for wanted in scopes or CONTACTS
        for scope, role, level, address in CONTACTS[wanted]
    ]
    return {entry.address: add(session, CALENDAR, entry, oslo(8, 3)) for entry in entries}
