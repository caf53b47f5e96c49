"""Deliverable: one row of the annual cycle, with its evidence, order and confirmed dates."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from pydantic import Field, field_validator, model_validator

from scheduler.calendar.decisions import Confirmed, Override, Undecided
from scheduler.calendar.dependency import Dependency
from scheduler.calendar.due_rule import DueRule
from scheduler.calendar.evidence import Evidence
from scheduler.calendar.fields import (
    AreaRef,
    AudienceRef,
    ClockTime,
    Frozen,
    MonthDayField,
    PartyRef,
    Sentence,
    Slug,
)
from scheduler.calendar.kinds import (
    Activity,
    CatchUp,
    JobName,
    Kind,
    Reminders,
    Scope,
    Stage,
)
from scheduler.calendar.offsets import REFERENCE_DATE, After
from scheduler.calendar.policy import Policy
from scheduler.calendar.words import MonthDay, parse_month_day
from scheduler.calendar.workdays import Workdays

DEFAULT_OPENS_DAYS = 30
NIGHT_ENDS = "04:00"


class Deliverable(Frozen):
    """A row of the annual cycle: who delivers what to whom, and when."""

    id: str = Field(exclude=True, description="Radens navn, nøkkelen i deliverables.")
    name: Sentence = Field(description="Navnet folk ser.")
    areas: tuple[AreaRef, ...] = Field(min_length=1, description="Fagområder.")
    kind: Kind = Field(description="Hva slags rad det er.")
    scope: Scope = Field(description="county: én frist for hvert fylke. national: én for landet.")
    stage: Stage = Field(default=Stage.ONLY, description="Hvilken levering i året.")
    sender: PartyRef | None = Field(default=None, description="Hvem som leverer.")
    receiver: PartyRef | None = Field(default=None, description="Hvem som mottar.")
    copies_to: tuple[PartyRef, ...] = Field(default=(), description="Andre mottakere.")
    audience: tuple[AudienceRef, ...] = Field(min_length=1, description="Hvem raden angår.")
    activity: Activity = Field(default=Activity.YES, description="yes, no, info eller rule.")
    reference_date: str | None = Field(
        default=None, description="Telledato: en dag i året, eller en tekst. Flyttes aldri."
    )
    due: DueRule | None = Field(default=None, description="Regelen for fristen.")
    when: str | None = Field(
        default=None, description="Tekst i stedet for frist når ingen dag kan regnes ut."
    )
    time: ClockTime | None = Field(
        default=None, description='Klokkeslett for fristen, for eksempel "23:59".'
    )
    opens: MonthDayField | None = Field(default=None, description="Første dag i perioden.")
    opens_days: int | None = Field(
        default=None, ge=1, le=366, description="Antall dager før fristen perioden begynner."
    )
    depends_on: tuple[Dependency, ...] = Field(
        default=(), description="Rader som må være ferdige først."
    )
    lead_days: int = Field(
        default=1,
        ge=0,
        le=60,
        description="Arbeidsdager arbeidet trenger etter at det som må komme først, er ferdig.",
    )
    job: JobName | None = Field(default=None, description="Jobben som utfører raden.")
    grace_days: int = Field(
        default=0,
        ge=0,
        le=20,
        description="Arbeidsdager etter fristen før raden regnes og purres som forsinket. Fristen flyttes ikke, og det som kommer i disse dagene, er levert etter fristen.",
    )
    catch_up: CatchUp = Field(
        default=CatchUp.ALWAYS,
        description="Kom jobben ikke i gang på fristdagen: kjør likevel; bare innen catch_up_days, og la det så være; innen dem, og spør så en person; eller la det være.",
    )
    catch_up_days: int = Field(
        default=0,
        ge=0,
        le=60,
        description="Arbeidsdager etter fristen jobben ennå starter av seg selv.",
    )
    policy: Policy = Field(default=Policy(), description="Forsøk og tidsgrense for jobben.")
    reminders: Reminders | None = Field(
        default=None,
        description="full, short (fra dagen før) eller none; ellers etter hva slags rad det er.",
    )
    groups: dict[Slug, Sentence] = Field(default={}, description="Gruppene en overføring omfatter.")
    confirmed: tuple[Confirmed, ...] = Field(
        default=(), description="Kunngjorte datoer, år for år."
    )
    overrides: tuple[Override, ...] = Field(
        default=(), description="Beslutninger som flytter ett skoleårs dato."
    )
    undecided: Undecided | None = Field(
        default=None, description="Et åpent spørsmål om raden. Vises som ikke avklart."
    )
    evidence: Evidence = Field(description="Hvordan vi kjenner raden.")
    description: Sentence = Field(description="Hva som leveres, i en setning eller to.")

    @field_validator("reference_date", mode="before")
    @classmethod
    def _never_shifted(cls, value: Any) -> Any:
        if isinstance(value, dict):
            raise ValueError(  # noqa: TRY004 - pydantic
                "En telledato flyttes aldri og har ingen «shift». Skriv bare dagen, for eksempel 1. oktober."
            )
        if isinstance(value, str) and value[:1].isdigit():
            parse_month_day(value)
        return value

    @model_validator(mode="after")
    def _whole(self) -> "Deliverable":
        for wrong, sentence in self._contradictions():
            if wrong:
                raise ValueError(sentence)
        return self

    def _contradictions(self) -> Iterator[tuple[bool, str]]:
        yield (
            (self.due is None) == (self.when is None),
            "Raden må ha enten «due» (en regel for fristen) eller «when» (en tekst).",
        )
        yield (
            self.due is None and self.activity is Activity.YES,
            "Raden er i bruk, men har ingen «due». Gi den en frist, eller sett «activity» til info.",
        )
        yield (
            self.recurring and self.stage is not Stage.ONLY,
            "Raden gjentas i skoleåret, så trinnene får numre. Fjern «stage».",
        )
        yield (
            self.due is None and bool(self.of_one_year),
            "Raden har datoer for enkelte skoleår, men ingen «due» som de kan gå foran.",
        )
        yield (
            self.recurring and any(entry.stage is None for entry in self.of_one_year),
            "Raden gjentas i skoleåret. Skriv hvilket trinn hver dato gjelder, med «stage».",
        )
        yield (
            self.scope is Scope.NATIONAL and any(entry.counties for entry in self.of_one_year),
            "Raden er nasjonal og har én dato for alle. Fjern «counties» fra datoene.",
        )
        yield (
            self.opens is not None and self.opens_days is not None,
            "Skriv enten «opens» eller «opens_days», ikke begge.",
        )
        yield (
            self.catch_up in (CatchUp.ALWAYS, CatchUp.NEVER) and self.catch_up_days > 0,
            "«catch_up_days» gjelder bare sammen med «catch_up: run_if_before_deadline» eller «ask».",
        )
        yield (
            "policy" in self.model_fields_set and self.job is None,
            "«policy» gjelder bare rader med en «job».",
        )
        yield (
            bool(self.time and self.time < NIGHT_ENDS),
            "Klokkeslett mellom 00:00 og 04:00 kan leses som dagen før. Skriv 23:59 på dagen fristen gjelder.",
        )
        yield (
            isinstance(self.due, After)
            and REFERENCE_DATE in self.due.after
            and not self.reference_day,
            "Fristen regnes fra telledatoen, men «reference_date» er ikke en dag i året.",
        )

    @property
    def of_one_year(self) -> tuple[Confirmed | Override, ...]:
        """What is settled for single school years."""
        return (*self.confirmed, *self.overrides)

    @property
    def recurring(self) -> bool:
        """Whether the row has several occurrences in a school year, with stages 1, 2, 3."""
        return self.due is not None and self.due.recurring

    @property
    def is_active(self) -> bool:
        return self.activity is not Activity.NO

    @property
    def reference_day(self) -> MonthDay | None:
        """The reference date as a yearly day, or None where it is a text or missing."""
        if self.reference_date and self.reference_date[0].isdigit():
            return parse_month_day(self.reference_date)
        return None

    @property
    def followed(self) -> bool:
        """Whether it is known here when it is done: by its job's receipt, or a word on what was passed on."""
        return self.job is not None or self.kind is Kind.FORWARDING

    @property
    def sends(self) -> bool:
        """Whether its job gives something out; an import only takes in what a sender has sent."""
        return self.kind is not Kind.IMPORT

    def last_automatic_day(self, due: date) -> date | None:
        """The last day on which the job starts by itself; None when it always does."""
        if self.catch_up is CatchUp.ALWAYS:
            return None
        return Workdays({}).add(due, self.catch_up_days) if self.catch_up_days else due

    def grace_until(self, due: date) -> date | None:
        """The last day that is overtime and not yet late; None where the row gives no grace."""
        return Workdays({}).add(due, self.grace_days) if self.grace_days else None

    def opens_on(self, nominal: date, due: date) -> date | None:
        """The first day of the window: as given, or for an import its reference date or 30 days."""
        if self.opens:
            return self.opens.latest(min(nominal, due))
        if self.opens_days:
            return due - timedelta(days=self.opens_days)
        if self.kind is not Kind.IMPORT:
            return None
        if self.reference_day:
            return self.reference_day.latest(min(nominal, due))
        return due - timedelta(days=DEFAULT_OPENS_DAYS)
