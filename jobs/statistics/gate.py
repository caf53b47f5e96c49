"""The gate before a delivery: nothing leaves the register with an error open in its source."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from jobs.quality.rules import Rule, load_rules
from jobs.register.deliveries import ERROR, latest_loaded
from jobs.register.tables import Violation

SOURCE = "skole-off-telling-okt"
LINES_SHOWN = 10


def reasons_to_refuse(session: Session, fylkesnummer: str, skolear: str) -> list[str]:
    """One Norwegian sentence per broken ERROR rule, rows named by line; empty when all is well."""
    delivery = latest_loaded(session, SOURCE, fylkesnummer, skolear)
    if delivery is None:
        sentence = (
            f"Fylke {fylkesnummer} har ingen lastet leveranse av {SOURCE} for skoleåret "
            f"{skolear[:4]}–{skolear[4:]}. Lever filen i innboksen først. "
            "Har fylket ingenting å levere, må også denne leveringen fritas."
        )
        return [sentence]
    broken = session.execute(
        select(Violation.regel, Violation.linje)
        .where(Violation.delivery_id == delivery.id, Violation.alvor == ERROR)
        .order_by(Violation.regel, Violation.linje)
    )
    by_rule: dict[str, list[int | None]] = {}
    for regel, linje in broken:
        by_rule.setdefault(regel, []).append(linje)
    return list(_sentences(by_rule, delivery.file_name))


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
