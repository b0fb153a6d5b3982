"""The real realtime process for tests, with the test's own database and Valkey, and a page's side of a socket."""

import json
import os
import subprocess
import time
import urllib.request
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

from csp.constants import SELF
from django.conf import settings as ours
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from config.embedded.programs import free_port
from config.supervisor.services import services
from tests.plugin import ROOT
from workspaces.models import User


class RealtimeProcess:
    """What bin/up runs as `realtime`, for pages of one origin."""

    def __init__(self, **environment: str) -> None:
        self.port = free_port()
        self.environment = {**os.environ, "REALTIME_PORT": str(self.port), "PYTHONUNBUFFERED": "1", **environment}
        self.origin = self.environment["BASE_URL"]
        self.process: subprocess.Popen[bytes] | None = None
        self._pages: list[Page] = []

    def start(self) -> Self:
        """Start it, unless it runs, and wait for its sign of life."""
        if self.process and self.process.poll() is None:
            return self
        (program,) = (one for one in services(port=80, environment=self.environment) if one.name == "realtime")
        self.process = subprocess.Popen(program.command, env=self.environment, cwd=ROOT)
        until = time.monotonic() + 30
        while True:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health/live", timeout=2) as answer:
                    assert answer.read() == b"ok"
                return self
            except OSError:
                assert self.process.poll() is None, "the realtime process ended"
                assert time.monotonic() < until, "the realtime process does not answer"
                time.sleep(0.03)

    def kill(self) -> None:
        """End it as a crash would."""
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None

    def rss_megabytes(self) -> float:
        """Return what it holds of memory."""
        assert self.process is not None
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        (line,) = (one for one in status.splitlines() if one.startswith("VmRSS"))
        return int(line.split()[1]) / 1024

    def open(self, path: str, *, session: str = "", origin: str | None = "") -> "Page":
        """Open a socket as a page would; origin: '' is the product's own, None says none."""
        headers = {"Cookie": f"{ours.SESSION_COOKIE_NAME}={session}"} if session else {}
        page = Page(
            connect(
                f"ws://127.0.0.1:{self.port}{path}",
                additional_headers=headers,
                origin=self.origin if origin == "" else origin,  # type: ignore[arg-type]
                compression=None,
                open_timeout=10,
                close_timeout=1,
                proxy=None,
            ).__enter__()
        )
        self._pages.append(page)
        return page

    def close_pages(self) -> None:
        """Close every socket that a test opened and left."""
        while self._pages:
            with suppress(OSError, ConnectionClosed):
                self._pages.pop().close()


class Page:
    """A page's side of a socket."""

    def __init__(self, line: ClientConnection) -> None:
        self.line = line

    def send(self, **frame: Any) -> None:
        self.line.send(json.dumps(frame))

    def next(self, *, within: float = 5) -> dict[str, Any]:
        """Return the next frame; TimeoutError when none comes."""
        return dict(json.loads(self.line.recv(timeout=within)))

    def wait_for(self, kind: str, *, within: float = 5) -> dict[str, Any]:
        """Return the next frame of a kind."""
        until = time.monotonic() + within
        while True:
            frame = self.next(within=max(0.01, until - time.monotonic()))
            if frame["type"] == kind:
                return frame

    def all_within(self, seconds: float) -> list[dict[str, Any]]:
        """Return every frame that comes in a time."""
        frames, until = [], time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            try:
                frames.append(self.next(within=left))
            except TimeoutError:
                break
        return frames

    def closed_within(self, seconds: float) -> int:
        """Return the code with which the server closes the socket."""
        until = time.monotonic() + seconds
        while True:
            try:
                self.next(within=max(0.01, until - time.monotonic()))
            except ConnectionClosed as closed:
                return closed.rcvd.code if closed.rcvd else 1006

    def closed_after(self, *frames: str) -> int:
        """Send as they are, and return the code with which the server closes the socket."""
        try:
            for frame in frames:
                self.line.send(frame)
        except ConnectionClosed as closed:
            return closed.rcvd.code if closed.rcvd else 1006
        return self.closed_within(5)

    def close(self) -> None:
        self.line.close()


def let_pages_reach(realtime: RealtimeProcess, settings: Any) -> None:
    """Tell pages where sockets are, and browsers that they may open some. settings: pytest-django's fixture."""
    address = f"ws://127.0.0.1:{realtime.port}"
    policy = settings.CONTENT_SECURITY_POLICY
    directives = {**policy["DIRECTIVES"], "connect-src": [SELF, address]}
    settings.CONTENT_SECURITY_POLICY = {**policy, "DIRECTIVES": directives}
    settings.REALTIME_URL, settings.REALTIME_URLS = address, {}


def session_of(user: User) -> str:
    """Log somebody in and return what their cookie holds."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = ours.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return str(session.session_key)
