"""Inbox: everything that goes no further until a person has acted, each with one sentence."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Row, and_, or_, select
from sqlalchemy.orm import Session

from jobs.register.deliveries import is_held
from jobs.register.tables import Delivery, Outbound
from scheduler.calendar import Calendar, SchoolYear
from scheduler.calendar.kinds import CatchUp
from scheduler.calendar.occurrence import NATIONAL, OSLO
from scheduler.calendar.same import Same
from scheduler.calendar.words import count, long_date
from scheduler.ledger import pausing, rehearsals
from scheduler.ledger.deadline import deadline
from scheduler.ledger.health import NodeState, nodes
from scheduler.ledger.once import once
from scheduler.ledger.read import items_where
from scheduler.ledger.state import State
from scheduler.ledger.tables import OccurrenceRow, RunRow
from scheduler.ledger.views import Item
from scheduler.matters import passing_on, sent, unsettled
from scheduler.matters.matter import OPERATOR, TWO_PERSONS, Kind, Matter, name_of, page_of
from scheduler.publishing.rollover import WARN_DAYS, standing, warnings

# A deliverable's id, the stage and the day it is due: what every county has one of.
Turn = tuple[str, str, date]

AWAY = "svarer ikke; de andre har overtatt. Start den igjen."
# Its peers take over from a node that is dead, and this one is not.
BEATS = "lever, men går ikke sine runder; det den har begynt på, blir liggende. Start den på nytt."


def inbox(session: Session, calendar: Calendar, now: datetime) -> list[Matter]:
    """All that waits for a person, the oldest first, what has no time before that."""
    found = [
        *general(session, calendar, now),
        *unsettled.proposals(session, calendar),
        *_of_occurrences(session, calendar, now),
    ]
    return sorted(found, key=lambda matter: (matter.since is not None, matter.since or now))


def general(session: Session, calendar: Calendar | None, now: datetime) -> list[Matter]:
    """What is about the service and no single deadline; it is said on the board as well."""
    found = [*_service(session, now), *unsettled.messages(session)]
    if calendar is not None:
        found += [*_years(session, calendar, now), *_pauses(session, calendar, now)]
    return found


def _service(session: Session, now: datetime) -> Iterator[Matter]:
    """What the scheduler's nodes say, and which of them do not answer while another goes."""
    found = nodes(session, now)
    said = "En endring i calendar.yaml venter på å bli publisert"
    for words in found.calendar_waiting:
        yield Matter(Kind.EDIT, f"{said}: {words.rstrip('.')}.", None, OPERATOR, "/endringer")
    for node in found.nodes if found.ok else ():
        if node.state is NodeState.SILENT:
            sentence = f"Noden {node.name} {BEATS if node.beats else AWAY}"
            since = now - timedelta(seconds=node.seen_seconds_ago)
            yield Matter(Kind.NODE, sentence, since, OPERATOR, "/drift#noder")


def _years(session: Session, calendar: Calendar, now: datetime) -> Iterator[Matter]:
    for cycle, _ in warnings(session, calendar, now):
        first = SchoolYear(cycle).first_day - timedelta(days=max(WARN_DAYS))
        since = datetime.combine(first, time(), OSLO)
        sentence = standing(session, calendar, cycle, now).sentence()
        yield Matter(Kind.YEAR, sentence, since, TWO_PERSONS, f"/skolear/{cycle}")


def _pauses(session: Session, calendar: Calendar, now: datetime) -> Iterator[Matter]:
    for pause in pausing.not_ended(session):
        if pause.has_run_out(now) and pause.until:
            place, day = pausing.place(pause, calendar), long_date(pause.until)
            sentence = f"Pause {pause.number} ({place}) gikk ut {day}; avslutt den."
            since = datetime.combine(pause.until, time(), OSLO)
            yield Matter(Kind.PAUSE, sentence, since, OPERATOR, "/drift#pauser")
        if pause.sends_only:
            sentence = f"Ingenting sendes: {pause.reason}, og avslutt så pause {pause.number}."
            yield Matter(Kind.CLOCK, sentence, pause.begun_at, OPERATOR, "/drift#pauser")


def _of_occurrences(session: Session, calendar: Calendar, now: datetime) -> Iterator[Matter]:
    found = of_concern(session, calendar, now)
    by_key = {item.key: item for item in found}
    runs = _runs(session, list(by_key))
    newest = {row.RunRow.occurrence_key: row.RunRow for row in runs}
    held = dict(_held(runs, calendar, by_key, newest))
    yield from held.values()
    unanswered = [(row.Outbound, row.RunRow.state) for row in runs if row.Outbound]
    yield from sent.without_receipt(unanswered, calendar, by_key)
    yield from sent.of_channels(session)
    yield from _rehearsals(session, calendar, by_key, now)
    begun = [(item, newest[item.key]) for item in found if item.key in newest]
    yield from _stopped([(i, run) for i, run in begun if i.key not in held], calendar)
    yield from passing_on.matters(calendar, found)
    silent = [i for i in found if i.key not in newest and _has_job(i) and i.status.late]
    yield from _not_started([i for i in silent if not _rests(i, calendar)], calendar)


def of_concern(session: Session, calendar: Calendar, now: datetime) -> tuple[Item, ...]:
    """Those of all years that something may wait for: overdue, or stopped, held, sent, or rehearsed."""
    return _concern(session, Same(calendar), now)


@once
def _concern(session: Session, same: Same, now: datetime) -> tuple[Item, ...]:
    calendar, key = same.calendar, OccurrenceRow.key
    followed = [row.id for row in calendar.deliverables.values() if row.followed]
    overdue = and_(
        OccurrenceRow.outcome.is_(None),
        OccurrenceRow.due <= now.astimezone(OSLO).date(),
        OccurrenceRow.deliverable.in_(followed),
    )
    stopped = select(RunRow.occurrence_key).where(RunRow.state.in_(_OF_RUN))
    unanswered = select(Outbound.occurrence_key).where(Outbound.received_at.is_(None))
    held = select(Delivery.run_id).where(is_held())
    of_held = select(RunRow.occurrence_key).where(RunRow.id.in_(held))
    rehearsed = [made.key for made in rehearsals.newest(session)]
    known = [key.in_(keys) for keys in (stopped, unanswered, of_held, rehearsed)]
    standing = OccurrenceRow.outcome.is_distinct_from("withdrawn")
    return tuple(items_where(session, calendar, now, standing, or_(overdue, *known)))


def _runs(session: Session, keys: list[str]) -> list[Row[*tuple[Any, ...]]]:
    """The runs of these occurrences by number, each with what it sent unanswered and the file it held."""
    query = (
        select(RunRow, Outbound, Delivery)
        .outerjoin(Outbound, and_(Outbound.run_id == RunRow.id, Outbound.received_at.is_(None)))
        .outerjoin(Delivery, and_(Delivery.run_id == RunRow.id, is_held()))
        .where(RunRow.occurrence_key.in_(keys))
        .order_by(RunRow.number)
    )
    return list(session.execute(query))


def _held(
    runs: list[Row[*tuple[Any, ...]]],
    calendar: Calendar,
    by_key: dict[str, Item],
    newest: dict[str, RunRow],
) -> Iterator[tuple[str, Matter]]:
    """By key: the files, and the deliveries of other content, that wait for a yes."""
    for run, _, file in runs:
        if file:
            key = run.occurrence_key
            said = f"Filen {file.file_name} til {name_of(by_key[key], calendar)} er holdt igjen"
            yield key, _approvable(key, said, file.sha256, file.settled_at or file.received_at)
    for key, run in newest.items():
        if run.state == "refused" and run.content_sha256:
            said = f"Nytt innhold i {name_of(by_key[key], calendar)} er holdt igjen"
            yield key, _approvable(key, said, run.content_sha256, run.finished_at)


def _approvable(key: str, said: str, sha256: str, since: datetime | None) -> Matter:
    return Matter(Kind.HELD, f"{said} (SHA-256 {sha256}).", since, OPERATOR, page_of(key))


def _rehearsals(
    session: Session, calendar: Calendar, by_key: dict[str, Item], now: datetime
) -> Iterator[Matter]:
    """What would fail on its day, found ahead of it."""
    for made in rehearsals.newest(session):
        item = by_key.get(made.key)
        if item and made.state == "failed" and item.due > now.astimezone(OSLO).date():
            reason = made.reasons[0].rstrip(".")
            sentence = f"Generalprøven av {name_of(item, calendar)} feilet: {reason}."
            yield Matter(Kind.REHEARSAL, sentence, made.finished_at, OPERATOR, page_of(made.key))


_OF_RUN = {
    "failed": (Kind.FAILED, "feilet"),
    "cancelled": (Kind.CANCELLED, "er avbrutt"),
    "refused": (Kind.REFUSED, "er stoppet"),
}


def _stopped(begun: list[tuple[Item, RunRow]], calendar: Calendar) -> Iterator[Matter]:
    """One matter for each turn of a row and each reason, of one county or of all that share it."""
    turns: dict[tuple[Turn, str, str], list[tuple[Item, RunRow]]] = {}
    for item, run in begun:
        if run.state in _OF_RUN and item.status.state not in (State.WAIVED, State.NOTHING):
            reason = str(run.reasons[0]).rstrip(".") if run.reasons else "ingen årsak er oppgitt"
            turns.setdefault((_turn(item), run.state, reason), []).append((item, run))
    for (_, state, reason), members in turns.items():
        kind, verb = _OF_RUN[state]
        name, where, sender, url = _told([item for item, _ in members], calendar)
        who = sender if kind is Kind.REFUSED else OPERATOR
        since = min((run.finished_at for _, run in members if run.finished_at), default=None)
        yield Matter(kind, f"{name} {verb}{where}: {reason}.", since, who, url)


def _not_started(silent: list[Item], calendar: Calendar) -> Iterator[Matter]:
    """One matter for each turn of a row, whether one county or all of them let it go by."""
    turns: dict[Turn, list[Item]] = {}
    for item in silent:
        turns.setdefault(_turn(item), []).append(item)
    for members in turns.values():
        first, alone = members[0], len(members) == 1
        name, where, who, url = _told(members, calendar)
        awaits = first.status.awaits
        waits = f"; den venter på {', '.join(awaits)}" if alone and awaits else ""
        yield Matter(
            Kind.NOT_STARTED,
            f"{name} hadde frist {long_date(first.due)}, og ingenting er startet{where}{waits}.",
            deadline(first.due, first.occurrence.clock_time),
            who,
            url,
        )


def _turn(item: Item) -> Turn:
    o = item.occurrence
    return o.deliverable, o.stage, o.due


def _told(members: list[Item], calendar: Calendar) -> tuple[str, str, str, str]:
    """What those of one turn are called together, where, who answers for them, and their page."""
    first = members[0]
    if len(members) == 1:
        return name_of(first, calendar), "", _sender(first, calendar), page_of(first.key)
    where = f" i {count(len(members), 'fylke', 'fylker')}"
    return first.name, where, "fylkene", f"/frist/{first.occurrence.deliverable}"


def _has_job(item: Item) -> bool:
    return item.deliverable is not None and item.deliverable.job is not None


def _rests(item: Item, calendar: Calendar) -> bool:
    """Whether the row says that nobody is to be asked about a deadline that passed without its job."""
    catch_up = calendar.deliverables[item.occurrence.deliverable].catch_up
    return catch_up in (CatchUp.NEVER, CatchUp.BEFORE_DEADLINE)


def _sender(item: Item, calendar: Calendar) -> str:
    return OPERATOR if item.scope == NATIONAL else calendar.counties[item.scope].name
