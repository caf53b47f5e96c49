"""What Prometheus reads is what the ledger holds."""

from datetime import timedelta

from prometheus_client.parser import text_string_to_metric_families

from scheduler.ledger.findings import Sort
from scheduler.settings import Settings
from tests.web import seed
from tests.web.seed import NOW
from tests.web.test_health import set_node


def gauges(answer) -> dict[tuple[str, str], float]:
    """(name, label's value) -> number."""
    return {
        (sample.name.removeprefix("aarshjul_"), *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def test_the_gauges_tell_what_the_ledger_holds(client, engine):
    set_node(engine, ticked_at=NOW - timedelta(seconds=20))
    answer = client.get("/metrics")
    assert answer.status_code == 200
    assert answer.content_type.startswith("text/plain; version=0.0.4")
    found = gauges(answer)
    assert found["tick_age_seconds", "node-1"] == 20
    assert found["up",] == found["database_up",] == found["calendar_version",] == 1
    assert found["runs_open", "running"] == 1
    assert found["runs_open", "requested"] == found["deliveries_waiting",] == 0
    assert found["occurrences", "refused"] == 1
    assert found["occurrences", "failed"] == 1
    assert found["occurrences", "waived"] == 2
    assert [found["findings", sort] for sort in Sort] == [0] * len(Sort)


def test_findings_are_counted_by_sort_as_long_as_the_node_ticks(client, engine):
    set_node(engine, proof_counts={"missing": 2, "frozen": 1})
    found = gauges(client.get("/metrics"))
    assert (found["findings", "missing"], found["findings", "frozen"]) == (2, 1)
    assert client.get("/health").json["findings"] == dict.fromkeys(Sort, 0) | {
        "missing": 2,
        "frozen": 1,
    }
    set_node(engine, ticked_at=NOW - timedelta(minutes=5))
    silent = gauges(client.get("/metrics"))
    assert silent["up",] == silent["findings", "missing"] == 0


def test_a_node_that_says_its_thread_is_gone_is_not_well_though_it_just_ticked(client, engine):
    set_node(engine, tick_seconds=0)
    assert client.get("/health").status_code == 503
    assert gauges(client.get("/metrics"))["up",] == 0


def test_without_a_database_only_that_is_told(tmp_path):
    site = seed.create_site(Settings(data_dir=tmp_path / "borte", database_url=""))
    answer = site.test_client().get("/metrics")
    assert answer.status_code == 503
    assert gauges(answer) == {("database_up",): 0}
    site.extensions["aarshjul"].engine.dispose()
