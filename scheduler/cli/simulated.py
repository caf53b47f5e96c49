"""Simulated: a simulated year in words and figures, month by month, in eighty columns."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from rich.console import Console
from rich.table import Table

from scheduler.calendar.occurrence import OSLO
from scheduler.calendar.words import count
from scheduler.cli.paper import filled
from scheduler.simulate.golden import Ledger
from scheduler.simulate.living import Lived
from scheduler.simulate.scenario import Fault

COLUMNS = ("I tide", "Sent", "Ingen", "Fritatt", "Åpen", "Stoppet", "Meldt")
FAULT_WORDS = {
    Fault.CRASH_IN_STEP: "prosessen dør der et steg begynner",
    Fault.CRASH_AFTER_STEP: "prosessen dør før steget er notert",
    Fault.CRASH_IN_TICK: "prosessen dør når en kjøring er sendt",
    Fault.DELAY: "planleggeren står stille",
    Fault.CLOCK_AHEAD: "klokka går en time for fort",
    Fault.CLOCK_BEHIND: "klokka går en time for sakte",
    Fault.OUTAGE_2_S: "nede i to sekunder",
    Fault.OUTAGE_1_H: "nede i en time",
    Fault.OUTAGE_3_D: "nede i tre døgn",
    Fault.OUTAGE_40_D: "nede i førti døgn",
    Fault.PAUSE_UNTIL: "pause til en dag",
    Fault.PAUSE_LIFTED: "pause til noen avslutter den",
    Fault.DATE_MOVED: "en dato flyttes",
}


def show(lived: Lived, console: Console) -> None:
    """The year, what went wrong in it, and the verdict."""
    console.print(_months(lived.ledger))
    for line in _troubles(lived):
        console.print(line, highlight=False)
    for fault in lived.faults:
        console.print(f"[bold]{fault.sort}[/bold] {fault.key}", highlight=False)
        console.print(filled(fault.sentence, 4), highlight=False, markup=False)
    console.print(filled(_verdict(lived)), highlight=False, markup=False)
    console.print(f"SHA-256 {lived.sha256}", highlight=False, soft_wrap=True)


def _months(ledger: Ledger) -> Table:
    table = Table("Måned", *COLUMNS, box=None, pad_edge=False)
    for column in table.columns[1:]:
        column.justify = "right"
    cells: Counter[tuple[str, str]] = Counter()
    with_job = {run["id"].split("/")[0] for run in ledger["runs"]}
    for row in ledger["occurrences"]:
        cells[_month(row["due"]), _state(row, with_job)] += 1
    for run in ledger["runs"]:
        if run["state"] in ("refused", "failed"):
            cells[_month(run["requested_at"]), "Stoppet"] += 1
    for message in ledger["messages"]:
        if message["state"] == "sent":
            cells[_month(message["sent_at"]), "Meldt"] += 1
    lived = {_month(message["created_at"]) for message in ledger["messages"]}
    for month in sorted(lived | {month for month, state in cells if state in COLUMNS[:2]}):
        table.add_row(month, *(str(cells[month, name] or "·") for name in COLUMNS))
    return table


def _month(day: date) -> str:
    return f"{day:%Y-%m}"


def _state(row: Mapping[str, Any], with_job: set[str]) -> str:
    outcome = row.get("outcome")
    if outcome == "done":
        on = row["outcome_at"].astimezone(OSLO).date()
        return "I tide" if on <= row["due_when_settled"] else "Sent"
    words = {"nothing": "Ingen", "waived": "Fritatt"}
    followed = row["key"].split("/")[0] in with_job
    return words.get(outcome or "", "Åpen" if outcome is None and followed else "")


def _troubles(lived: Lived) -> Iterator[str]:
    struck = Counter(row["fault"] for row in lived.ledger["faults"])
    if struck:
        yield "Feil underveis:"
    for fault in Fault:
        if struck[fault.value]:
            yield f"  {struck[fault.value]} × {FAULT_WORDS[fault]}"
    if lived.crashes:
        yield f"  Prosessen døde {count(lived.crashes, 'gang', 'ganger')} og ble startet igjen."
    if lived.other_basis:
        keys = ", ".join(lived.other_basis)
        yield filled(f"På grunn av feilene leverte disse andre filer enn ellers: {keys}")


def _verdict(lived: Lived) -> str:
    parts = {
        "frister": lived.ledger["occurrences"],
        "kjøringer": lived.ledger["runs"],
        "kvitteringer": lived.ledger["receipts"],
        "meldinger": lived.ledger["messages"],
    }
    said = ", ".join(f"{len(rows)} {name}" for name, rows in parts.items())
    wrong = len(lived.faults)
    return f"{said}. " + (
        f"{count(wrong, 'ting', 'ting')} stemmer ikke."
        if wrong
        else "Ingenting er tapt, og ingenting er gjort to ganger."
    )
