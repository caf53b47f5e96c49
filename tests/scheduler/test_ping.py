"""A dead man's switch elsewhere hears of every good tick, and never stops one."""

import threading
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from scheduler import ping
from scheduler.daemon import Service, ticking
from scheduler.settings import SettingsError, read_settings
from scheduler.simulate.clock import LedClock
from tests.planned import calendar_in

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@contextmanager
def switch(status=200, *, held=None):
    """A server that notes whom it hears of, answers `status`, and waits for `held` first."""
    heard = []

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self):
            heard.append(self.path)
            if held is not None:
                held.wait(10)
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_words):
            """Nothing on the terminal."""

    with HTTPServer(("127.0.0.1", 0), Answer) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/abc-123", heard
        finally:
            if held is not None:
                held.set()
            server.shutdown()
            thread.join()


@contextmanager
def service_with(tmp_path, url):
    settings = read_settings(
        data_dir=tmp_path / "var",
        database_url="",
        calendar=calendar_in(tmp_path),
        ping_url=url,
    )
    with Service(settings, LedClock(NOW)) as service:
        yield service


def test_each_good_tick_is_told_once(tmp_path):
    with switch() as (url, heard), service_with(tmp_path, url) as service:
        service.ping()
        assert heard == []
        for _ in range(2):
            service.tick()
            service.ping()
            service.ping()
        assert heard == ["/abc-123"] * 2


def test_a_tick_that_fails_is_not_told(tmp_path, monkeypatch):
    with switch() as (url, heard), service_with(tmp_path, url) as service:
        monkeypatch.setattr(service.ticker, "submit_requested", lambda: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            service.tick()
        service.ping()
        assert heard == []


def test_a_switch_that_is_gone_or_refuses_is_logged_once_without_its_address(tmp_path, caplog):
    with switch(500) as (url, _heard), service_with(tmp_path, url) as service:
        for _ in range(2):
            service.tick()
            service.ping()
    assert service.pinger.fault == "answer 500"
    service.pinger.note_tick()
    service.ping()
    assert service.pinger.fault == "NewConnectionError"
    said = [record.getMessage() for record in caplog.records if record.name == "scheduler.ping"]
    assert len(said) == 2
    assert "abc-123" not in "".join(said)


def test_a_switch_that_never_answers_is_given_up(monkeypatch):
    monkeypatch.setattr(ping, "SECONDS", 0.2)
    with switch(held=threading.Event()) as (url, heard):
        pinger = ping.Pinger(url)
        pinger.note_tick()
        pinger.ping_if_ticked()
        assert heard == ["/abc-123"]
    assert pinger.fault == "ReadTimeoutError"


def test_without_an_address_nobody_is_called(tmp_path):
    with service_with(tmp_path, "") as service:
        assert service.ping not in [job.func for job in ticking(service).get_jobs()]


def test_with_an_address_the_scheduler_calls_beside_the_tick(tmp_path):
    with switch() as (url, _heard), service_with(tmp_path, url) as service:
        assert service.ping in [job.func for job in ticking(service).get_jobs()]


def test_an_address_that_is_none_stops_the_start_without_being_shown():
    with pytest.raises(SettingsError, match=r"AARSHJUL_PING_URL: må begynne med https") as fault:
        read_settings(ping_url="hc-ping.com/abc-123")
    assert "abc-123" not in str(fault.value)
