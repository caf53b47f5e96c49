"""The API does what its own description says, asked everything the description allows and more.

Schemathesis makes the requests, right and wrong, with a fixed seed: a run repeats the last one.
"""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.web.api.asking import bearer, new_key, read
from web.api import DESCRIPTION, description

EXAMPLES = 12
CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
)
OPERATIONS = [
    (path, method, mode)
    for path, item in description()["paths"].items()
    for method, operation in item.items()
    for mode in GenerationMode
    # An address without words has none that can be wrong.
    if mode is GenerationMode.POSITIVE or {"parameters", "requestBody"} & operation.keys()
]


@pytest.fixture
def described(app: Flask, engine) -> Iterator[Any]:
    """The description, with the words of the calendar in use, so that right requests hit something."""
    client = app.test_client()
    found = client.get(DESCRIPTION).json
    words = {
        "fylke": [item["id"] for item in read(client, "/counties")["items"]],
        "omrade": [item["id"] for item in read(client, "/areas")["items"]],
        "rolle": [item["id"] for item in read(client, "/roles")["items"]],
        "frist": [item["id"] for item in read(client, "/deliverables")["items"]],
        "deliverable": [item["id"] for item in read(client, "/deliverables")["items"]],
        "skolear": read(client, "/cycles")["items"],
        "cycle": read(client, "/cycles")["items"],
        "number": [1, 2],
    }
    for path in found["paths"].values():
        for operation in path.values():
            for parameter in operation.get("parameters", ()):
                if parameter["name"] in words:
                    schema = parameter["schema"]
                    schema.get("items", schema)["enum"] = words[parameter["name"]]
    schema = schemathesis.openapi.from_dict(found)
    schema.app = app
    return schema


@pytest.mark.parametrize(("path", "method", "mode"), OPERATIONS)
def test_every_address_answers_as_described(described, engine, path, method, mode):
    strategy = described[path][method.upper()].as_strategy(generation_mode=mode)
    headers = bearer(new_key(engine, "national"))
    checks = (*CHECKS, *([negative_data_rejection] if mode is GenerationMode.NEGATIVE else []))

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=strategy)
    def ask(case: Any) -> None:
        case.call_and_validate(headers=headers, checks=list(checks))

    ask()
