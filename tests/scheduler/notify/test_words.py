"""Every kind and state of a message has its word: a page never fails on one, nor shows a bare code."""

import ast
import re
from pathlib import Path

from scheduler.notify import words
from scheduler.notify.tables import MessageRow

ROOM = Path(words.__file__).parent
KIND = 1


def kinds_made() -> set[str]:
    """The kind in every errand that the room makes, both where it is one of two."""
    calls = (
        node
        for path in ROOM.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Errand"
    )
    return {word for call in calls for word in results(kind_of(call))}


def kind_of(call: ast.Call) -> ast.expr:
    named = [keyword.value for keyword in call.keywords if keyword.arg == "kind"]
    return named[0] if named else call.args[KIND]


def results(kind: ast.expr) -> set[str]:
    if isinstance(kind, ast.IfExp):
        return results(kind.body) | results(kind.orelse)
    assert isinstance(kind, ast.Constant), ast.dump(kind)
    return {kind.value}


def documented(name: str) -> set[str]:
    """The words that the table's own text lists for a column."""
    told = (MessageRow.__doc__ or "").partition(f"`{name}`:")[2]
    return set(re.findall(r"\w+", re.sub(r"\([^)]*\)", "", told).partition(".")[0]))


def test_every_kind_that_is_made_has_its_word():
    assert kinds_made() == documented("kind") == set(words.MESSAGE_KINDS)


def test_every_state_has_its_word():
    assert documented("state") == set(words.MESSAGE_STATES)
