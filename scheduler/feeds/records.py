"""Feed record: one deadline as plain values, for tables and programs. Pure."""

from typing import Any

from scheduler.calendar import explain
from scheduler.feeds.events import Composer
from scheduler.feeds.places import Place
from scheduler.ledger.placing import occurrence_of

# The columns of the table, in order; JSON has these and the trace.
FIELDS = (
    *("due", "time", "nominal", "reference_date", "opens", "date_status", "withdrawn"),
    *("name", "deliverable", "cycle", "stage", "scope", "areas", "roles", "evidence"),
    *("explanation", "url"),
)


def record_of(place: Place, composer: Composer) -> dict[str, Any]:
    """The deadline with both dates, what the date is worth, and how it came about.

    Dates are ISO texts. `scope` is county numbers, or ["national"]. `date_status` is "proposed"
    or "confirmed"; `trace` is the derivation, step by step.
    """
    row, deliverable = place.row, composer.deliverables[place.row.deliverable]
    return {
        "due": row.due.isoformat(),
        "time": row.clock_time,
        "nominal": row.nominal.isoformat(),
        "reference_date": row.reference_date and row.reference_date.isoformat(),
        "opens": row.opens and row.opens.isoformat(),
        "date_status": str(row.date_status),
        "withdrawn": place.withdrawn,
        "name": deliverable.name,
        "deliverable": row.deliverable,
        "cycle": row.cycle,
        "stage": row.stage,
        "scope": sorted(found.scope for found in place.rows),
        "areas": list(deliverable.areas),
        "roles": list(deliverable.audience),
        "evidence": str(deliverable.evidence.label),
        "explanation": explain(occurrence_of(row, row.trace)),
        "url": composer.url(place),
        "trace": list(row.trace),
    }
