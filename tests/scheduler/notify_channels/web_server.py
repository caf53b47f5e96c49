"""A web server on loopback that answers as badly as it is told to."""

import socket
import socketserver
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

Answer = Callable[["Receiver", socket.socket], None]


@dataclass
class Receiver:
    """What has been posted, and the answers to come: the last one is repeated."""

    answers: list[Answer]
    port: int = 0
    calls: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)
    finished: list[str] = field(default_factory=list)

    def url(self, host: str = "127.0.0.1", scheme: str = "http") -> str:
        return f"{scheme}://{host}:{self.port}/inn?fylke=46"

    def next_answer(self) -> Answer:
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


def says(status: int, body: str = "", **headers: str) -> Answer:
    def answer(_receiver: Receiver, sock: socket.socket) -> None:
        lines = [f"HTTP/1.1 {status} X", f"Content-Length: {len(body.encode())}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        sock.sendall("\r\n".join([*lines, "", body]).encode())

    return answer


def hangs(receiver: Receiver, _sock: socket.socket) -> None:
    receiver.over.wait()


def hangs_up(_receiver: Receiver, sock: socket.socket) -> None:
    sock.shutdown(socket.SHUT_RDWR)


def drips(start: bytes) -> Answer:
    """One byte at a time, for as long as anybody listens: never a whole answer."""

    def answer(receiver: Receiver, sock: socket.socket) -> None:
        with suppress(OSError):
            sock.sendall(start)
            while not receiver.over.wait(0.02):
                sock.sendall(b"x")
        receiver.finished.append("cut off")

    return answer


@contextmanager
def web_server(*answers: Answer, tls: ssl.SSLContext | None = None) -> Iterator[Receiver]:
    receiver = Receiver(list(answers))

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            call = _read(self.rfile)
            if call is not None:
                receiver.calls.append(call)
                receiver.next_answer()(receiver, self.connection)

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = False

        def get_request(self):
            sock, address = super().get_request()
            return (tls.wrap_socket(sock, server_side=True) if tls else sock), address

        def handle_error(self, *_call) -> None:
            """A caller that hangs up is what these servers provoke."""

    with Server(("127.0.0.1", 0), Handler) as server:
        receiver.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield receiver
        finally:
            receiver.over.set()
            server.shutdown()
            thread.join()


def _read(stream) -> tuple[str, dict[str, str], bytes] | None:
    first = stream.readline().decode().strip()
    headers: dict[str, str] = {}
    while line := stream.readline().decode().strip():
        name, _, value = line.partition(": ")
        headers[name.lower()] = value
    return (first, headers, stream.read(int(headers.get("content-length", 0)))) if first else None
