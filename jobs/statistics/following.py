"""Following: whether the rows that a receiver found wrong are still as they were delivered.

A line of feedback is mended when they are no longer so, or are gone; which import did that is noted as the
import is loaded.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from jobs.register.feedback import Feedback, present_numbers
from jobs.register.tables import Outbound
from jobs.statistics.feedback_list import key_of
from jobs.statistics.layout import layouts
from jobs.statistics.prints import Key, Print, count_of, prints_of, selected

PERSON = "fodselsnummer"


def follow(session: Session, lines: Sequence[Feedback], import_id: int, at: datetime) -> None:
    """Note which lines an import has mended, or opened again, as the register knew their rows `at`."""
    by_file: dict[tuple[int, str], list[Feedback]] = defaultdict(list)
    for line in lines:
        by_file[line.outbound_id, line.fil].append(line)
    for (outbound_id, kind), about in by_file.items():
        keyed = with_keys(session, kind, about)
        prints = _present(session, session.get_one(Outbound, outbound_id), kind, keyed, at)
        for line, key in keyed:
            _settle(line, import_id, at, mended=is_mended(line, prints.get(key)))


def with_keys(session: Session, kind: str, lines: Sequence[Feedback]) -> list[tuple[Feedback, Key]]:
    """Each line with its key as the file would have it now: a person's number may have changed."""
    names = key_of(layouts()[kind])
    if PERSON not in names:
        return [(line, tuple(line.nokkel)) for line in lines]
    place = names.index(PERSON)
    numbers = present_numbers(session, {line.nokkel[place] for line in lines})
    return [(line, _renumbered(line.nokkel, place, numbers)) for line in lines]


def _renumbered(key: Sequence[str], place: int, numbers: dict[str, str]) -> Key:
    number = numbers.get(key[place], key[place])
    return (*key[:place], number, *key[place + 1 :])


def is_mended(line: Feedback, found: Print | None) -> bool:
    """Whether the rows are other than those delivered, or gone."""
    return found is None or found.sha256 != line.rad_sha256


def _present(
    session: Session, sent: Outbound, kind: str, keyed: Sequence[tuple[Feedback, Key]], at: datetime
) -> dict[Key, Print]:
    wanted = {key for _, key in keyed}
    owners = sorted({key[0] for key in wanted})
    rows = selected(session.connection(), kind, count_of(sent, at), owners)
    return prints_of(rows, layouts()[kind], wanted)


def _settle(line: Feedback, import_id: int, at: datetime, *, mended: bool) -> None:
    if not mended:
        line.mended_by = line.mended_at = None
    elif line.mended_by is None:
        line.mended_by, line.mended_at = import_id, at
