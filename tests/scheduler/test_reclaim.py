"""A claim whose answer is lost: the run goes on on the node that holds it, without a restart."""

import time

from dbos._dbos import _get_dbos_instance
from sqlalchemy.exc import OperationalError

from scheduler.engine.durable.handing import claimed_by, launched
from scheduler.engine.reclaim import LEFT_SECONDS, Reclaimer
from tests.scheduler.live import wait_until
from tests.scheduler.test_durable import RUN, count, engine, finished, order, terms

__all__ = ["engine", "terms"]

NODE = "test-node"  # as the fixture calls it


def claimed():
    return list(claimed_by(launched(), [NODE]))


def test_a_run_that_was_claimed_without_our_knowing_goes_on(engine, database, monkeypatch):
    tables, lost = _get_dbos_instance()._sys_db, []
    claim = tables.start_queued_workflows

    def claim_and_lose_the_answer(*arguments, **options):
        claimed = claim(*arguments, **options)
        if claimed[0] and not lost:
            lost.extend(claimed[0])
            raise OperationalError("COMMIT", {}, Exception("server closed the connection"))
        return claimed

    monkeypatch.setattr(tables, "start_queued_workflows", claim_and_lose_the_answer)
    engine.submit(order(database, "good"))
    wait_until(lambda: lost == [RUN])
    lived = [0.0]
    reclaimer = Reclaimer(engine, NODE, lambda: lived[0])
    assert (claimed(), RUN in engine.executing) == ([RUN], False)
    assert reclaimer.look() == []
    lived[0] = LEFT_SECONDS
    assert reclaimer.look() == [RUN]
    assert finished(database).state == "done"
    assert count(database) == 1000
    wait_until(lambda: claimed() == [])
    assert reclaimer.look() == []


def test_a_run_that_is_under_way_is_left_alone(engine, database, tmp_path):
    (tmp_path / "hold-write").touch()
    engine.submit(order(database, "good"))
    wait_until((tmp_path / "holding-write").exists)
    lived = [0.0]
    reclaimer = Reclaimer(engine, NODE, lambda: lived[0])
    assert reclaimer.look() == []
    lived[0] = time.monotonic()
    assert reclaimer.look() == []
    (tmp_path / "hold-write").unlink()
    assert finished(database).state == "done"
