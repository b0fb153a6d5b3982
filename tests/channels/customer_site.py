"""A customer's site: plain pages from an origin of their own, and a worker in a thread that does what bells ring for."""

import queue
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from django.core.wsgi import get_wsgi_application
from django.db import connections
from django.utils import timezone

from inbox.actions.delivering import deliver_message
from inbox.actions.intake import take_in
from workspaces import jobs
from workspaces.jobs import Job


class CustomerSite:
    """`pages` maps a path to HTML. Its host is `localhost`, so to a browser it is another site than 127.0.0.1."""

    def __init__(self, port: int) -> None:
        self.origin = f"http://localhost:{port}"
        self.port = port
        self.pages: dict[str, str] = {}


@contextmanager
def a_site() -> Iterator[CustomerSite]:
    """Serve a customer's pages while the block runs."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            page = site.pages.get(self.path.partition("?")[0])
            self.send_response(200 if page is not None else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write((page or "").encode())

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the method it replaces
            pass

    server = ThreadingHTTPServer(("localhost", 0), Handler)
    site = CustomerSite(server.server_port)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        thread.join(5)
        server.server_close()


@contextmanager
def a_worker(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Do the inbox's jobs as they are rung for, one after the other."""
    rung: queue.Queue[tuple[Job, dict[str, int]] | None] = queue.Queue()

    def ring(job: Job, *, workspace_id: int, **ids: Any) -> None:
        after: timedelta = ids.pop("after", timedelta(0))
        one = (job, {"workspace_id": workspace_id, **ids})
        if not after:
            rung.put(one)
            return
        later = threading.Timer(after.total_seconds(), rung.put, [one])
        later.daemon = True
        later.start()

    def work() -> None:
        try:
            while (one := rung.get()) is not None:
                job, ids = one
                if job is Job.TAKE_IN:
                    take_in(**ids, clock=timezone.now)
                elif job is Job.DELIVER_MESSAGE:
                    deliver_message(**ids, clock=timezone.now)
        finally:
            connections.close_all()

    monkeypatch.setattr(jobs, "ring", ring)
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    try:
        yield
    finally:
        rung.put(None)
        thread.join(10)


class _Threaded(ThreadingMixIn, WSGIServer):
    """A thread for each connection: a browser opens some only to have them, and one server for all would wait on those."""

    daemon_threads = True
    block_on_close = False

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            connections.close_all()


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the method it replaces
        pass


@contextmanager
def a_product(*, port: int = 0) -> Iterator[str]:
    """Serve the whole product on the tests' database, and give its address. port: 0 for any."""
    server = make_server("127.0.0.1", port, get_wsgi_application(), server_class=_Threaded, handler_class=_Quiet)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join(5)
        server.server_close()
