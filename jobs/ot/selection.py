"""Selection: every rule and gate over everybody at once, to the candidates and what becomes of each.

A pure function of the facts. A candidate is whoever a rule speaks for. The strongest rule gives the
reason and the category; the first gate that holds gives why the candidate is left out.
"""

from collections.abc import Collection

import polars as pl

from jobs.ot.catalogue import Category, Gate, Rule, gates, rules, sentence, truth
from jobs.ot.units import with_unit

SCHEMA = {
    "person_id": pl.Int64,
    "her": pl.String,
    "kategori": pl.String,
    "regel": pl.String,
    "regler": pl.List(pl.String),
    "tilmeldingskode": pl.String,
    "undergrunn": pl.String,
    "port": pl.String,
    "setning": pl.String,
    "bevis": pl.String,
    "otenhet": pl.String,
    "skjermet": pl.Boolean,
    "linje_id": pl.Int64,
    "fanges_av": pl.List(pl.String),
}
YOUTH_RULES = tuple(rule for rule in rules() if rule.kategori is Category.YOUTH)


def select(facts: pl.DataFrame) -> pl.DataFrame:
    """The candidates, by SCHEMA; `port` is null for those who are transferred.

    `fanges_av` is, for whoever a rule for the county's own youth speaks for, the other rules that do.
    """
    matched = facts.with_columns(**{rule.id: rule.predicate for rule in rules()})
    wide = pl.any_horizontal(rule.id for rule in YOUTH_RULES)
    others = _named([rule for rule in rules() if rule.kategori is not Category.YOUTH])
    candidates = (
        matched.filter(pl.any_horizontal(rule.id for rule in rules()))
        .with_columns(fanges_av=pl.when(wide).then(others))
        .with_columns(**_exclusions())
        .with_columns(regel=_first([(rule.id, rule.id) for rule in rules()]))
        .with_columns(kategori=_of_rule("kategori"), regler=_named(rules()))
    )
    judged = candidates.with_columns(port=_first([(g.id, _holds(g)) for g in gates()]))
    return with_unit(judged.with_columns(**_told())).select(SCHEMA.keys()).sort("person_id")


def _exclusions() -> dict[str, pl.Expr]:
    """Each rule that others come before speaks only where none of them does."""
    return {
        rule.id: pl.col(rule.id) & ~pl.any_horizontal(rule.unntatt)
        for rule in rules()
        if rule.unntatt
    }


def _named(found: Collection[Rule]) -> pl.Expr:
    """The ids of the rules that speak for a person."""
    ids = [pl.when(rule.id).then(pl.lit(rule.id)) for rule in found]
    return pl.concat_list(ids).list.drop_nulls()


def _first(choices: list[tuple[str, str | pl.Expr]]) -> pl.Expr:
    """The name of the first choice that is true, null when none is."""
    return pl.coalesce(pl.when(is_true).then(pl.lit(name)) for name, is_true in choices)


def _holds(gate: Gate) -> pl.Expr:
    if not gate.gjelder:
        return gate.predicate
    return gate.predicate & pl.col("regel").is_in(gate.gjelder)


def _of_rule(name: str) -> pl.Expr:
    values = {rule.id: str(getattr(rule, name)) for rule in rules()}
    return pl.col("regel").replace_strict(values, return_dtype=pl.String)


def _told() -> dict[str, pl.Expr]:
    """What the chosen rule says of the candidate: reason, evidence, and all in one sentence."""
    return {
        "tilmeldingskode": _of_rule("tilmeldingskode"),
        "undergrunn": pl.coalesce(_sub_reasons()),
        "bevis": pl.coalesce(pl.when(_chosen(rule)).then(_evidence(rule)) for rule in rules()),
        "setning": _sentence(),
    }


def _chosen(rule: Rule) -> pl.Expr:
    return pl.col("regel") == rule.id


def _sub_reasons() -> list[pl.Expr]:
    return [
        pl.when(_chosen(rule) & truth(text)).then(pl.lit(name))
        for rule in rules()
        for name, text in (rule.undergrunn or {}).items()
    ]


def _evidence(rule: Rule) -> pl.Expr:
    """What the rule saw, as a JSON object of text."""
    seen = (pl.col(name).cast(pl.String) for name in rule.bevis)
    return pl.struct(*seen).struct.json_encode()


def _sentence() -> pl.Expr:
    said = pl.coalesce(pl.when(_chosen(r)).then(sentence(r.setning)) for r in rules())
    kept_out = pl.coalesce(
        pl.when(pl.col("port") == gate.id).then(sentence(gate.setning)) for gate in gates()
    )
    code = _of_rule("tilmeldingskode")
    return (
        pl.when(pl.col("port").is_null())
        .then(pl.format("{}: {}. Overføres med {}.", "regel", said, code))
        .otherwise(pl.format("{}: {}. Overføres ikke ({}): {}.", "regel", said, "port", kept_out))
    )
