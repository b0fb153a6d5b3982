"""The folder that holds everything an installation keeps: data, secrets, and stamps of the work done once."""

import fcntl
import json
import os
import secrets
from pathlib import Path
from typing import Any

from config.embedded.programs import ProgramFailed

SECRETS = {"secret_key": 48, "postgres": 24, "owner": 24, "app": 24, "valkey": 24}  # name: random bytes


class DataFolder:
    """One such folder, locked while a supervisor uses it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.record = path / "running.json"
        self.environment = path / "environment.json"
        self.demo = path / "demo.json"
        try:
            path.mkdir(parents=True, exist_ok=True)
            if not any(path.iterdir()):
                path.chmod(0o711 if os.geteuid() == 0 else 0o700)  # as root, PostgreSQL's account must get through
            self._lock = (path / "lock").open("a+")
        except OSError as error:
            raise ProgramFailed(
                f"{error.filename or path} cannot be used by this account; name another folder with --data."
            ) from None
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._lock.seek(0)
            raise ProgramFailed(f"{path} is in use by another bin/up, process {self._lock.read().strip()}.") from None
        self._lock.truncate(0)
        self._lock.write(f"{os.getpid()}\n")
        self._lock.flush()

    def secrets(self) -> dict[str, str]:
        """Return the secrets, made on the first start."""
        path = self.path / "secrets.json"
        kept = read_json(path)
        missing = {name: secrets.token_urlsafe(size) for name, size in SECRETS.items() if name not in kept}
        if missing:
            write_private(path, {**kept, **missing})
        return {**missing, **kept}

    def stamp(self, name: str) -> str:
        """Return what was written when a piece of work was last done."""
        return str(read_json(self.path / "stamps.json").get(name, ""))

    def set_stamp(self, name: str, value: str) -> None:
        """Remember that a piece of work is done."""
        write_stamp(self.path, name, value)


def read_json(path: Path) -> dict[str, Any]:
    """Return a file's object; empty when there is no such file or a kill left half of one."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def write_private(path: Path, content: dict[str, Any]) -> None:
    """Write a file that only this account may read, whole or not at all."""
    half = path.with_suffix(".new")
    half.unlink(missing_ok=True)
    with open(half, "x", encoding="utf-8", opener=_private) as file:
        json.dump(content, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    half.replace(path)


def write_stamp(folder: Path, name: str, value: str) -> None:
    """Remember in a data folder that a piece of work is done."""
    path = folder / "stamps.json"
    write_private(path, {**read_json(path), name: value})


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
