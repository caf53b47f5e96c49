"""Digest: the Monday letter to each contact: this week, what is coming, what is late, what is open.

It goes at 08.00 on the first working day of the week, and carries the steps before T-3. Those
above the responsible are told only of what is late enough to be brought before them.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta

from scheduler.calendar import Calendar
from scheduler.calendar.occurrence import NATIONAL, OSLO, DateStatus
from scheduler.calendar.words import day_and_date
from scheduler.calendar.workdays import DAY
from scheduler.notify.directory import Contact
from scheduler.notify.ladder import COORDINATOR as TOP
from scheduler.notify.ladder import DEPUTY, RESPONSIBLE, SINGLES_FROM, at_hour, is_open, late_from
from scheduler.notify.letter import Entry, Errand, Letter, Section, message, message_id
from scheduler.notify.matters import Matter
from scheduler.notify.message import Message
from scheduler.notify.planned import Planned, why_you
from scheduler.notify.roles import COORDINATOR, Place, role_name, scope_name, touched
from scheduler.notify.situation import Situation
from scheduler.notify.wording import UNTRACKED, distance, due_and_nominal, link

ABOUT = "Ukesoversikt"
LATE, WEEK, COMING = "Forsinket", "Denne uken", "De neste 30 arbeidsdagene"


def due(situation: Situation, at: datetime) -> Iterator[Planned]:
    """The week's digests, from its first working day at 08.00; also later in a week begun late.

    One that was sent is not made again: most of the rounds of a week have only such.
    """
    today = at.astimezone(OSLO).date()
    by_place: dict[Place, list[Matter]] = defaultdict(list)
    for matter in situation.matters:
        if not matter.settled:
            by_place[matter.place].append(matter)
    for place, matters in sorted(by_place.items()):
        if is_open(at, situation.workdays(place[0], today)):
            yield from _of_place(situation, place, matters, at)
    if is_open(at, situation.workdays(NATIONAL, today)):
        late = [m for matters in by_place.values() for m in _late(matters, today, TOP)]
        yield from _of_coordinator(situation, late, at)


def _of_place(
    situation: Situation, place: Place, matters: Sequence[Matter], at: datetime
) -> Iterator[Planned]:
    today = at.astimezone(OSLO).date()
    shown = _sections(matters, today)
    for contact in situation.directory.reached(place):
        yield from _planned(situation, place, shown, RESPONSIBLE, contact, at)
    for level in range(DEPUTY, TOP):
        late = {LATE: _late(matters, today, level)}
        for contact in situation.directory.at(place, level):
            yield from _planned(situation, place, late, level, contact, at)


def _of_coordinator(situation: Situation, late: list[Matter], at: datetime) -> Iterator[Planned]:
    place = (NATIONAL, COORDINATOR)
    for contact in situation.directory.at(place, TOP):
        yield from _planned(situation, place, {LATE: late}, TOP, contact, at)


def _sections(matters: Sequence[Matter], today: date) -> dict[str, list[Matter]]:
    sunday = _monday(today) + 6 * DAY
    ahead = [matter for matter in matters if matter.due >= today]
    return {
        LATE: _late(matters, today, RESPONSIBLE),
        WEEK: [matter for matter in ahead if matter.due <= sunday],
        COMING: [m for m in ahead if m.due > sunday and not m.short and _begun(m, sunday)],
    }


def _late(matters: Sequence[Matter], today: date, level: int) -> list[Matter]:
    return [
        matter
        for matter in matters
        if matter.due < today  # most are ahead, and this is asked the quickest
        and matter.tracked
        and matter.late_after < today
        and matter.workdays.between(matter.late_after, today) >= late_from(level)
    ]


def _begun(matter: Matter, sunday: date) -> bool:
    """Whether the first step of the ladder has come, or comes this week."""
    return matter.ladder(sunday)[0].day <= sunday


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _week(day: date) -> str:
    """2026-U48."""
    year, week, _ = day.isocalendar()
    return f"{year}-U{week:02}"


def _planned(
    situation: Situation,
    place: Place,
    shown: Mapping[str, list[Matter]],
    level: int,
    contact: Contact,
    at: datetime,
) -> Iterator[Planned]:
    if not any(shown.values()):
        yield Planned(at, "digest", place, ABOUT, "ingenting å melde", contact)
    elif message_id(_errand_id(place, at), contact) not in situation.sent:
        made = _message(situation.calendar, place, shown, level, contact, at)
        yield Planned(at, "digest", place, ABOUT, "ukens oversikt", contact, message=made)


def _errand_id(place: Place, at: datetime) -> str:
    return "/".join(("oversikt", _week(at.astimezone(OSLO).date()), *place))


def _message(
    calendar: Calendar,
    place: Place,
    shown: Mapping[str, list[Matter]],
    level: int,
    contact: Contact,
    at: datetime,
) -> Message:
    today = at.astimezone(OSLO).date()
    scope, role = place
    names = role_name(calendar, role), scope_name(calendar, scope)
    sections = [
        Section(title, tuple(_entry(calendar, m, today, contact) for m in matters))
        for title, matters in shown.items()
        if matters
    ]
    open_questions = _undecided(calendar, place) if level == RESPONSIBLE else ()
    letter = Letter(
        subject=_subject(today, shown),
        heading=f"Uke {today.isocalendar().week}: {names[0]}, {names[1]}",
        paragraphs=(f"Slik står det {day_and_date(today)} kl. {at.astimezone(OSLO):%H.%M}.",),
        sections=(*sections, *([Section("Uavklart", open_questions)] if open_questions else [])),
        links=(("Se tavla", link("/tavle" if scope == NATIONAL else f"/tavle?fylke={scope}")),),
        why=why_you(contact, place, *names, level),
    )
    errand = Errand(
        _errand_id(place, at),
        "digest",
        place,
        "digest",
        f"oversikt/{scope}/{role}",
        tuple(_steps(shown, today)),
    )
    until = at_hour(today + DAY).isoformat()
    return message(errand, letter, contact, at, {"week": _week(today), "until": until})


def _subject(today: date, shown: Mapping[str, list[Matter]]) -> str:
    number = {title: len(matters) for title, matters in shown.items()}
    parts = [f"{number[LATE]} forsinket"] if number[LATE] else []
    if WEEK in shown:
        week = number[WEEK]
        parts.append(f"{week or 'ingen'} frist{'' if week == 1 else 'er'} denne uken")
        parts += [f"{number[COMING]} senere"] if number[COMING] else []
    return f"Uke {today.isocalendar().week}: {', '.join(parts)}"


def _steps(shown: Mapping[str, list[Matter]], today: date) -> Iterator[dict[str, str]]:
    """The steps that this digest stands for: those before T-3 whose day is in the week."""
    monday = _monday(today)
    for matter in shown.get(COMING, []) + shown.get(WEEK, []):
        for step in matter.ladder(today):
            if step.offset < SINGLES_FROM and monday <= step.day <= monday + 6 * DAY:
                yield {"key": matter.key, "step": step.name}


def _entry(calendar: Calendar, matter: Matter, today: date, contact: Contact) -> Entry:
    occurrence = matter.occurrence
    when = due_and_nominal(matter.due, occurrence.nominal, occurrence.clock_time)
    far = distance(matter.due, today, matter.workdays)
    facts = [("Frist", f"{when}. {far}.")]
    if contact.scope != occurrence.scope:
        facts.append(("Gjelder", scope_name(calendar, matter.place[0])))
    proposed = occurrence.date_status is DateStatus.PROPOSED
    facts.append(("Datoen", "foreslått, ikke bekreftet" if proposed else "bekreftet"))
    if not matter.tracked:
        facts.append(("Merk", UNTRACKED))
    facts += [("Sagt", _said(matter))] if matter.silences else []
    return Entry(matter.name, tuple(facts), link(f"/forekomst/{matter.key}"))


def _said(matter: Matter) -> str:
    last = matter.silences[-1]
    day = day_and_date(last.at.astimezone(OSLO).date())
    if last.until:
        return f"utsatt til {day_and_date(last.until)}, {last.actor} {day}"
    return f"«vi er i gang», {last.actor} {day}"


def _undecided(calendar: Calendar, place: Place) -> tuple[Entry, ...]:
    """The open questions about what this role delivers."""
    return tuple(
        Entry(row.name, (("Spørsmål", row.undecided.in_words),), link(f"/frist/{row.id}"))
        for row in calendar.deliverables.values()
        if row.undecided and row.is_active and place in touched(calendar, row, place[0])
    )
