"""The gate before a delivery: nothing leaves the register without its source, or with an error in it.

A person may force a delivery past the order of things, never past an error: a forced one goes
without the file it stands on, if the newest loaded one of the same series has no error open.
"""

from collections.abc import Iterator, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from jobs.imports.intakes import Intake, with_series
from jobs.quality.rules import Rule, load_rules
from jobs.register.deliveries import ERROR
from jobs.register.tables import Delivery, DeliveryState, Violation
from jobs.statistics.selection import Count

LINES_SHOWN = 10


def reasons_to_refuse(
    session: Session, sources: Sequence[Sequence[Intake]], count: Count, *, forced: bool = False
) -> list[str]:
    """One Norwegian sentence per source that is missing and broken ERROR rule, rows named by line.

    Of each group of imports the newest loaded one counts, of the count's period where the import
    speaks for one. Empty when all is well.
    """
    return [reason for group in sources for reason in _of_group(session, group, count, forced)]


def _of_group(
    session: Session, group: Sequence[Intake], count: Count, forced: bool
) -> Iterator[str]:
    counted = with_series(group) if forced else group
    delivery = _newest_loaded(session, counted, count, of_period=_speaks_for_a_period(group))
    if delivery is None:
        yield _missing(group, count)
        return
    broken = session.execute(
        select(Violation.regel, Violation.linje)
        .where(Violation.delivery_id == delivery.id, Violation.alvor == ERROR)
        .order_by(Violation.regel, Violation.linje)
    )
    by_rule: dict[str, list[int | None]] = {}
    for regel, linje in broken:
        by_rule.setdefault(regel, []).append(linje)
    yield from _sentences(by_rule, delivery.file_name)


def _newest_loaded(
    session: Session, group: Sequence[Intake], count: Count, *, of_period: bool
) -> Delivery | None:
    query = (
        select(Delivery)
        .where(
            Delivery.job.in_([intake.job for intake in group]),
            Delivery.sender == count.fylkesnummer,
            Delivery.state.in_((DeliveryState.LOADED, DeliveryState.SUPERSEDED)),
            Delivery.settled_at <= count.known_at,
        )
        .order_by(Delivery.id.desc())
        .limit(1)
    )
    if of_period:
        query = query.where(Delivery.skolear == count.period)
    return session.scalars(query).first()


def _speaks_for_a_period(group: Sequence[Intake]) -> bool:
    """Contracts run over years, and one year's file goes on from the other's."""
    return all(intake.full for intake in group)


def _missing(group: Sequence[Intake], count: Count) -> str:
    names = " eller ".join(f"«{intake.title}»" for intake in group)
    year = f"{count.period[:4]}–{count.period[4:]}" if count.period[4:] else count.period
    when = f" for {year}" if _speaks_for_a_period(group) else ""
    return (
        f"Fylke {count.fylkesnummer} har ingen lastet leveranse til {names}{when}. "
        "Lever filen i innboksen først. "
        "Har fylket ingenting å levere, må også denne leveringen fritas."
    )


def _sentences(by_rule: dict[str, list[int | None]], file_name: str) -> Iterator[str]:
    rules = {rule.id: rule for rule in load_rules()}
    for regel, lines in by_rule.items():
        shown = ", ".join(str(line) for line in lines[:LINES_SHOWN] if line is not None)
        more = " …" if len(lines) > LINES_SHOWN else ""
        times = "1 gang" if len(lines) == 1 else f"{len(lines)} ganger"
        what, remedy = _in_words(rules.get(regel))
        yield (
            f"{regel} er brutt {times} i «{file_name}» (linje {shown}{more}){what}. "
            f"{remedy} Lever så filen på nytt."
        )


def _in_words(rule: Rule | None) -> tuple[str, str]:
    """What the rule says and how to mend it; a rule that is gone since has only its id."""
    if rule is None:
        return "", "Rett i skoleadministrativt system."
    return f": {rule.setning[0].lower()}{rule.setning[1:]}", rule.tiltak
