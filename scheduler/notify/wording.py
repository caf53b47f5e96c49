"""Wording: dates, distances, standings and addresses as the letters write them."""

from datetime import date

from scheduler.calendar import Deliverable
from scheduler.calendar.occurrence import DateStatus
from scheduler.calendar.words import day_and_date, day_of_year
from scheduler.calendar.workdays import Workdays
from scheduler.ledger.itself import SAVED
from scheduler.settings import settings

UNTRACKED = "Følges ikke opp her ennå: vi ser ikke om den er levert."


def link(path: str) -> str:
    """The address of a page, as readers reach it."""
    return f"{settings().public_url}{path}"


def working_days(number: int) -> str:
    """7 arbeidsdager, 1 arbeidsdag: in figures, since the eye looks for the number."""
    return f"{number} arbeidsdag{'' if number == 1 else 'er'}"


def distance(due: date, today: date, workdays: Workdays) -> str:
    """Where a deadline lies: "Om 7 arbeidsdager", "Frist i dag", "Forsinket 2 arbeidsdager"."""
    if today == due:
        return "Frist i dag"
    if today > due:
        return f"Forsinket {working_days(max(1, workdays.between(due, today)))}"
    left = workdays.between(today, due)
    # A deadline on a day off has no working day left once the last one before it has begun.
    return f"Om {working_days(left)}" if left else f"Frist {day_and_date(due).partition(' ')[0]}"


def when(due: date, today: date, workdays: Workdays) -> str:
    """The same as the beginning of a sentence, with the day."""
    day = day_and_date(due)
    if today == due:
        return f"Fristen er i dag, {day}"
    if today > due:
        late = working_days(max(1, workdays.between(due, today)))
        return f"Fristen gikk ut {day}, for {late} siden"
    left = workdays.between(today, due)
    return f"Fristen er {day}, om {working_days(left)}" if left else f"Fristen er {day}"


def due_and_nominal(due: date, nominal: date, clock_time: str = "") -> str:
    """The day that holds, and what the calendar says, also where that is the same day."""
    at = f" kl. {clock_time.replace(':', '.')}" if clock_time else ""
    told = f"{day_and_date(due)}{at}"
    said = "samme dag" if due == nominal else day_and_date(nominal)
    return f"{told} (i kalenderen {said})"


def standing_of_date(status: str, deliverable: Deliverable | None) -> str:
    """Whether the date is confirmed, and what the row is known from."""
    words = (
        "Bekreftet av den som eier fristen."
        if status == DateStatus.CONFIRMED
        else "Foreslått, ikke bekreftet av den som eier fristen."
    )
    return f"{words} {deliverable.evidence.in_words}" if deliverable else words


def in_subject(due: date) -> str:
    """The day in brackets, as in "Om 7 arbeidsdager (23. oktober)"."""
    return f"({day_of_year(due)})"


def decided_by(name: str) -> str:
    """Who decided a version; a file that was only saved names nobody."""
    return name if name and name != SAVED else f"ikke oppgitt ({SAVED} ble lagret)"


def joined(words: list[str]) -> str:
    """Agder, Oslo og Troms."""
    return " og ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
