"""Every test that the fault table names is there."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
NAMED = re.findall(
    r"`(tests/[\w/]+\.py)(?:::(\w+))?`", (ROOT / "docs/faults.md").read_text("utf-8")
)


@pytest.mark.parametrize(("path", "name"), NAMED)
def test_a_named_test_exists(path, name):
    functions = ast.walk(ast.parse((ROOT / path).read_text(encoding="utf-8")))
    names = {node.name for node in functions if isinstance(node, ast.FunctionDef)}
    assert (name in names) if name else any(each.startswith("test_") for each in names)
