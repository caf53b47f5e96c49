"""The rule engine: every rule over every frame it reads, as one set of violations."""

from collections.abc import Collection, Iterator, Mapping, Sequence

import polars as pl

from jobs.imports.layout import line_types
from jobs.quality.rules import Rule, load_rules

SCHEMA = {
    "regel": pl.String,
    "alvor": pl.String,
    "linje": pl.UInt32,
    "linjetype": pl.String,
    "skolenummer": pl.String,
    "felt": pl.String,
    "forklaring": pl.String,
}


def violations(
    frames: Mapping[str, pl.DataFrame],
    occasion: str,
    rules: Sequence[Rule] | None = None,
    absent: Mapping[str, Collection[str]] | None = None,
) -> pl.DataFrame:
    """Find what breaks the rules that count on an occasion, sorted by line.

    `absent` names the columns of a frame that nobody gave: the rules that read them do not count.
    Columns: regel, alvor, linje, linjetype, skolenummer, felt, forklaring.
    """
    catalogue = load_rules() if rules is None else rules
    counting = [rule for rule in catalogue if rule.severity(occasion)]
    missing = absent or {}
    found = [
        part
        for frame, lines in frames.items()
        for part in _found(frame, lines, occasion, _readable(counting, frame, missing))
    ]
    return pl.concat([pl.DataFrame(schema=SCHEMA), *found]).sort("linje", "regel")


def _readable(
    rules: Sequence[Rule], frame: str, absent: Mapping[str, Collection[str]]
) -> list[Rule]:
    of_frame = [rule for rule in rules if rule.reads(frame)]
    gone = set(absent.get(frame, ()))
    if not gone:
        return of_frame
    return [r for r in of_frame if gone.isdisjoint(r.predicate(frame).meta.root_names())]


def _found(
    frame: str, lines: pl.DataFrame, occasion: str, rules: Sequence[Rule]
) -> Iterator[pl.DataFrame]:
    """Judge all lines by all rules at once; what is told of them is made for the broken ones."""
    if not rules:
        return
    flags = {f"brudd {rule.id}": rule.predicate(frame) for rule in rules}
    broken = lines.lazy().with_columns(**flags).filter(pl.any_horizontal(flags.keys())).collect()
    for flag, rule in zip(flags, rules, strict=True):
        if broken[flag].any():
            yield _told(rule, frame, broken.filter(flag), rule.severity(occasion))


def _told(rule: Rule, frame: str, lines: pl.DataFrame, severity: str | None) -> pl.DataFrame:
    sentence = pl.lit(rule.setning)
    if rule.detalj:
        sentence = pl.format("{}: {}", sentence, pl.col(rule.detalj))
    # A school number of another form may be something else put in the wrong field: not repeated.
    well_formed = pl.col("skolenummer").str.contains(r"^[0-9]{5}$")
    school = pl.when(well_formed).then("skolenummer") if "skolenummer" in lines.columns else None
    return lines.select(
        regel=pl.lit(rule.id),
        alvor=pl.lit(severity, pl.String),
        linje="linje",
        linjetype="linjetype" if "linjetype" in lines.columns else pl.lit(line_types()[frame]),
        skolenummer=pl.lit(None, pl.String) if school is None else school,
        felt=pl.col(rule.felt_fra) if rule.felt_fra else pl.lit(rule.felt),
        forklaring=pl.format("{}.", sentence),
    )
