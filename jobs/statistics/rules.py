"""The rules that only a delivery can break, read from rules.yaml."""

from functools import cache
from pathlib import Path

import yaml
from pydantic import TypeAdapter

from jobs.quality.rules import Rule
from jobs.statistics.derived import VOCABULARY

FILE = Path(__file__).with_name("rules.yaml")


@cache
def outgoing_rules() -> tuple[Rule, ...]:
    """Read the rules; ValueError when one reads a frame or column that there is not."""
    rows = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    rules = TypeAdapter(tuple[Rule, ...]).validate_python(rows)
    for rule in rules:
        for frame in rule.brudd:
            used = {*rule.predicate(frame).meta.root_names(), rule.felt_fra, rule.detalj} - {""}
            if unknown := used - set(VOCABULARY[frame]):
                raise ValueError(f"{rule.id}: unknown columns for {frame}: {sorted(unknown)}")
    return rules
