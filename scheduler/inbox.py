"""Inbox: everything that goes no further until a person has acted, each with one sentence."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from jobs.register.tables import Delivery, DeliveryState, Outbound
from scheduler.calendar import Calendar, SchoolYear
from scheduler.calendar.occurrence import NATIONAL, OSLO
from scheduler.calendar.words import count, long_date
from scheduler.ledger import pausing
from scheduler.ledger.health import health
from scheduler.ledger.read import cycles, items
from scheduler.ledger.runs import LIVE
from scheduler.ledger.state import State, deadline
from scheduler.ledger.tables import RunRow
from scheduler.ledger.views import Item
from scheduler.notify.tables import MessageRow
from scheduler.publishing.rollover import WARN_DAYS, standing, warnings

OPERATOR = "den som driver tjenesten"
TWO_PERSONS = "to ulike personer"


class Kind(StrEnum):
    """What a matter is about."""

    EDIT = "edit"
    YEAR = "year"
    MESSAGE = "message"
    PAUSE = "pause"
    HELD = "held"
    UNKNOWN = "unknown"
    FAILED = "failed"
    CANCELLED = "cancelled"
    REFUSED = "refused"
    NOT_STARTED = "not-started"


@dataclass(frozen=True, slots=True)
class Matter:
    """What waits, since when if that is known, who may act, and the site's page to do it on."""

    kind: Kind
    sentence: str
    since: datetime | None
    who: str
    url: str


def inbox(session: Session, calendar: Calendar, now: datetime) -> list[Matter]:
    """All that waits for a person, the oldest first, what has no time before that."""
    found = [*general(session, calendar, now), *_of_occurrences(session, calendar, now)]
    return sorted(found, key=lambda matter: (matter.since is not None, matter.since or now))


def general(session: Session, calendar: Calendar | None, now: datetime) -> list[Matter]:
    """What is about the service and no single deadline; it is said on the board as well."""
    found = [*_edits(session, now), *_messages(session)]
    if calendar is not None:
        found += [*_years(session, calendar, now), *_pauses(session, calendar, now)]
    return found


def _edits(session: Session, now: datetime) -> Iterator[Matter]:
    said = "En endring i calendar.yaml venter på å bli publisert"
    for words in health(session, now).calendar_waiting:
        yield Matter(Kind.EDIT, f"{said}: {words.rstrip('.')}.", None, OPERATOR, "/endringer")


def _years(session: Session, calendar: Calendar, now: datetime) -> Iterator[Matter]:
    for cycle, _ in warnings(session, calendar, now):
        first = SchoolYear(cycle).first_day - timedelta(days=max(WARN_DAYS))
        since = datetime.combine(first, time(), OSLO)
        sentence = standing(session, calendar, cycle, now).sentence
        yield Matter(Kind.YEAR, sentence, since, TWO_PERSONS, f"/skolear/{cycle}")


def _messages(session: Session) -> Iterator[Matter]:
    query = select(func.count(), func.min(MessageRow.created_at))
    unknown, since = session.execute(query.where(MessageRow.state == "unknown")).one()
    if unknown:
        said = count(unknown, "melding", "meldinger")
        they = "den" if unknown == 1 else "de"
        sentence = f"For {said} vet vi ikke om {they} kom fram."
        yield Matter(Kind.MESSAGE, sentence, since, OPERATOR, "/varsler")


def _pauses(session: Session, calendar: Calendar, now: datetime) -> Iterator[Matter]:
    for pause in pausing.not_ended(session):
        if pause.has_run_out(now) and pause.until:
            place, day = pausing.place(pause, calendar), long_date(pause.until)
            sentence = f"Pause {pause.number} ({place}) gikk ut {day}; avslutt den."
            since = datetime.combine(pause.until, time(), OSLO)
            yield Matter(Kind.PAUSE, sentence, since, OPERATOR, "/drift#pauser")


def _of_occurrences(session: Session, calendar: Calendar, now: datetime) -> Iterator[Matter]:
    found = [item for cycle in cycles(session) for item in items(session, calendar, cycle, now)]
    by_key = {item.key: item for item in found}
    held = dict(_held(session, calendar, by_key))
    yield from held.values()
    yield from _unknown(session, calendar, by_key)
    newest = _newest_runs(session)
    for item in found:
        run = newest.get(item.key)
        if run is not None and item.key not in held:
            yield from _stopped(item, run, calendar)
    silent = [i for i in found if i.key not in newest and i.tracked and i.status.late]
    yield from _not_started(silent, calendar)


def _held(
    session: Session, calendar: Calendar, by_key: dict[str, Item]
) -> Iterator[tuple[str, Matter]]:
    """By key: the files, and the deliveries of other content, that wait for a yes."""
    newest = select(func.max(Delivery.id)).group_by(Delivery.deliverable, Delivery.sender)
    query = select(Delivery).where(Delivery.id.in_(newest), Delivery.state == DeliveryState.HELD)
    for file in session.scalars(query):
        key = (file.run_id or "").rpartition("#")[0]
        if key in by_key:
            said = f"Filen {file.file_name} til {_name(by_key[key], calendar)} er holdt igjen"
            yield key, _approvable(key, said, file.sha256, file.settled_at or file.received_at)
    refused = select(RunRow).where(RunRow.state == "refused", RunRow.content_sha256 != "")
    latest = _newest_runs(session)
    for run in session.scalars(refused):
        if run.occurrence_key in by_key and latest[run.occurrence_key].id == run.id:
            name = _name(by_key[run.occurrence_key], calendar)
            said = f"Nytt innhold i {name} er holdt igjen"
            since = run.finished_at
            yield (
                run.occurrence_key,
                _approvable(run.occurrence_key, said, run.content_sha256, since),
            )


def _approvable(key: str, said: str, sha256: str, since: datetime | None) -> Matter:
    return Matter(Kind.HELD, f"{said} (SHA-256 {sha256}).", since, OPERATOR, _page(key))


def _unknown(session: Session, calendar: Calendar, by_key: dict[str, Item]) -> Iterator[Matter]:
    """What was about to be sent by a run that is over, and has no receipt."""
    over = select(RunRow.id).where(RunRow.state.not_in(LIVE))
    query = select(Outbound).where(Outbound.received_at.is_(None), Outbound.run_id.in_(over))
    for sent in session.scalars(query):
        item = by_key.get(sent.occurrence_key)
        if item is not None:
            receiver = calendar.parties[sent.receiver].name
            sentence = f"Vi vet ikke om {_name(item, calendar)} kom fram til {receiver}."
            yield Matter(Kind.UNKNOWN, sentence, sent.intended_at, OPERATOR, _page(item.key))


def _newest_runs(session: Session) -> dict[str, RunRow]:
    return {
        run.occurrence_key: run for run in session.scalars(select(RunRow).order_by(RunRow.number))
    }


_OF_RUN = {
    "failed": (Kind.FAILED, "feilet"),
    "cancelled": (Kind.CANCELLED, "er avbrutt"),
    "refused": (Kind.REFUSED, "er stoppet"),
}


def _stopped(item: Item, run: RunRow, calendar: Calendar) -> Iterator[Matter]:
    if run.state not in _OF_RUN or item.status.state in (State.WAIVED, State.NOTHING):
        return
    kind, verb = _OF_RUN[run.state]
    reason = str(run.reasons[0]).rstrip(".") if run.reasons else "ingen årsak er oppgitt"
    who = _sender(item, calendar) if kind is Kind.REFUSED else OPERATOR
    sentence = f"{_name(item, calendar)} {verb}: {reason}."
    yield Matter(kind, sentence, run.finished_at, who, _page(item.key))


def _not_started(silent: list[Item], calendar: Calendar) -> Iterator[Matter]:
    """One matter for each turn of a row, whether one county or all of them let it go by."""
    turns: dict[tuple[str, str, date], list[Item]] = {}
    for item in silent:
        o = item.occurrence
        turns.setdefault((o.deliverable, o.stage, o.due), []).append(item)
    for (deliverable, _, _), members in turns.items():
        first, alone = members[0], len(members) == 1
        name, where = (_name(first, calendar), "") if alone else (first.name, _counties(members))
        awaits = first.status.awaits
        waits = f"; den venter på {', '.join(awaits)}" if alone and awaits else ""
        due = long_date(first.due)
        yield Matter(
            Kind.NOT_STARTED,
            f"{name} hadde frist {due}, og ingenting er startet{where}{waits}.",
            deadline(first.due, first.occurrence.clock_time),
            _sender(first, calendar) if alone else "fylkene",
            _page(first.key) if alone else f"/frist/{deliverable}",
        )


def _counties(members: list[Item]) -> str:
    return f" i {count(len(members), 'fylke', 'fylker')}"


def _name(item: Item, calendar: Calendar) -> str:
    where = calendar.counties.get(item.scope)
    return f"{item.name}, {where.name}" if where else item.name


def _sender(item: Item, calendar: Calendar) -> str:
    return OPERATOR if item.scope == NATIONAL else calendar.counties[item.scope].name


def _page(key: str) -> str:
    return f"/drift/frist/{key}"
