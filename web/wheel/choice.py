"""Choice: what the reader has filtered on, read from the query and checked against the calendar."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from flask import request, url_for

from scheduler.calendar import SchoolYear
from scheduler.calendar.occurrence import NATIONAL
from scheduler.ledger.read import cycles
from scheduler.ledger.views import Item
from web.site import Ledger


@dataclass(frozen=True, slots=True)
class Choice:
    """School year, area and county; "" stands for all. Unknown values are as if not given."""

    cycle: str
    cycles: tuple[str, ...]
    area: str
    county: str

    def admits(self, item: Item) -> bool:
        """National rows belong to every county's year."""
        return (not self.area or self.area in item.areas) and (
            not self.county or item.scope in (self.county, NATIONAL)
        )

    def filter(self, items: Iterable[Item]) -> list[Item]:
        if not self.area and not self.county:
            return list(items)
        return [item for item in items if self.admits(item)]

    def url(self, endpoint: str, **values: str) -> str:
        """A page with the same choice, and the shortest query that says it."""
        query: dict[str, Any] = {
            "skolear": self.cycle,
            "omrade": self.area,
            "fylke": self.county,
            **values,
        }
        return _address(request.script_root, endpoint, tuple(query.items()))

    def path(self, path: str) -> str:
        """An address outside the pages, such as a feed's, with the same area and county."""
        query = {"fylke": self.county, "omrade": self.area}
        said = urlencode({name: value for name, value in query.items() if value})
        return f"{path}?{said}" if said else path


@lru_cache(maxsize=2048)
def _address(_root: str, endpoint: str, query: tuple[tuple[str, Any], ...]) -> str:
    """A page writes the same few addresses for each of its hundreds of lines."""
    return url_for(endpoint, **{name: value for name, value in query if value})


def read_choice(ledger: Ledger) -> Choice:
    known = cycles(ledger.session)
    current = str(SchoolYear.of(ledger.today))
    wanted = request.args.get("skolear", "")
    area, county = request.args.get("omrade", ""), request.args.get("fylke", "")
    return Choice(
        cycle=wanted if wanted in known else current,
        cycles=tuple(known) or (current,),
        area=area if area in ledger.calendar.areas else "",
        county=county if county in ledger.calendar.counties else "",
    )
