"""Keys: parts of an occurrence's key, "deliverable/school year/stage/scope", asked of the database."""

from typing import Any

from sqlalchemy import ColumnElement, String
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class deliverable_of(FunctionElement[str]):  # noqa: N801 - named as functions of SQL are
    """The part before the first slash."""

    type = String()
    inherit_cache = True


class cycle_of(FunctionElement[str]):  # noqa: N801
    """The part between the first slash and the second: nine characters."""

    type = String()
    inherit_cache = True


def of_scope(key: ColumnElement[str], scope: str) -> ColumnElement[bool]:
    return key.endswith(f"/{scope}", autoescape=True)


@compiles(deliverable_of)
def _deliverable(element: deliverable_of, compiler: SQLCompiler, **how: Any) -> str:
    key = compiler.process(element.clauses, **how)
    return f"substr({key}, 1, instr({key}, '/') - 1)"


@compiles(deliverable_of, "postgresql")
def _deliverable_there(element: deliverable_of, compiler: SQLCompiler, **how: Any) -> str:
    return f"split_part({compiler.process(element.clauses, **how)}, '/', 1)"


@compiles(cycle_of)
def _cycle(element: cycle_of, compiler: SQLCompiler, **how: Any) -> str:
    key = compiler.process(element.clauses, **how)
    return f"substr({key}, instr({key}, '/') + 1, 9)"


@compiles(cycle_of, "postgresql")
def _cycle_there(element: cycle_of, compiler: SQLCompiler, **how: Any) -> str:
    return f"split_part({compiler.process(element.clauses, **how)}, '/', 2)"
