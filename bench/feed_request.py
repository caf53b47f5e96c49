"""A feed request answered from stored bytes, against nginx with the same file and against Radicale."""

import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import Request, urlopen

from bench.rows import Row
from scheduler.feeds.store import publish_feeds
from scheduler.ledger.database import open_database
from scheduler.ledger.tables import LedgerBase
from scheduler.settings import PROJECT_ROOT
from tests.planned import plan_and_build, settings_in

NAME = "46.ics"
ITEMS = 600
NGINX_IS = "nginx, one worker, the same file"
WHOLE_IS = "nginx, one worker, the county's whole file"
RADICALE_IS = "Radicale, the same events as a collection of its own, one user"
ROUNDS, SECONDS, CONNECTIONS = 3, 3, 8
PACKED = "packed (gzip)"
HEADERS = {"whole": {}, PACKED: {"Accept-Encoding": "gzip"}, "unchanged (304)": None}
LOGIN = {"Authorization": "Basic " + b64encode(b"bench:x").decode()}
NGINX = """
daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{ worker_connections 256; }}
http {{
  access_log off; etag on; sendfile on; gzip_static on; keepalive_requests 1000000;
  types {{ text/calendar ics; }}
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  server {{ listen 127.0.0.1:{port}; root {folder}; location /kalender/ {{ alias {feeds}/; }} }}
}}
"""


RADICALE = """
[server]
hosts = 127.0.0.1:{port}
[auth]
type = none
[rights]
type = authenticated
[storage]
filesystem_folder = {folder}/radicale
[logging]
level = error
"""


def run() -> Iterator[Row]:
    missing = [program for program in ("nginx", "wrk") if not shutil.which(program)]
    if missing:
        sys.exit(f"Målingen trenger {' og '.join(missing)}: apt-get install nginx-light wrk")
    with tempfile.TemporaryDirectory(prefix="aarshjul-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        feeds = _publish(folder)
        with _site(folder) as ours, _nginx(folder, feeds) as peer:
            for kind, headers in HEADERS.items():
                yield _row(kind, f"{ours}/kalender/{NAME}", f"{peer}/kalender/{NAME}", headers)
            query = "?omrade=ot&rolle=fylke-ot"
            url = f"{ours}/kalender/{NAME}{query}"
            yield _row(
                "a selection, packed", url, f"{peer}/kalender/{NAME}", HEADERS[PACKED], WHOLE_IS
            )
        _of_size(feeds / NAME)
        with _site(folder) as ours, _radicale(folder, feeds / NAME) as peer:
            yield _row(
                f"{ITEMS} events, whole", f"{ours}/kalender/{NAME}", peer, LOGIN, RADICALE_IS
            )


def _publish(folder: Path) -> Path:
    settings = settings_in(folder)
    engine = open_database(settings.ledger_url)
    LedgerBase.metadata.create_all(engine)
    publish_feeds(plan_and_build(engine, settings), settings.feed_dir)
    engine.dispose()
    return settings.feed_dir


def _of_size(feed: Path) -> None:
    """The same feed with exactly ITEMS events, its own repeated under other names."""
    head, *events = feed.read_bytes().split(b"BEGIN:VEVENT\r\n")
    bodies = [event.removesuffix(b"END:VCALENDAR\r\n") for event in events]
    made = [
        b"BEGIN:VEVENT\r\n" + bodies[k % len(bodies)].replace(b"UID:", b"UID:%d-" % k, 1)
        for k in range(ITEMS)
    ]
    folded = [
        re.sub(rb"UID:(.*?)\r\n(?! )", _unfolded, body, count=1, flags=re.DOTALL) for body in made
    ]
    feed.write_bytes(head + b"".join(folded) + b"END:VCALENDAR\r\n")
    feed.with_name(f"{feed.name}.gz").unlink()


def _unfolded(uid: re.Match[bytes]) -> bytes:
    """A short name, so that no line grows past its limit."""
    return b"UID:" + uid[1].partition(b"-")[0] + b"@bench\r\n"


def _row(
    name: str, ours: str, peer: str, headers: dict[str, str] | None, peer_is: str = NGINX_IS
) -> Row:
    """Taken in turns, so that a busy moment hits both; the best round of each counts."""
    rounds = [(_load(ours, headers), _load(peer, headers)) for _ in range(ROUNDS)]
    return Row(
        f"Feed request, {name}",
        max(own for own, _ in rounds),
        max(other for _, other in rounds),
        "answers/s",
        peer_is,
    )


def _load(url: str, headers: dict[str, str] | None) -> float:
    """Answers a second; without headers, the client says that it has the bytes already."""
    sent = {"If-None-Match": _etag(url)} if headers is None else headers
    options = [option for name, value in sent.items() for option in ("-H", f"{name}: {value}")]
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", *options, url]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "Non-2xx" not in told, told
    return float(re.search(r"Requests/sec: +([0-9.]+)", told)[1])


def _etag(url: str) -> str:
    with urlopen(url) as answer:
        return answer.headers["ETag"]


@contextmanager
def _site(folder: Path) -> Iterator[str]:
    """The site as `aarshjul web` runs it."""
    port = _free_port()
    environment = os.environ | {"AARSHJUL_DATA_DIR": str(folder), "AARSHJUL_PORT": str(port)}
    with _running([sys.executable, "-m", "scheduler.cli", "web"], port, environment) as address:
        yield address


@contextmanager
def _nginx(folder: Path, feeds: Path) -> Iterator[str]:
    port = _free_port()
    config = folder / "nginx.conf"
    config.write_text(NGINX.format(folder=folder, feeds=feeds, port=port))
    command = ["nginx", "-c", str(config), "-e", str(folder / "error.log")]
    with _running(command, port, dict(os.environ)) as address:
        yield address


@contextmanager
def _radicale(folder: Path, feed: Path) -> Iterator[str]:
    """A CalDAV server that holds the events one by one, as it does when they are put there."""
    port, config = _free_port(), folder / "radicale.ini"
    config.write_text(RADICALE.format(folder=folder, port=port))
    command = [sys.executable, "-m", "radicale", "--config", str(config)]
    with _running(command, port, dict(os.environ), path="/.web/") as address:
        url, sent = f"{address}/bench/46/", LOGIN | {"Content-Type": "text/calendar"}
        urlopen(Request(url, feed.read_bytes(), sent, method="PUT")).close()
        yield url


@contextmanager
def _running(
    command: list[str], port: int, environment: dict[str, str], path: str = f"/kalender/{NAME}"
) -> Iterator[str]:
    process = subprocess.Popen(command, env=environment, cwd=PROJECT_ROOT)
    try:
        _wait_until_it_answers(f"http://127.0.0.1:{port}{path}")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def _wait_until_it_answers(url: str) -> None:
    for _ in range(200):
        try:
            urlopen(url).close()
        except URLError:
            time.sleep(0.1)
        else:
            return
    sys.exit(f"{url} svarer ikke.")


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]
