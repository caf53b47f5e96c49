"""Subscribe: the addresses that give a reader's choice, in every form it can be had."""

from dataclasses import dataclass, replace
from urllib.parse import quote

from flask import request

from scheduler.feeds.selection import Selection, names_of
from web.site import Ledger
from web.wheel.choice import Choice
from web.wheel.qr import qr_svg
from web.words.text import webcal

GOOGLE = "https://calendar.google.com/calendar/r?cid="
OUTLOOK = "https://outlook.office.com/calendar/0/addfromweb?url="


@dataclass(frozen=True, slots=True)
class Offer:
    """Whole addresses of one selection; `role` is the audience's slug, or "" for all."""

    title: str
    role: str
    url: str
    tasks: str
    csv: str
    json: str
    changes: str
    poster: str
    qr: str

    @property
    def google(self) -> str:
        return f"{GOOGLE}{quote(webcal(self.url), safe='')}"

    @property
    def outlook(self) -> str:
        return f"{OUTLOOK}{quote(self.url, safe='')}&name={quote(f'Årshjul – {self.title}')}"


def offer_of(at: Ledger, choice: Choice, site: str) -> Offer:
    """What the reader's choice of county, area and role can be had as."""
    asked = request.args.get("rolle", "")
    role = asked if asked in at.calendar.audiences else ""
    chosen = Selection.of({"fylke": [choice.county], "omrade": [choice.area], "rolle": [role]})
    url = f"{site}{chosen.address('{view}.ics')}"
    this_year = replace(chosen, skolear=(choice.cycle,))
    return Offer(
        title=chosen.title(names_of(at.calendar, at.calendar.deliverables, choice.cycles)),
        role=role,
        url=url,
        tasks=f"{site}{chosen.address('{view}/oppgaver.ics')}",
        csv=f"{site}{chosen.address('{view}.csv')}",
        json=f"{site}{chosen.address('{view}.json')}",
        changes=f"{site}/endringer.atom{chosen.query}",
        poster=f"{site}/hjul.pdf{this_year.query}",
        qr=qr_svg(webcal(url)),
    )
