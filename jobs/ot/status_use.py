"""Use of the status codes: what a status update must fulfil, given what has happened to the line.

The codes' own rules are Udir's (P): OTUK stays until the service has reached the person, and an
unanswered letter, text message or e-mail is no contact. The rest is our reading (I).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache

from jobs.codelists import codes, table
from jobs.register.followup import FIRST_STATUS, MEMBERSHIP, Event

OUTSIDE = "5"  # the group of those who are registered and do not belong to the target


@cache
def group_of() -> dict[str, str]:
    """Status code -> the group it belongs to."""
    return dict(table("otstatus").select("kode", "gruppe").iter_rows())


@dataclass(frozen=True, slots=True)
class Update:
    """A status from a day on, as a line of a file says it; `kontakt` is the day contact was made."""

    linje: int
    fodselsnummer: str
    statuskode: str
    dato: date
    kontakt: date | None
    grunn: str


@dataclass(frozen=True, slots=True)
class Happened:
    """An event of a line: its day, its kind (Event) and the status it gave."""

    gjelder: date
    slag: str
    statuskode: str | None


class Standing:
    """A line of the follow-up service with its events, the oldest first."""

    def __init__(self, linje_id: int, events: Iterable[Happened]) -> None:
        self.linje_id = linje_id
        self.events = list(events)

    def add(self, update: Update) -> None:
        """Let an update be one of the events, so that the next one is judged by it."""
        self.events.append(Happened(update.dato, Event.STATUS.value, update.statuskode))
        self.events.sort(key=lambda event: event.gjelder)

    @property
    def statuskode(self) -> str:
        """The status the line has now."""
        return self.status_on(date.max)

    def status_on(self, day: date) -> str:
        """The status that held on a day; the first one before there was any."""
        return (self._statuses(day) or [FIRST_STATUS])[-1]

    def is_reached_on(self, day: date) -> bool:
        """Whether a status since the last OTUK tells of contact."""
        reached = False
        for code in self._statuses(day):
            reached = code != FIRST_STATUS and (reached or tells_of_contact(code))
        return reached

    def is_member_on(self, day: date) -> bool:
        kinds = [event.slag for event in self._until(day) if event.slag in MEMBERSHIP]
        return kinds[-1:] == [Event.REGISTERED.value]

    def given_on(self, day: date) -> str | None:
        """The status that was given on the day, the registration's own apart."""
        given = (e for e in self.events if e.gjelder == day and e.slag == Event.STATUS.value)
        return next((event.statuskode for event in given), None)

    def _statuses(self, day: date) -> list[str]:
        return [event.statuskode for event in self._until(day) if event.statuskode]

    def _until(self, day: date) -> list[Happened]:
        return [event for event in self.events if event.gjelder <= day]


def tells_of_contact(code: str) -> bool:
    """Whether only contact can give the status: all but OTUK, and those outside the target."""
    return code != FIRST_STATUS and group_of().get(code) != OUTSIDE


def fault(update: Update, standing: Standing | None, today: date) -> str:
    """What is wrong with an update and how to mend it, in a sentence that names nobody; "" for nothing."""
    if standing is None:
        return "Personen har ingen OT-linje i fylket dette skoleåret. Tilmeld personen, eller fjern linjen."
    return next((told for rule in RULES if (told := rule(update, standing, today))), "")


def _code(update: Update, _standing: Standing, _today: date) -> str:
    known, kode = codes("otstatus"), update.statuskode
    if kode not in known:
        return f"Statuskoden «{kode[:10]}» finnes ikke. Bruk en av {', '.join(known)}."
    if kode not in codes("otstatus", update.dato):
        return f"Statuskoden {kode} gjelder ikke {update.dato:%d.%m.%Y}. Bruk en annen."
    return ""


def _day(update: Update, standing: Standing, today: date) -> str:
    if update.dato > today:
        return "Statusen gjelder fra en dag fram i tid. Vent med den til dagen er kommet."
    if not standing.is_member_on(update.dato):
        day = f"{update.dato:%d.%m.%Y}"
        return f"Personen var ikke tilmeldt OT i fylket {day}. Rett datoen, eller fjern linjen."
    return ""


def _never_overwritten(update: Update, standing: Standing, _today: date) -> str:
    given = standing.given_on(update.dato)
    if given in (None, update.statuskode):
        return ""
    return (
        f"Personen har alt statusen {given} fra {update.dato:%d.%m.%Y}, og den skrives ikke over. "
        "Gi den nye fra en senere dag."
    )


def _contact(update: Update, standing: Standing, _today: date) -> str:
    """Only contact ends OTUK, unless the person turns out not to belong to the target."""
    if update.kontakt is not None and update.kontakt > update.dato:
        return "Dagen for kontakt er etter dagen statusen gjelder fra. Rett en av dem."
    reached = update.kontakt is not None or standing.is_reached_on(update.dato)
    if tells_of_contact(update.statuskode) and not reached:
        return (
            f"{FIRST_STATUS} står til OT har fått kontakt; ubesvart brev, SMS eller e-post er ikke "
            "kontakt. Oppgi dagen for kontakt, eller la statusen stå."
        )
    return ""


def _back_to_unknown(update: Update, standing: Standing, _today: date) -> str:
    before = standing.status_on(update.dato)
    if update.statuskode == FIRST_STATUS != before and not update.grunn:
        return f"En linje går fra {before} tilbake til {FIRST_STATUS} bare med en grunn. Skriv den."
    return ""


Rule = Callable[[Update, Standing, date], str]
RULES: tuple[Rule, ...] = (_code, _day, _never_overwritten, _contact, _back_to_unknown)
