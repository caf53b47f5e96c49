"""Rung: the message of one step of a ladder to one contact."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from scheduler.calendar import Calendar
from scheduler.calendar.kinds import Kind
from scheduler.calendar.occurrence import OSLO
from scheduler.calendar.words import day_and_date
from scheduler.notify import letter as letters
from scheduler.notify.directory import LEVELS, Contact
from scheduler.notify.ladder import (
    COORDINATOR,
    DEPUTY,
    RESPONSIBLE,
    Decision,
    Step,
    ends,
    late_from,
)
from scheduler.notify.letter import Entry, Errand, Letter, Section
from scheduler.notify.matters import Matter
from scheduler.notify.message import Message
from scheduler.notify.planned import why_you
from scheduler.notify.roles import role_name, scope_name
from scheduler.notify.wording import (
    UNTRACKED,
    distance,
    due_and_nominal,
    in_subject,
    link,
    standing_of_date,
    when,
)

NOTHING = "Har dere ingenting å rapportere, si fra, så stanser påminnelsene."
ON_IT = f"{NOTHING} Er dere i gang, si fra om det, så hoppes den neste over."
# What is not done, ahead of the deadline and after it.
UNDONE = ("leveringen er ikke kommet inn ennå", "leveringen er fortsatt ikke kommet inn")
UNDONE_FORWARDING = (
    "ingen har bekreftet ennå at filene er videresendt",
    "ingen har bekreftet at filene er videresendt",
)
ONCE = "Du varsles én gang om dette. Siden står det i mandagsoversikten til det er løst."


def errand_id(matter: Matter, step: Step) -> str:
    """What makes the reminder itself; with its day, since a deadline that moves starts anew."""
    return f"purring/{matter.key}/{matter.due.isoformat()}/{step.name}/{matter.place[1]}"


def message(
    calendar: Calendar,
    matter: Matter,
    told: Sequence[Step],
    decision: Decision,
    level: int,
    contact: Contact,
    at: datetime,
) -> Message:
    """The decided step of the ladder `told`, as a message that is true until the next step."""
    step = decision.step
    if step is None:
        raise ValueError("no step is due")
    errand = Errand(
        id=errand_id(matter, step),
        kind="reminder" if level == RESPONSIBLE else "escalation",
        place=matter.place,
        event="reminder" if level == RESPONSIBLE else "reminder.escalated",
        thread=matter.thread,
        steps=(
            *({"key": matter.key, "step": other.name, "passed": "ja"} for other in decision.passed),
            {"key": matter.key, "step": step.name},
        ),
    )
    data = {
        "key": matter.key,
        "nominal": matter.occurrence.nominal.isoformat(),
        "due": matter.due.isoformat(),
        "step": step.name,
        "until": ends(told, step, at).isoformat(),
    }
    return letters.message(errand, _letter(calendar, matter, level, contact, at), contact, at, data)


def _letter(
    calendar: Calendar, matter: Matter, level: int, contact: Contact, at: datetime
) -> Letter:
    today = at.astimezone(OSLO).date()
    far = distance(matter.due, today, matter.workdays)
    scope, role = matter.place
    names = role_name(calendar, role), scope_name(calendar, scope)
    where = f" ({names[1]})" if contact.scope != matter.occurrence.scope else ""
    forwarding = matter.deliverable.kind is Kind.FORWARDING
    word = " – ikke bekreftet" if forwarding else " – ikke levert"
    undone = word if matter.tracked else ""
    return Letter(
        subject=f"{far} {in_subject(matter.due)}: {matter.name}{where}{undone}",
        heading=f"{matter.name}{where}",
        paragraphs=_paragraphs(matter, today, level),
        sections=(Section("", (_entry(calendar, matter, today, names[1]),)),),
        links=(("Se fristen", link(f"/forekomst/{matter.key}")), *_answers(matter, level, contact)),
        why=why_you(contact, matter.place, *names, level),
    )


def _answers(matter: Matter, level: int, contact: Contact) -> Iterator[tuple[str, str]]:
    """Where the role itself, or its deputy, says how it stands; not those told of it from above."""
    own = (contact.scope, contact.role) == matter.place
    if matter.tracked and own and level <= DEPUTY:
        yield "Si fra hvordan det går", link(f"/svar/{contact.token}/{matter.key}")


def _paragraphs(matter: Matter, today: date, level: int) -> tuple[str, ...]:
    told = when(matter.due, today, matter.workdays)
    if not matter.tracked:
        end = "Påminnelsene om denne fristen slutter på fristdagen."
        return (f"{told}.", f"{UNTRACKED} {end}")
    ahead, overdue = UNDONE_FORWARDING if matter.deliverable.kind is Kind.FORWARDING else UNDONE
    if today <= matter.due:
        return (f"{told}, og {ahead}.", ON_IT)
    late = f"{told}, og {overdue}."
    return (late, ONCE if level > DEPUTY else NOTHING)


def _entry(calendar: Calendar, matter: Matter, today: date, where: str) -> Entry:
    occurrence, row = matter.occurrence, matter.deliverable
    facts = [
        ("Frist", due_and_nominal(matter.due, occurrence.nominal, occurrence.clock_time)),
        ("Datoen", standing_of_date(occurrence.date_status, row)),
        ("Gjelder", where),
    ]
    if row.receiver:
        facts.append(("Mottaker", calendar.parties[row.receiver].name))
    if row.undecided:
        facts.append(("Uavklart", row.undecided.in_words))
    if matter.tracked:
        facts.append(("Varsles videre", _onwards(matter, today)))
    return Entry(matter.name, tuple((name, value) for name, value in facts if value))


def _onwards(matter: Matter, today: date) -> str:
    """Who is told next, and when, if it is still not delivered."""
    days = {
        level: matter.workdays.add(matter.late_after, late_from(level))
        for level in range(DEPUTY, COORDINATOR + 1)
    }
    ahead = [f"{LEVELS[level]} {day_and_date(day)}" for level, day in days.items() if day > today]
    return "; ".join(ahead)
