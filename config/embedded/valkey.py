"""A Valkey server of our own, on 127.0.0.1, with a password and an append-only file."""

import contextlib
import os
import signal
import socket
from dataclasses import dataclass
from pathlib import Path

from config.embedded import places
from config.embedded.programs import Program


@dataclass(frozen=True, slots=True)
class Valkey:
    """One data folder and its server."""

    folder: Path
    port: int
    password: str
    binary: Path

    def url(self, database: int = 0) -> str:
        """Return the address of one of its numbered databases."""
        return f"redis://:{self.password}@127.0.0.1:{self.port}/{database}"

    @property
    def program(self) -> Program:
        """The server as a process to run."""
        return Program(
            name="valkey",
            command=(str(self.binary), str(self.folder / "valkey.conf")),
            stop_signal=signal.SIGTERM,
            stop_seconds=10,
            environment={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"},
            folder=self.folder,
        )

    def is_ready(self) -> bool:
        """Whether the server takes commands."""
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=2) as line:
            line.sendall(f"AUTH {self.password}\r\nPING\r\nQUIT\r\n".encode())
            return b"+PONG" in b"".join(iter(lambda: line.recv(200), b""))
        return False


def valkey_in(folder: Path, *, port: int, password: str, keep: bool) -> Valkey:
    """Return a server on a data folder; keep: with an append-only file, so that a restart loses a second at most."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    settings = {
        "bind": "127.0.0.1",
        "port": str(port),
        "requirepass": password,
        "dir": f'"{folder}"',
        "databases": "64",
        "appendonly": "yes" if keep else "no",
        "appendfsync": "everysec",
        "save": '""',
        "maxmemory-policy": "noeviction",  # an evicted key would be a lost bell
        "loglevel": "warning",
        "daemonize": "no",
    }
    configuration = folder / "valkey.conf"
    configuration.touch(mode=0o600)
    configuration.write_text("".join(f"{name} {value}\n" for name, value in settings.items()), encoding="utf-8")
    return Valkey(folder=folder, port=port, password=password, binary=places.valkey_binary())
