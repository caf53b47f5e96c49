"""Asking: short words for reading the API and for asking it with a key."""

from datetime import datetime
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from scheduler.access import api_keys
from tests.web import seed

V1 = "/api/v1"
PROBLEM = "application/problem+json"


def read(client: FlaskClient, path: str, **query: Any) -> Any:
    """The answer to a question that must be answered."""
    response = client.get(f"{V1}{path}", query_string=query)
    assert response.status_code == 200, response.text
    assert response.content_type == "application/json"
    return response.json


def whole(client: FlaskClient, path: str, **query: Any) -> list[Any]:
    """Every item of a paged list."""
    found, cursor = [], ""
    while cursor is not None:
        part = read(client, path, limit=500, cursor=cursor, **query)
        found += part["items"]
        cursor = part["next"]
    return found


def refused(response: Any, status: int) -> str:
    """The sentence of a problem, which must be one in full."""
    assert response.status_code == status, response.text
    assert response.content_type == PROBLEM
    problem = response.json
    assert problem["status"] == status
    assert problem["title"]
    assert problem["type"] == "about:blank"
    return problem["detail"]


def new_key(engine: Engine, scope: str, name: str = "", now: datetime = seed.NOW) -> str:
    with Session(engine) as session, session.begin():
        return api_keys.create(session, name or f"nøkkel {scope}", scope, "kari", now)


def bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}
