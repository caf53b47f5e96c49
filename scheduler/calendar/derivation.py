"""Derivation: how a date came about, step by step, as sentences and as facts for machines."""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date

from scheduler.calendar.decisions import Confirmed, Override
from scheduler.calendar.occurrence import DateStatus, Occurrence, TraceKind, TraceStep
from scheduler.calendar.rules import Anchor
from scheduler.calendar.school_year import SchoolYear
from scheduler.calendar.words import day_and_date, day_of_year
from scheduler.calendar.workdays import Shift, Workdays


def by_rule(anchor: Anchor, year: SchoolYear) -> TraceStep:
    """The row's own rule, before anything moves the date."""
    sentence = f"Regelen er {anchor.words}, som gir {day_and_date(anchor.day)}."
    facts = {"school_year": str(year), **anchor.facts}
    return TraceStep(TraceKind.RULE, anchor.day, sentence, facts=facts)


def by_announcement(entry: Confirmed) -> Iterator[TraceStep]:
    """The date its owner announced, and the one that holds if that is another."""
    announced = f"Kunngjort frist i {entry.school_year} er {day_and_date(entry.announced)}."
    facts = {"announced": entry.announced.isoformat(), "source": entry.source}
    yield TraceStep(TraceKind.CONFIRMED, entry.announced, announced, entry.source, facts)
    if entry.effective and entry.effective != entry.announced:
        effective = f"Datoen som gjelder, er {day_and_date(entry.effective)}."
        facts = {"effective": entry.effective.isoformat(), "source": entry.source}
        yield TraceStep(TraceKind.CONFIRMED, entry.effective, effective, entry.source, facts)


def by_shift(nominal: date, rule: Shift, workdays: Workdays) -> Iterator[TraceStep]:
    """The move off weekend and holidays, then the move off closures, each only if there is one."""
    because = workdays.reasons(nominal)
    reason, day = " og ".join(because), day_of_year(nominal)
    facts = {"from": nominal.isoformat(), "rule": rule.value}
    if rule is Shift.NONE:
        if reason:
            sentence = f"{day} er {reason}, men denne datoen flyttes ikke."
            yield TraceStep(TraceKind.SHIFT, nominal, sentence, facts=facts | {"because": because})
        return
    public = workdays.without_closures().shift(nominal, rule)
    due = workdays.shift(nominal, rule)
    if public != nominal:
        sentence = f"{day} er {reason}; fristen flyttes til {_where(nominal, public)}."
        yield TraceStep(TraceKind.SHIFT, public, sentence, facts=facts | {"because": because})
    if due != public:
        closed = f"{day_and_date(public)} er det stengt ({workdays.reason(public)})"
        sentence = f"{closed[0].upper()}{closed[1:]}; fristen flyttes til {_where(nominal, due)}."
        passed = {
            "because": workdays.reasons(public),
            "closed": workdays.closures_between(*_weighed(nominal, due, rule)),
        }
        yield TraceStep(TraceKind.CLOSURE, due, sentence, facts=facts | passed)


def _weighed(nominal: date, due: date, rule: Shift) -> tuple[date, date]:
    """The days a shift looks at: up to where it ends, or the month's end before it turns back."""
    first, last = sorted((nominal, due))
    if rule is Shift.MODIFIED_FOLLOWING and due < nominal:
        last = date(nominal.year, nominal.month, monthrange(nominal.year, nominal.month)[1])
    return first, last


def by_override(entry: Override, due: date, workdays: Workdays) -> TraceStep:
    """A person's decision, which holds also on a day off; the sentence says so."""
    because = workdays.reasons(entry.date)
    moved = f"{entry.reason.rstrip('.')}. Besluttet av {entry.decided_by}: fristen er {day_and_date(entry.date)}"
    instead = f" i stedet for {day_and_date(due)}." if due != entry.date else "."
    off = f" Dagen er {' og '.join(because)}, men flyttes ikke videre." if because else ""
    facts = {
        "from": due.isoformat(),
        "date": entry.date.isoformat(),
        "decided_by": entry.decided_by,
        "reason": entry.reason,
        "label": entry.label,
        "because": because,
    }
    return TraceStep(TraceKind.OVERRIDE, entry.date, f"{moved}{instead}{off}", facts=facts)


def _where(nominal: date, due: date) -> str:
    words = "siste arbeidsdag før" if due < nominal else "første arbeidsdag etter"
    return f"{words}, {day_and_date(due)}"


def explain(occurrence: Occurrence) -> str:
    """Why the occurrence is due when it is: its trace, its reference date and its standing."""
    parts = [step.sentence for step in occurrence.trace]
    if occurrence.clock_time:
        parts.append(f"Fristen er kl. {occurrence.clock_time.replace(':', '.')}.")
    if occurrence.reference_date:
        parts.append(
            f"Dataene gjelder {day_and_date(occurrence.reference_date)} (telledato), som aldri flyttes."
        )
    if occurrence.date_status is DateStatus.CONFIRMED:
        sources = ", ".join(dict.fromkeys(step.source for step in occurrence.trace if step.source))
        parts.append(f"Datoen er bekreftet{f' (kilde: {sources})' if sources else ''}.")
    else:
        parts.append("Datoen er foreslått og ikke bekreftet av mottakeren.")
    return " ".join(parts)
