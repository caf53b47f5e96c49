"""A school year's cards as the members of an archive: an index first, then each card in two forms."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator

from scheduler.cards.card import Card
from scheduler.cards.collect import Collector, deliveries_of_year

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
    cards = [card for key in keys if (card := collector.card(key)) is not None]
    yield INDEX, _index(cards)
    begun = [card for card in cards if is_begun(card)]
    if not begun:
        yield NOTHING, f"Ingen levering er begynt i skoleåret {cycle}.\n".encode()
    for card in begun:
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


def _index(cards: Iterable[Card]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows(map(_row, cards))
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
