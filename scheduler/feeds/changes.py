"""Feed change: what a published calendar changed of a deadline, as an entry of an Atom feed. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from scheduler.calendar.diff import HEADINGS, WORDS, ChangeKind
from scheduler.calendar.occurrence import NATIONAL
from scheduler.calendar.words import both_dates, short_date
from scheduler.feeds.selection import SHARED, Selection
from scheduler.feeds.shelf import BOTH, Shelf
from scheduler.ledger.tables import CalendarVersion, ChangeRow

MOST_SHOWN = 200  # a reader polls for what is new; the page of changes holds them all
TAG_YEAR = "2026"  # RFC 4151: when the domain was ours; part of every id, and never changed
_KINDS = HEADINGS | {ChangeKind.ADDED: "Ny frist"}
_AUTHOR = "<author><name>Årshjul</name></author>"


@dataclass(frozen=True, slots=True)
class FeedChange:
    """One change where it is shown: its rows agree on what was before and after."""

    view: str
    rows: tuple[ChangeRow, ...]
    version: CalendarVersion
    where: str

    @property
    def first(self) -> ChangeRow:
        return self.rows[0]

    @property
    def identity(self) -> str:
        return f"{self.first.id}/{SHARED}" if self.view == SHARED else str(self.first.id)

    @property
    def counties(self) -> tuple[str, ...]:
        scopes = (row.occurrence_key.rpartition("/")[2] for row in self.rows)
        return tuple(scope for scope in scopes if scope != NATIONAL)

    @property
    def seen(self) -> Mapping[str, Any]:
        """What there is of the deadline now, or last was."""
        return self.first.after or self.first.before or {}


def feed_changes(
    rows: Iterable[ChangeRow], versions: Mapping[int, CalendarVersion], names: Mapping[str, str]
) -> Iterator[FeedChange]:
    """Each change in its county's own view, and once in the shared where the counties agree.

    `names` is county number -> name; a county that the calendar no longer has is left out.
    """
    alike: dict[tuple[object, ...], list[ChangeRow]] = defaultdict(list)
    for row in rows:
        deadline, _, scope = row.occurrence_key.rpartition("/")
        version = versions[row.version]
        if scope == NATIONAL:
            yield FeedChange(BOTH, (row,), version, "Gjelder hele landet.")
        elif scope in names:
            yield FeedChange(scope, (row,), version, f"Gjelder {names[scope]}.")
            said = (row.kind, *row.words, *map(_told, (row.before, row.after)))
            alike[row.version, deadline, *said].append(row)
    for group in alike.values():
        shared = tuple(sorted(group, key=lambda row: row.id))
        inside = sorted(names[row.occurrence_key.rpartition("/")[2]] for row in shared)
        where = "alle fylker" if len(inside) == len(names) else ", ".join(inside)
        yield FeedChange(SHARED, shared, versions[shared[0].version], f"Gjelder {where}.")


def _told(snapshot: Mapping[str, Any] | None) -> tuple[object, ...]:
    seen = snapshot or {}
    return tuple(str(seen.get(part)) for part in ("name", "nominal", "due", "clock_time"))


def change_id(change: FeedChange, domain: str) -> str:
    """The entry's id for ever, whatever happens to its words."""
    return f"tag:{domain},{TAG_YEAR}:endring/{change.identity}"


def change_text(change: FeedChange, by: str, domain: str, site: str) -> str:
    """One Atom entry: before and after, why, for whom, and who decided, by what everybody may see."""
    name, kind = change.seen.get("name", ""), _KINDS[ChangeKind(change.first.kind)]
    lines = [
        f"Før: {_dates(change.first.before)}" if change.first.before else "",
        f"Nå: {_dates(change.first.after)}" if change.first.after else "",
        _new_words(change.first),
        f"Grunn: {change.version.why}" if change.version.why else "",
        f"Publisert av {by}." if by else "",
        change.where,
    ]
    summary = "\n".join(line for line in lines if line)
    at = atom_instant(change.first.at)
    link = f"{site}/forekomst/{change.first.occurrence_key}"
    return (
        f"<entry><id>{_clean(change_id(change, domain))}</id>"
        f"<title>{_clean(f'{kind}: {name}{_moved(change)}')}</title>"
        f"<updated>{at}</updated><published>{at}</published>"
        f'<link rel="alternate" type="text/html" href={quoteattr(link)}/>'
        f"<category term={quoteattr(change.first.kind)}/>"
        f'<summary type="text">{_clean(summary)}</summary></entry>\n'
    )


def _new_words(row: ChangeRow) -> str:
    """Which words are new, of a deadline that was there before."""
    named = [WORDS[word] for word in row.words if word in WORDS]
    return f"Nytt: {', '.join(named)}." if row.before and named else ""


def _moved(change: FeedChange) -> str:
    days = [
        short_date(date.fromisoformat(snapshot["due"]))
        for snapshot in (change.first.before, change.first.after)
        if snapshot
    ]
    return f" ({' → '.join(dict.fromkeys(days))})" if days else ""


def _dates(snapshot: Mapping[str, Any]) -> str:
    """Both dates, and what the date is worth; or that it was called off."""
    if snapshot["withdrawn"]:
        return "trukket tilbake"
    clock = f" kl. {snapshot['clock_time'].replace(':', '.')}" if snapshot["clock_time"] else ""
    proposed = " (foreslått dato)" if snapshot["date_status"] == "proposed" else ""
    nominal, due = (date.fromisoformat(snapshot[part]) for part in ("nominal", "due"))
    return f"{both_dates(nominal, due)}{clock}{proposed}"


def atom_file(shelf: Shelf, selection: Selection) -> bytes:
    """The newest changes of a selection as an Atom feed, also when there are none."""
    newest = shelf.select(selection)[:MOST_SHOWN]
    updated = max((entry.changed_at for entry in newest), default=shelf.since)
    address = f"{shelf.site}/endringer.atom{selection.query}"
    head = (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="nb">\n'
        f"<id>{_clean(f'tag:{shelf.domain},{TAG_YEAR}:endringer{selection.query}')}</id>"
        f"<title>{_clean(f'Endringer i årshjulet – {selection.title(shelf.names)}')}</title>"
        f"<updated>{atom_instant(datetime.fromisoformat(updated))}</updated>{_AUTHOR}\n"
        f'<link rel="self" type="application/atom+xml" href={quoteattr(address)}/>'
        f'<link rel="alternate" type="text/html" href={quoteattr(f"{shelf.site}/endringer")}/>\n'
    )
    return "".join([head, *(entry.body for entry in newest), "</feed>\n"]).encode()


def atom_instant(at: datetime) -> str:
    return at.isoformat(timespec="seconds").replace("+00:00", "Z")


def _clean(text: str) -> str:
    """Escaped, and without the control characters that XML cannot hold."""
    return escape("".join(c for c in text if c >= " " or c in "\n\t"))
