"""Configuring: how the durable-execution library is set up in a process that runs."""

from dbos import DBOSConfig, DBOSPortableJSONSerializer

from scheduler.engine.runtime import RuntimeParts


def configuration(url: str, node: str, version: str, parts: RuntimeParts) -> DBOSConfig:
    """Its tables at `url`, work under the node's name, JSON in its tables, sessions with a name."""
    found: DBOSConfig = {
        "name": "aarshjul",
        "system_database_url": url,
        "application_version": version,
        "executor_id": node,
        "serializer": DBOSPortableJSONSerializer(),
        "log_level": "WARNING",
    }
    if parts.in_turn:
        found["max_executor_threads"] = 1
    if not url.startswith("sqlite"):
        found["db_engine_kwargs"] = {"connect_args": {"application_name": parts.session_name}}
    return found
