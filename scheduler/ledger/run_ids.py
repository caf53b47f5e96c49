"""Run ids: an occurrence's key and the number of its run, in one word that the engine knows as well."""

MARK = "#"


def id_of_run(key: str, number: int) -> str:
    """The id of an occurrence's run: "stat-ssbelev-l1/2026-2027/first/46#1"."""
    return f"{key}{MARK}{number}"


def key_of(run_id: str) -> str:
    """The occurrence that a run is of; "" for what is no run's id."""
    return run_id.rpartition(MARK)[0]


def number_of(run_id: str) -> int:
    """Which run of its occurrence it is."""
    return int(run_id.rpartition(MARK)[2])
