"""Report: how many came in and were left out, by rule and gate, and what other transfers catch.

Counts only. `overlap` answers the owner's question about the county's own youth (OSMO): who would
have been caught by another transfer, now, when a deadline is out, or within some days of this one?
"""

from datetime import timedelta
from typing import Any

import polars as pl

from jobs.ot.catalogue import Category, rules
from jobs.ot.transfer import Transfer, limits

GRACE = "G11"


def counts(candidates: pl.DataFrame) -> dict[str, Any]:
    """Candidates, transferred and left out in all, by rule, and by rule and gate."""
    is_in = pl.col("port").is_null()
    by_rule = candidates.group_by("regel").agg(inn=is_in.sum(), ute=(~is_in).sum()).sort("regel")
    by_gate = candidates.filter(~is_in).group_by("regel", "port").len().sort("regel", "port")
    gates: dict[str, dict[str, int]] = {}
    for rule, gate, number in by_gate.iter_rows():
        gates.setdefault(rule, {})[gate] = number
    return {
        "kandidater": candidates.height,
        "overfores": int(candidates["port"].is_null().sum()),
        "utelates": int(candidates["port"].is_not_null().sum()),
        "skjermet": int((candidates["skjermet"] & candidates["port"].is_null()).sum()),
        "per_regel": {rule: {"inn": to, "ute": out} for rule, to, out in by_rule.iter_rows()},
        "per_port": gates,
    }


def overlap(candidates: pl.DataFrame, lines: pl.DataFrame, transfer: Transfer) -> dict[str, Any]:
    """Whoever the rules for the county's own youth speak for, beside the other transfers.

    `lines` are the lines of the school year, also those made after the day, as they are read.
    """
    wide = candidates.filter(pl.col("fanges_av").is_not_null()).join(
        _caught_near(lines, transfer),
        left_on=["person_id", "her"],
        right_on=["person_id", "fylke"],
        how="left",
    )
    others = pl.col("fanges_av").list.len() > 0
    gate = pl.col("port")
    return {
        "kandidater": wide.height,
        "bare_her": wide.filter(~others, gate.is_null(), pl.col("fanget_av").is_null()).height,
        "tas_na_av": _by(wide.filter(others, gate.is_null()), "regel"),
        "tas_nar_fristen_er_ute_av": _by(wide.filter(others, gate == GRACE), "regel"),
        "fanget_innen_dager": limits().overlapp_dager,
        "fanget_av": _by(wide.filter(pl.col("fanget_av").is_not_null()), "fanget_av"),
        "utelates_ved": _by(wide.filter(gate.is_not_null(), gate != GRACE), "port"),
    }


def _caught_near(lines: pl.DataFrame, transfer: Transfer) -> pl.DataFrame:
    """Lines that another transfer made near the day: the rule, by person and county."""
    near = timedelta(days=limits().overlapp_dager)
    made = pl.col("opprettet_at").dt.convert_time_zone("Europe/Oslo").dt.date()
    caught = lines.filter(
        ~pl.col("regel").is_in(youth_rules()),
        made.is_between(transfer.per - near, transfer.per + near),
    )
    return caught.select("person_id", fylke="fylkesnummer", fanget_av="regel")


def youth_rules() -> list[str]:
    """The ids of the rules for the county's own youth."""
    return [rule.id for rule in rules() if rule.kategori is Category.YOUTH]


def _by(candidates: pl.DataFrame, column: str) -> dict[str, int]:
    return dict(candidates.group_by(column).len().sort(column).iter_rows())


def sentences(told: dict[str, Any]) -> list[str]:
    """The counts, and the overlap where it was asked for, as lines of Norwegian text."""
    lines = [
        (
            f"{told['kandidater']} kandidater: {told['overfores']} overføres "
            f"({told['skjermet']} med gradert adresse), {told['utelates']} utelates."
        )
    ]
    for rule, number in told["per_regel"].items():
        out = _listed(told["per_port"].get(rule, {}))
        lines.append(f"{rule}: {number['inn']} overføres, {number['ute']} utelates ({out}).")
    return [*lines, *_overlap_sentences(told["overlapp"])] if "overlapp" in told else lines


def _overlap_sentences(told: dict[str, Any]) -> list[str]:
    days = told["fanget_innen_dager"]
    return [
        (
            f"Overlapp: {told['kandidater']} i fylket har alder for oppfølging og er ikke i offentlig "
            f"opplæring her. {told['bare_her']} av dem finner bare OSMO."
        ),
        f"Tas av en annen overføring nå: {_listed(told['tas_na_av'])}.",
        f"Tas når fristen for varslet fortsettelse er ute: {_listed(told['tas_nar_fristen_er_ute_av'])}.",
        f"Ble tatt av en annen overføring inntil {days} dager før eller etter: {_listed(told['fanget_av'])}.",
        f"Utelates: {_listed(told['utelates_ved'])}.",
    ]


def _listed(numbers: dict[str, int]) -> str:
    return ", ".join(f"{name} {number}" for name, number in numbers.items()) or "ingen"
