"""The file format for editors (JSON Schema), and the field names of its parts."""

import json
from functools import cache
from typing import Any

from scheduler.calendar.model import Calendar

SCHEMA_DIALECT = "https://json-schema.org/draft/2020-12/schema"


@cache
def json_schema() -> dict[str, Any]:
    """The JSON Schema of calendar.yaml."""
    schema = Calendar.model_json_schema(by_alias=True)
    row = schema["$defs"]["Deliverable"]
    # The id is the row's key in the file.
    row["properties"].pop("id")
    row["required"].remove("id")
    schema["properties"]["version"] = {"enum": [1, "1"], "description": "Formatets versjon."}
    schema["title"] = "Årshjul"
    return {"$schema": SCHEMA_DIALECT, **schema}


def schema_text() -> str:
    """The schema as the file calendar.schema.json holds it."""
    return json.dumps(json_schema(), ensure_ascii=False, indent=2) + "\n"


def entry_fields(section: str) -> dict[str, str]:
    """The fields that an entry of a section may have, and what each says, in Norwegian."""
    schema = json_schema()
    (table,) = _children(schema, schema, section)
    entries = _children(schema, table, 0 if table["type"] == "array" else "")
    return {
        name: field.get("description", "")
        for entry in entries
        for name, field in entry["properties"].items()
    }


@cache
def field_names(path: tuple[str | int, ...]) -> frozenset[str]:
    """The names that could stand where the last part of `path` stands."""
    schema = json_schema()
    nodes = [schema]
    for part in path[:-1]:
        nodes = [child for node in nodes for child in _children(schema, node, part)]
    return frozenset(name for node in nodes for name in node.get("properties", {}))


def _children(
    schema: dict[str, Any], node: dict[str, Any], part: str | int
) -> list[dict[str, Any]]:
    """What `part` leads to; a tag of a rule, which the schema does not have, leads nowhere else."""
    if isinstance(part, int):
        found = node.get("items")
    else:
        patterns = node.get("patternProperties", {}).values()
        extra = node.get("additionalProperties") or next(iter(patterns), None)
        found = node.get("properties", {}).get(part, extra or node)
    return _resolved(schema, found) if isinstance(found, dict) else [node]


def _resolved(schema: dict[str, Any], node: dict[str, Any]) -> list[dict[str, Any]]:
    if "$ref" in node:
        return [schema["$defs"][node["$ref"].rsplit("/", 1)[-1]]]
    choices = node.get("oneOf") or node.get("anyOf")
    return (
        [found for choice in choices for found in _resolved(schema, choice)] if choices else [node]
    )
