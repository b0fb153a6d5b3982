"""From the first process to the last: the life of one `bin/up`."""

import contextlib
import errno
import hashlib
import http.client
import os
import queue
import signal
import socket
import time
from dataclasses import dataclass
from pathlib import Path

from config import database
from config.embedded.postgres import KEPT_DATA, Postgres, postgres_in
from config.embedded.programs import ProgramFailed, free_port, wait_until_ready
from config.embedded.valkey import Valkey, valkey_in
from config.supervisor import environment as environments
from config.supervisor import preparing
from config.supervisor.children import Children, end_leftovers
from config.supervisor.data_folder import DataFolder, read_json, write_private
from config.supervisor.services import services
from config.supervisor.terminal import say

STOPPING = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
DATABASE = "tertulia"
FALLS_BEFORE_READY = 3


class StopAsked(Exception):
    """A person or a script asked us to end."""


@dataclass(frozen=True, slots=True)
class Order:
    """What the command line says."""

    port: int
    data: Path
    demo: bool


class Supervisor:
    """Starts everything, prints the address, watches, and ends everything."""

    def __init__(self, order: Order) -> None:
        self._order = order
        self._signals: queue.SimpleQueue[signal.Signals] = queue.SimpleQueue()  # its put may be called from a handler
        self._data = DataFolder(order.data)
        end_leftovers(self._data.record)
        _refuse_busy(order.port)
        for number in (*STOPPING, signal.SIGCHLD):
            signal.signal(number, lambda received, _: self._signals.put(signal.Signals(received)))
        self._external_database = not environments.needs_postgres(os.environ)
        self._children = Children(record=self._data.record)

    def run(self) -> None:
        """Serve until somebody asks to end; raises ProgramFailed when the start fails."""
        try:
            self._start()
            while True:
                self._pause(self._children.look_after())
        except StopAsked:
            say("Stopping")
        finally:
            self._stop()

    @property
    def _url(self) -> str:
        return f"http://127.0.0.1:{self._order.port}"

    def _start(self) -> None:
        environment = environments.complete(
            os.environ,
            data=self._data.path,
            url=self._url,
            secret_key=self._data.secrets()["secret_key"],
            servers={"REALTIME_PORT": _socket_port(self._order.port), **self._start_servers()},
        )
        write_private(self._data.environment, environments.kept_environment(environment))
        self._prepare(environment)
        for program in services(port=self._order.port, environment=environments.without_owner(environment)):
            self._children.start(program)
        self._wait_for_web()
        say(f"Ready: {self._url}")
        self._tell_log_ins()

    def _start_servers(self) -> dict[str, str]:
        """Start the servers that nobody gave us, both at once, and return their addresses."""
        secrets = self._data.secrets()
        postgres: Postgres | None = None
        valkey: Valkey | None = None
        if not os.environ.get("REDIS_URL"):
            valkey = valkey_in(self._data.path / "valkey", port=free_port(), password=secrets["valkey"], keep=True)
            valkey_process = self._children.start(valkey.program, is_server=True)
        if not self._external_database:
            postgres = postgres_in(
                self._data.path / "postgres", port=free_port(), password=secrets["postgres"], options=KEPT_DATA
            )
            postgres_process = self._children.start(postgres.program, is_server=True)
        addresses = {}
        if postgres:
            wait_until_ready(postgres, postgres_process, pause=self._pause)
            addresses["DATABASE_URL"], addresses["DATABASE_OWNER_URL"] = self._prepare_roles(postgres, secrets)
        if valkey:
            wait_until_ready(valkey, valkey_process, pause=self._pause)
            addresses["REDIS_URL"] = valkey.url()
        return addresses

    def _prepare_roles(self, postgres: Postgres, secrets: dict[str, str]) -> tuple[str, str]:
        stamp = hashlib.sha256(Path(database.__file__).read_bytes() + secrets["postgres"].encode()).hexdigest()
        url = postgres.admin_url
        if self._data.stamp("roles") != stamp:
            database.prepare(
                admin_url=url, database=DATABASE, owner_password=secrets["owner"], app_password=secrets["app"]
            )
            self._data.set_stamp("roles", stamp)
        return (
            database.address(url, database=DATABASE, user=database.APP, password=secrets["app"]),
            database.address(url, database=DATABASE, user=database.OWNER, password=secrets["owner"]),
        )

    def _prepare(self, environment: dict[str, str]) -> None:
        due = preparing.work_to_do(
            self._data,
            owner_url=environment["DATABASE_OWNER_URL"],
            static=environment.get("STATIC_DIR") == str(self._data.path / "static"),
            demo=self._order.demo,
        )
        if not due:
            return
        program = preparing.program(self._data, due, url=self._url, environment=environment)
        process = self._children.run(program)
        while process.poll() is None:
            try:
                self._pause(None)
            except StopAsked:
                process.kill()
                process.wait()
                raise
        if process.returncode:
            raise ProgramFailed(f"The preparation ended with status {process.returncode}; its last words are above.")

    def _wait_for_web(self) -> None:
        """Return when the web server says that it is ready; a service that falls again and again ends the wait."""
        told_at = time.monotonic() + 20
        while True:
            status, answer = _ask(self._order.port)
            if status == http.HTTPStatus.OK:
                return
            self._children.look_after()
            for name in ("web", "realtime", "worker", "bulk", "sender", "beat"):
                if self._children.falls(name) >= FALLS_BEFORE_READY:
                    raise ProgramFailed(f"{name} does not stay up; its last words are above.")
            if time.monotonic() > told_at:
                say(f"Not ready yet: /health/ready answers {status or 'nothing'} {answer}".rstrip())
                told_at = time.monotonic() + 20
            self._pause(0.1)

    def _tell_log_ins(self) -> None:
        demo = read_json(self._data.demo)
        if not demo:
            return
        if demo.get("url") != self._url:  # the port is another than on the first run
            write_private(self._data.demo, {**demo, "url": self._url})
        for workspace in demo.get("workspaces", []):
            for user in workspace.get("users", [])[:1]:
                say(f"  {workspace['name']}: {user['email']}, password {user['password']} ({user['role']})")
        say(f"  All log-ins and API tokens are in {self._data.demo}")

    def _pause(self, seconds: float | None) -> None:
        """Wait, at most until a child ends; raises StopAsked when that is what came."""
        with contextlib.suppress(queue.Empty):
            if self._signals.get(timeout=seconds) in STOPPING:
                raise StopAsked

    def _stop(self) -> None:
        """End everything; a second signal means that the person does not want to wait."""

        def hurry(*_: object) -> None:
            self._children.hurry()

        for number in STOPPING:
            signal.signal(number, hurry)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        self._children.stop()
        self._children.dismiss_reaper()


def _socket_port(web_port: int) -> str:
    """Return the port of the sockets: what was asked for, else the next one, else one that nobody uses."""
    asked = os.environ.get("REALTIME_PORT", "")
    if asked.isdecimal() and int(asked):
        _refuse_busy(int(asked))
        return asked
    try:
        _refuse_busy(web_port + 1)
    except ProgramFailed:
        return str(free_port())
    return str(web_port + 1)


def _refuse_busy(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # a port in TIME_WAIT is free
        try:
            probe.bind(("127.0.0.1", port))
        except OverflowError:
            raise ProgramFailed(f"{port} is not a port.") from None
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise ProgramFailed(f"Port {port} is in use by another program; choose another with --port.") from None
            raise ProgramFailed(f"Port {port} cannot be used: {error.strerror}.") from None


def _ask(port: int) -> tuple[int, str]:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        line.request("GET", "/health/ready")
        response = line.getresponse()
        return response.status, response.read(500).decode(errors="replace")
    except (OSError, http.client.HTTPException):
        return 0, ""
    finally:
        line.close()
