"""The reference page about the calendar: its fields from the model, its rows from the file."""

from collections.abc import Iterable, Iterator
from typing import Any

from scheduler.calendar.deliverable import Deliverable
from scheduler.calendar.due_rule import RULE_KEYS
from scheduler.calendar.evidence import LABELS
from scheduler.calendar.kinds import Activity
from scheduler.calendar.model import Calendar
from scheduler.calendar.rules import Rule
from scheduler.calendar.schema import json_schema
from scheduler.calendar.words import MONTHS
from scheduler.calendar.workdays import Shift

INTRODUCTION = """# Årshjulet: oppslag

Denne siden er laget av `aarshjul calendar docs --out docs/calendar-reference.md`. Endre
`calendar.yaml` eller modellen, ikke siden.

## Endre en frist

1. Finn raden under `deliverables` i `calendar.yaml` og endre dagen, for eksempel `date: 24. oktober`.
2. Kjør `aarshjul calendar check`. Er noe galt, får du alle feil med linje og kolonne.
3. Kjør `aarshjul calendar explain RAD` for å se hva datoen blir, og hvorfor.

Når mottakeren kunngjør årets dato, legges den under `confirmed` i raden. Den går da foran regelen
det skoleåret, og vises som bekreftet.

Bestemmer noen at ett års dato flyttes, for noen fylker eller alle, legges det under `overrides`
med grunn og hvem som bestemte det. Den datoen gjelder etter alle regler og flyttes ikke videre, men
vises som foreslått til mottakeren har kunngjort den. Et åpent spørsmål legges under `undecided`.

- Frist som er kunngjort (`announced`), og frist som gjelder (`effective`), vises begge.
- En telledato (`reference_date`) flyttes aldri.
- Et skoleår går fra 1. august til 31. juli. En frist hører til skoleåret dagen i kalenderen faller
  i; en frist som regnes fra en annen rad, hører til samme skoleår som den raden.
- Rader som gjentas, får trinnene 1, 2, 3 i skoleåret. Ekstra dager (`also`) får numre etter ukene.
- En rad som venter på en annen uten `stage`, venter på alle dens frister til og med sin egen.
- Slakk er arbeidsdagene mellom to frister, minus dem arbeidet trenger (`lead_days`). Er den under
  null for en hard rekkefølge, er det en feil, med mindre `tight` sier hvorfor det likevel går.
- Påstandene (`assertions`) prøves for mange år når filen leses, og én som ikke holder, er en feil.
- Skoleferier (`school_breaks`) flytter aldri en frist; `aarshjul calendar days` trekker dem fra.
"""
WORDS = {
    Activity.YES: "ja",
    Activity.NO: "nei",
    Activity.INFO: "opplysning",
    Activity.RULE: "regel",
}
PARTS = {
    "Calendar": "Filen",
    "Deliverable": "En rad (deliverables)",
    "Dependency": "En rekkefølge (depends_on)",
    "Confirmed": "En kunngjort dato (confirmed)",
    "Override": "En besluttet dato (overrides)",
    "Undecided": "Et åpent spørsmål (undecided)",
    "Evidence": "Belegget (evidence)",
    "Assertion": "En påstand (assertions)",
    "WorkingDaysAfter": "En avstand (working_days_after)",
    "SchoolBreak": "En skoleferie (school_breaks)",
    "Policy": "Hvordan jobben kjøres (policy)",
    "Party": "En part (parties)",
    "Quiet": "Når ingenting sendes (quiet)",
    "QuietPeriod": "En periode uten sending (periods)",
    "Closure": "Stengte dager (closures)",
    "EmptyMonths": "Tomme måneder (empty_months)",
    "Exempt": "Et unntak (exceptions)",
}
CHOICES = ("Kind", "Activity", "Scope", "Stage", "Strength", "Shift", "JobName", "CatchUp")


def reference_page(calendar: Calendar) -> str:
    """The whole page as Markdown."""
    about_the_format = (_rules, _fields, _choices, _labels)
    about_the_file = (_rows, _undecided, _orders, _assertions, _empty_months, _sources)
    parts = [line for part in about_the_format for line in part()]
    parts += [line for part in about_the_file for line in part(calendar)]
    return "\n".join([INTRODUCTION, *parts])


def _table(heading: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield f"| {' | '.join(heading)} |"
    yield f"|{' --- |' * len(heading)}"
    for row in rows:
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |"
    yield ""


def _rules() -> Iterator[str]:
    yield "## Regler for fristen (due)\n"
    for kind in RULE_KEYS.values():
        yield f"### {(kind.__doc__ or '').strip()}\n"
        yield from _fields_of(kind)


def _fields_of(kind: type[Rule]) -> Iterator[str]:
    fields = [(field.alias or name, field) for name, field in kind.model_fields.items()]
    fields.append(fields.pop(0))  # the shift, which every rule has
    yield from _table(
        ("Felt", "Må med", "Betydning"),
        ((f"`{name}`", "ja" if f.is_required() else "", f.description or "") for name, f in fields),
    )


def _fields() -> Iterator[str]:
    schema = json_schema()
    for name, title in PARTS.items():
        part = schema["$defs"].get(name, schema)
        yield f"## {title}\n"
        yield from _table(
            ("Felt", "Må med", "Betydning"),
            (
                (f"`{field}`", "ja" if field in part.get("required", ()) else "", _meaning(about))
                for field, about in part["properties"].items()
            ),
        )


def _meaning(about: dict[str, Any]) -> str:
    return str(about.get("description", ""))


def _choices() -> Iterator[str]:
    yield "## Ordene som kan brukes\n"
    defs = json_schema()["$defs"]
    # A choice of one word is a constant in the schema.
    choices = [(name, defs[name].get("enum") or [defs[name]["const"]]) for name in CHOICES]
    yield from _table(
        ("Ordliste", "Ord"),
        ((name, ", ".join(f"`{word}`" for word in words)) for name, words in choices),
    )


def _labels() -> Iterator[str]:
    yield "## Merkene\n"
    yield from _table(
        ("Merke", "Raden bygger på"), ((f"`{key}`", text) for key, text in LABELS.items())
    )


def _rows(calendar: Calendar) -> Iterator[str]:
    yield "## Radene i årshjulet\n"
    yield from _table(
        ("Rad", "Navn", "Fra", "Til", "Telledato", "Frist", "I bruk", "Merke"),
        (_row(calendar, row) for row in calendar.deliverables.values()),
    )


def _orders(calendar: Calendar) -> Iterator[str]:
    yield "## Rekkefølgen mellom radene\n"
    yield from _table(
        ("Først", "Så", "Styrke", "Skoleår", "Merke"),
        (
            (f"`{edge.deliverable}`", f"`{row.id}`", edge.strength, edge.cycle, edge.label)
            for row in calendar.deliverables.values()
            for edge in row.depends_on
        ),
    )


def _empty_months(calendar: Calendar) -> Iterator[str]:
    yield "## Måneder der en mottaker ikke skal ha noe\n"
    for rule in calendar.empty_months:
        months = ", ".join(MONTHS[month - 1] for month in rule.months)
        yield f"{calendar.parties[rule.receiver].name}: {months}. {rule.evidence.in_words}\n"
        for entry in rule.exceptions:
            month = MONTHS[entry.month - 1]
            yield f"- Unntak: `{entry.deliverable}` i {month}. {entry.reason}"
        for conflict in rule.known_conflicts:
            yield f"- Kjent motsigelse: `{conflict.deliverable}`. {conflict.reason}"
        yield ""


def _assertions(calendar: Calendar) -> Iterator[str]:
    yield "## Påstandene\n"
    yield from _table(
        ("Påstand", "Rad", "Merke"),
        ((one.say, f"`{one.row}`", one.evidence.label) for one in calendar.assertions),
    )


def _undecided(calendar: Calendar) -> Iterator[str]:
    yield "## Ikke avklart\n"
    yield from _table(
        ("Rad", "Spørsmål", "Avgjøres av", "Så lenge", "Merke"),
        (
            (f"`{row.id}`", found.question, found.decided_by, found.note, found.label)
            for row in calendar.deliverables.values()
            if (found := row.undecided)
        ),
    )


def _sources(calendar: Calendar) -> Iterator[str]:
    yield "## Kildene\n"
    yield from _table(
        ("Nøkkel", "Kilde"),
        (
            (f"`{key}`", f"[{source.title}]({source.url})" if source.url else source.title)
            for key, source in calendar.sources.items()
        ),
    )


def _row(calendar: Calendar, row: Deliverable) -> tuple[str, ...]:
    label = row.evidence.label + (
        f", dag {row.evidence.day_label}" if row.evidence.day_label else ""
    )
    return (
        f"`{row.id}`",
        row.name,
        calendar.parties[row.sender].name if row.sender else "",
        calendar.parties[row.receiver].name if row.receiver else "",
        row.reference_date or "",
        due_text(row),
        WORDS[row.activity],
        label + (", usikker" if row.evidence.uncertain else ""),
    )


def due_text(row: Deliverable) -> str:
    """The rule of a row as it stands in the file, or its text."""
    if row.due is None:
        return row.when or ""
    written = row.due.model_dump(by_alias=True, exclude_defaults=True, mode="json")
    shift = written.pop("shift", Shift.NONE)
    rule = [f"{key}: {_plain(value)}" for key, value in written.items()]
    return "; ".join([*rule, f"shift: {shift}"])


def _plain(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
