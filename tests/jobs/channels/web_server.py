"""A receiver's HTTPS server on loopback, a real one, that keeps what is put and fails as it is told to."""

import ssl
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

TOKEN = "prove-token"


@dataclass
class Receiver:
    """What lies there by path, how it answers paths that end in something, and what it was asked."""

    port: int = 0
    files: dict[str, bytes] = field(default_factory=dict)
    answers: dict[str, int] = field(default_factory=dict)
    loses: str = ""
    asked: list[str] = field(default_factory=list)


class _Server(ThreadingHTTPServer):
    def __init__(self, receiver: Receiver) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.receiver = receiver

    def handle_error(self, *_call):
        """Callers that will not talk to us are part of what is tested."""


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self._give(with_body=True)

    def do_HEAD(self):
        self._give(with_body=False)

    def do_PUT(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self._stopped():
            return
        there = self.path in self.server.receiver.files
        if there and self.headers.get("If-None-Match") == "*":
            self._say(412)
            return
        self.server.receiver.files[self.path] = body
        if self.server.receiver.loses and self.path.endswith(self.server.receiver.loses):
            self.connection.shutdown(2)  # it has the file, and we do not get to know
            return
        self._say(201)

    def _give(self, *, with_body):
        if self._stopped():
            return
        found = self.server.receiver.files.get(self.path)
        if found is None:
            self._say(404)
            return
        self.send_response(200)
        self.send_header("Content-Length", str(len(found)))
        self.end_headers()
        if with_body:
            self.wfile.write(found)

    def _stopped(self):
        self.server.receiver.asked.append(f"{self.command} {self.path}")
        if self.headers.get("Authorization") != f"Bearer {TOKEN}":
            self._say(401)
            return True
        for end, status in self.server.receiver.answers.items():
            if self.path.endswith(end):
                self._say(status)
                return True
        return False

    def _say(self, status):
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_words):
        """Say nothing on the test's screen."""


@contextmanager
def https_server(certificate):
    receiver = Receiver()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)

    with _Server(receiver) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        receiver.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield receiver
        finally:
            server.shutdown()
            thread.join()
