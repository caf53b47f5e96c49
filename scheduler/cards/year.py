"""A school year's cards as the members of an archive: an index first, then each card in two forms."""

import csv
import io
import json
from collections.abc import Callable, Iterator

from scheduler.cards.card import Card
from scheduler.cards.collect import Collector, begun_in_year, deliveries_of_year

INDEX = "innhold.csv"
NOTHING = "ingen-leveringer.txt"
COLUMNS = (
    "forekomst",
    "navn",
    "fylke",
    "trinn",
    "telledato",
    "frist",
    "stand",
    "sendt",
    "kvittert",
    "manifest_sha256",
    "feil",
    "advarsler",
    "opplysninger",
    "kort",
)


def members_of_year(
    collector: Collector, cycle: str, county: str | None, pdf_of: Callable[[Card], bytes]
) -> Iterator[tuple[str, bytes]]:
    """(path, content) of the index and of each card there is something to show of.

    A delivery of which nothing is sent or decided yet stands in the index alone.
    """
    keys = deliveries_of_year(collector.session, collector.calendar, cycle, county)
    yield INDEX, _index(collector, keys)
    if not begun_in_year(collector.session, collector.calendar, cycle, county):
        yield NOTHING, f"Ingen levering av statistikk er begynt i skoleåret {cycle}.\n".encode()
    for key in keys:
        card = collector.card(key)
        if card is not None and is_begun(card):
            path = path_of(card)
            yield f"{path}.pdf", pdf_of(card)
            yield f"{path}.json", as_bytes(card)


def is_begun(card: Card) -> bool:
    """Whether anything has come of the delivery."""
    return card.newest_fact is not None


def path_of(card: Card) -> str:
    """A card's path in the archive, without the ending: a folder for each county."""
    o = card.occurrence
    return f"{o.scope}/{o.deliverable}_{o.cycle}_{o.stage}_{o.scope}"


def as_bytes(card: Card) -> bytes:
    """The card for machines."""
    return (json.dumps(card.as_json(), ensure_ascii=False, indent=2) + "\n").encode()


def _index(collector: Collector, keys: list[str]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for key in keys:
        card = collector.card(key)
        if card is not None:
            writer.writerow(_row(card))
    return text.getvalue().encode("utf-8-sig")  # with the mark by which a spreadsheet knows it


def _row(card: Card) -> tuple[object, ...]:
    o, last = card.occurrence, card.sendings[-1] if card.sendings else None
    counts = last.counts.values() if last else ("", "", "")
    return (
        o.key,
        card.name,
        o.scope,
        o.stage,
        o.reference_date or "",
        card.due,
        card.standing.value,
        last.sent_at.isoformat() if last else "",
        last.confirmed_at.isoformat() if last and last.confirmed_at else "",
        last.manifest_sha256 if last else "",
        *counts,
        f"{path_of(card)}.pdf" if is_begun(card) else "",
    )
