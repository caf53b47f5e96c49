"""Controls of OT data: how many rows break each declared rule, and what stops the delivery."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import polars as pl
import yaml
from pydantic import TypeAdapter

from jobs.ot.catalogue import truth
from jobs.quality.rules import Severity

FILE = Path(__file__).with_name("controls.yaml")


@dataclass(frozen=True, slots=True)
class Control:
    """A rule over the rows of OT data; `brudd` is true of a row that breaks it."""

    id: str
    tittel: str
    setning: str
    tiltak: str
    alvor: Severity
    brudd: str
    evidens: str


@cache
def controls() -> tuple[Control, ...]:
    """The declared controls."""
    rows = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return TypeAdapter(tuple[Control, ...]).validate_python(rows)


def broken(data: pl.DataFrame, facts: pl.DataFrame) -> dict[str, int]:
    """Control -> how many rows break it; `facts` are of the same people on the same day."""
    names = ("person_id", "i_alder", "aktivt_kurs", "aktiv_kontrakt")
    known = data.join(facts.select(names), on="person_id", how="left").with_columns(
        # Whoever the register no longer counts to the county is judged by the file alone.
        pl.col("i_alder").fill_null(value=True),
        pl.col("aktivt_kurs", "aktiv_kontrakt").fill_null(value=False),
    )
    return {
        control.id: int(known.select(truth(control.brudd)).sum().item() or 0)
        for control in controls()
    }


def reasons_to_refuse(counts: dict[str, int]) -> list[str]:
    """One sentence for each broken control that stops the delivery; nobody is named."""
    return [
        f"{control.id}: {counts[control.id]} {control.setning}. {control.tiltak}"
        for control in controls()
        if counts[control.id] and control.alvor is Severity.ERROR
    ]
