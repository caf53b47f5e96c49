"""Quality: what the newest file of a county broke of rules; by school, by rule, and line by line."""

from typing import Any

from flask import Blueprint, Response, abort, render_template, request, url_for
from sqlalchemy.orm import Session

from jobs.imports.report import lines_of, sheet_of
from jobs.quality.rules import load_rules
from jobs.register.deliveries import DeliverySummary, latest_deliveries
from jobs.register.tables import Delivery
from jobs.register.trend import (
    NO_COUNT,
    RuleTrend,
    SchoolTrend,
    Series,
    by_rule,
    by_school,
    series_of,
)
from jobs.register.violations import Chosen, violations
from web.site import Ledger, ledger
from web.words.language import gettext as _

blueprint = Blueprint("quality", __name__)
ON_A_PAGE = 100


@blueprint.get("/kvalitet/<number>/<deliverable>")
def page(number: str, deliverable: str) -> str:
    """The rules and schools of a file, and the lines by number; nothing in it tells who a line is of.

    `skole` and `regel` in the address narrow it down; unknown ones are as if not given.
    """
    with ledger() as at:
        found = _delivery(at, number, deliverable)
        series = series_of(at.session, at.session.get_one(Delivery, found.id))
        chosen, schools, rules = _chosen(at.session, series)
        total = sum(row.count.now for row in rules if chosen.rule in (None, row.regel))
        side = _side(total)
        before = (side - 1) * ON_A_PAGE
        return render_template(
            "quality.html",
            at=at,
            number=number,
            name=at.counties[number],
            deliverable=at.calendar.deliverables[deliverable],
            delivery=found,
            rules=rules,
            schools=schools,
            counted=next(iter(lines_of(schools).items()), ("", "linjer")),
            no_count=NO_COUNT,
            catalogue={rule.id: rule for rule in load_rules()},
            chosen=chosen,
            narrowed=_narrowed,
            before=before,
            total=total,
            pages=(side - 1, side + 1 if before + ON_A_PAGE < total else 0),
            violations=violations(at.session, found.id, chosen, ON_A_PAGE, before),
        )


@blueprint.get("/kvalitet/<number>/<deliverable>/avvik.csv")
def lines(number: str, deliverable: str) -> Response:
    """The same lines, all of them, as the sender's own sheet has them."""
    with ledger() as at:
        found = _delivery(at, number, deliverable)
        series = series_of(at.session, at.session.get_one(Delivery, found.id))
        chosen, _schools, _rules = _chosen(at.session, series)
        content = sheet_of(violations(at.session, found.id, chosen)).encode("utf-8-sig")
    parts = (part for part in ("avvik", number, deliverable, chosen.school, chosen.rule) if part)
    headers = {"Content-Disposition": f'attachment; filename="{"-".join(parts)}.csv"'}
    return Response(content, mimetype="text/csv", headers=headers)


def _delivery(at: Ledger, number: str, deliverable: str) -> DeliverySummary:
    found = latest_deliveries(at.session, deliverable).get(number)
    if found is None or number not in at.counties:
        abort(404, _("Fant ingen mottatt fil for dette fylket og denne innlesingen."))
    return found


def _chosen(session: Session, series: Series) -> tuple[Chosen, list[SchoolTrend], list[RuleTrend]]:
    """The school and the rule in the address, with the schools of that rule and the rules of that school."""
    rules, rule = by_rule(session, series), request.args.get("regel")
    rule = rule if rule in {each.regel for each in rules} else None
    schools, school = by_school(session, series, rule), request.args.get("skole")
    if school not in {each.skolenummer for each in schools}:
        return Chosen(None, rule), schools, rules
    return Chosen(school, rule), schools, by_rule(session, series, school)


def _side(total: int) -> int:
    """The number of the page asked for, from 1; the last one for a number beyond it."""
    return max(1, min(request.args.get("side", 1, int), -(-total // ON_A_PAGE)))


def _narrowed(chosen: Chosen, **other: str | int | None) -> str:
    """The address of this page with the same choice, but for what is told otherwise."""
    said = {"skole": chosen.school, "regel": chosen.rule, **other}
    parts: dict[str, Any] = {**(request.view_args or {}), **said}
    return url_for("quality.page", **{name: value for name, value in parts.items() if value})
