"""Why a controlled file waits for a person: it would end or set aside more than its intake allows."""

from collections.abc import Iterator
from pathlib import Path

from sqlalchemy.orm import Session

from jobs.imports.intakes import Intake
from jobs.imports.stage import Tally
from jobs.imports.would_end import Ending, would_end
from jobs.register.datasets import Extent

SCHOOLS_SHOWN = 5


def reasons_to_hold(
    session: Session,
    intake: Intake,
    extent: Extent,
    delivery_id: int,
    folder: Path,
    tally: Tally,
) -> list[str]:
    """One Norwegian sentence for each reason; empty when the file may be loaded."""
    reasons = list(_set_aside(tally, intake.most_set_aside))
    if intake.full:
        reasons += _ended(would_end(session, extent, delivery_id, folder), intake.most_ended)
    return reasons


def _set_aside(tally: Tally, limit: float) -> Iterator[str]:
    aside = tally.counts.get("satt_til_side", 0)
    people = aside + next(iter(tally.counts.values()), 0)
    if aside > people * limit:
        yield (
            f"{aside} av {people} personer i filen har feil og ville blitt satt til side, "
            f"mer enn {limit:.0%}."
        )


def _ended(ending: Ending, limit: float) -> Iterator[str]:
    if ending.missing > ending.held * limit:
        yield (
            f"Filen ville avsluttet {ending.missing} av {ending.held} {ending.what} i registeret, "
            f"mer enn {limit:.0%}."
        )
    if ending.emptied:
        shown = ", ".join(ending.emptied[:SCHOOLS_SHOWN])
        more = " …" if len(ending.emptied) > SCHOOLS_SHOWN else ""
        yield f"Skoler som har elever i registeret, mangler helt i filen: {shown}{more}."
