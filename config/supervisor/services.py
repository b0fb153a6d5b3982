"""The processes of an installation as a table."""

import sys
from collections.abc import Mapping
from pathlib import Path

from config.embedded.programs import Program

ROOT = Path(__file__).resolve().parent.parent.parent

# Celery's advice against running as root; we take JSON only, and whoever starts us as root means it.
UNSAID = "ignore:You're running the worker with superuser privileges"

BEHIND_PAGES = 5  # niceness: a page that somebody waits for goes before a job, at start too


def services(*, port: int, environment: Mapping[str, str]) -> tuple[Program, ...]:
    """Return what runs beside the servers, in the order of starting."""
    return (
        _service(
            "web",
            # A WSGI server: the same sync views measured 2 to 3.5 times slower under ASGI.
            *("granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--no-ws"),
            *("--workers", "2", "--blocking-threads", "4", "--workers-kill-timeout", "4"),
            *("--respawn-failed-workers", "--respawn-interval", "0.5", "--log-level", "warning"),
            "config.wsgi:application",
            environment=environment,
        ),
        _service(
            "realtime",
            # Sockets alone: a page that is open holds one line here, and none at the web server. No frame of ours is large.
            *("uvicorn", "--host", "127.0.0.1", "--port", environment.get("REALTIME_PORT") or str(port + 1)),
            *("--ws", "websockets-sansio", "--ws-max-size", "16384", "--ws-per-message-deflate", "false"),
            *("--ws-ping-interval", "20", "--ws-ping-timeout", "20", "--lifespan", "on"),
            *("--timeout-graceful-shutdown", "3", "--no-access-log", "--log-level", "warning"),
            "config.asgi:application",
            environment=environment,
        ),
        # What comes in has a worker to itself: neither a job of minutes nor a server that hangs holds up a message.
        _worker("worker", "ingest", "--concurrency", "2", environment=environment),
        _worker("bulk", "bulk", "--concurrency", "2", environment=environment),
        # It waits for other servers, so threads do.
        _worker("sender", "send,hooks", "--pool", "threads", "--concurrency", "8", environment=environment),
        _service(
            "mail",
            # A thread for each mailbox, nearly always asleep in IDLE.
            *("manage", "watch_mailboxes"),
            environment=environment,
            niceness=BEHIND_PAGES,
        ),
        _service(
            "beat",
            # It keeps no file: its only work is to sweep every few seconds.
            *("celery", "--quiet", "--app", "config", "beat", "--scheduler", "celery.beat:Scheduler", "--pidfile", ""),
            *("--loglevel", environment.get("LOG_LEVEL") or "WARNING"),
            environment=environment,
            niceness=BEHIND_PAGES,
        ),
    )


def _worker(name: str, queues: str, *arguments: str, environment: Mapping[str, str]) -> Program:
    return _service(
        name,
        *("celery", "--quiet", "--app", "config", "worker", "--queues", queues, "--hostname", f"{name}@localhost"),
        *arguments,
        *("--without-gossip", "--without-mingle", "--without-heartbeat"),
        *("--loglevel", environment.get("LOG_LEVEL") or "WARNING"),
        environment=environment,
        niceness=BEHIND_PAGES,
        stop_seconds=8,  # a job that has not ended by then is taken up again when its lease runs out
    )


def _service(
    name: str,
    tool: str,
    *arguments: str,
    environment: Mapping[str, str],
    niceness: int = 0,
    stop_seconds: float = 6,
) -> Program:
    return Program(
        name=name,
        command=(sys.executable, "-W", UNSAID, "-m", tool, *arguments),
        environment=environment,
        folder=ROOT,
        niceness=niceness,
        stop_seconds=stop_seconds,
    )
