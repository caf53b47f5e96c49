"""Overview: the follow-up service of a county or the country in counts alone, small ones hidden."""

from dataclasses import dataclass
from datetime import date

from dateutil.relativedelta import relativedelta
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from jobs.codelists import codes
from jobs.ot.extract import ot_data
from jobs.ot.figures import SMALLEST_SHOWN, Figures, crossed, in_target, reasons, suppressed
from jobs.register.followup import FIRST_STATUS, OtKjoring, OtUtelatt


@dataclass(frozen=True, slots=True)
class Overview:
    """What a coordinator sees; None in a count is hidden. `oldest_unknown` is days since registration.

    `year_before_known` is whether the register had the service's figures on that day at all.
    """

    total: int | None
    year_before: int | None
    year_before_known: bool
    by_place: Figures
    by_age: Figures
    reasons: dict[str, int | None]
    unknown: int | None
    oldest_unknown: int | None
    left_out: dict[str, int | None]


def overview(session: Session, county: str | None, skolear: str, per: date) -> Overview:
    """Count who is registered on the day; places are units in a county, counties in the country."""
    data = ot_data(session, county, skolear, per)
    group = in_target(data)
    unknown = group.filter(statuskode=FIRST_STATUS)
    longest = None if unknown.is_empty() else (per - min(unknown["tilmeldt_dato"])).days
    small = 0 < unknown.height < SMALLEST_SHOWN
    return Overview(
        shown(group.height),
        *_year_before(session, county, skolear, per),
        crossed(data, "otenhet" if county else "fylkesnummer", "statusgruppe"),
        crossed(data, "aldersgruppe", "kjonn"),
        _reasons_shown(reasons(data)),
        shown(unknown.height),
        None if small else longest,
        _left_out(session, county, skolear),
    )


def shown(count: int) -> int | None:
    """A count, or None when it is so small that it could tell of somebody."""
    return None if 0 < count < SMALLEST_SHOWN else count


def _reasons_shown(counted: dict[str, int]) -> dict[str, int | None]:
    """The reasons by name, hidden so that the total reveals none."""
    figures = suppressed(tuple(counted), ("antall",), [[n] for n in counted.values()])
    names = codes("tilmeldingskode")
    return {
        names[code].navn: cell for code, (cell,) in zip(figures.rows, figures.cells, strict=True)
    }


def _year_before(
    session: Session, county: str | None, skolear: str, per: date
) -> tuple[int | None, bool]:
    """The same day last year, and whether it is known: nobody registered is not the same as no register."""
    before = f"{int(skolear[:4]) - 1}{skolear[:4]}"
    day = per - relativedelta(years=1)
    group = in_target(ot_data(session, county, before, day))
    return shown(group.height), not group.is_empty() or _has_run(session, county, before, day)


def _has_run(session: Session, county: str | None, skolear: str, day: date) -> bool:
    """Whether a transfer of the school year had been run by the day."""
    run = select(OtKjoring.run_id).where(
        OtKjoring.skolear == skolear, OtKjoring.per <= day, OtKjoring.torr.is_(other=False)
    )
    if county is not None:
        run = run.where(OtKjoring.fylkesnummer == county)
    return session.scalar(run.limit(1)) is not None


def _left_out(session: Session, county: str | None, skolear: str) -> dict[str, int | None]:
    """Gate -> how many it held back in the newest runs."""
    query = select(OtUtelatt.port, func.count()).where(OtUtelatt.skolear == skolear)
    if county is not None:
        query = query.where(OtUtelatt.fylkesnummer == county)
    rows = session.execute(query.group_by(OtUtelatt.port).order_by(OtUtelatt.port))
    return {gate: shown(count) for gate, count in rows}
