"""Real servers on the loopback address that receive what we send."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Received:
    """One request as it arrived."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Sink:
    """What a sink got, and how it answers: a status, headers, a body or a way to misbehave."""

    port: int = 0
    requests: list[Received] = field(default_factory=list)
    status: int = 200
    statuses: list[int] = field(default_factory=list)  # first these, one a request
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b"ok"
    behaviour: str = ""  # hang, reset, drip, endless

    def url(self, path: str = "/hook") -> str:
        return f"http://127.0.0.1:{self.port}{path}"


@contextmanager
def a_sink() -> Iterator[Sink]:
    """Run a sink on a free port."""
    sink = Sink()
    stop = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            body = self.rfile.read(length)
            sink.requests.append(Received(self.path, {k.lower(): v for k, v in self.headers.items()}, body))
            self.answer()

        def do_GET(self) -> None:
            sink.requests.append(Received(self.path, {k.lower(): v for k, v in self.headers.items()}, b""))
            self.answer()

        def answer(self) -> None:
            if sink.behaviour == "hang":
                stop.wait(30)
                return
            if sink.behaviour == "reset":
                self.connection.close()
                return
            status = sink.statuses.pop(0) if sink.statuses else sink.status
            self.send_response(status)
            for name, value in sink.headers.items():
                self.send_header(name, value)
            if sink.behaviour in {"drip", "endless"}:
                self.end_headers()
                self.misbehave()
                return
            self.send_header("Content-Length", str(len(sink.body)))
            self.end_headers()
            self.wfile.write(sink.body)

        def misbehave(self) -> None:
            piece = b"x" if sink.behaviour == "drip" else b"x" * 65536
            for _ in range(1600):  # 100 MB, or more time than anybody has
                if stop.is_set():
                    return
                try:
                    self.wfile.write(piece)
                    self.wfile.flush()
                except OSError:
                    return
                if sink.behaviour == "drip":
                    time.sleep(0.2)

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    sink.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield sink
    finally:
        stop.set()
        server.shutdown()
        server.server_close()
        thread.join()
