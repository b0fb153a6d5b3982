"""A PostgreSQL server of our own, on 127.0.0.1, with passwords."""

import os
import signal
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import psycopg2

from config.embedded import places
from config.embedded.programs import Account, Program, ProgramFailed, end_groups, identity_of, server_account

KEPT_DATA = {
    "shared_buffers": "256MB",
    "max_wal_size": "2GB",
    "synchronous_commit": "on",
    "wal_compression": "on",
}
THROW_AWAY_DATA = {
    "shared_buffers": "128MB",
    "max_wal_size": "2GB",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum_naptime": "5min",
}
ALWAYS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",  # a socket's path has 107 bytes at most
    "max_connections": "100",
    "jit": "off",  # our statements are short; planning them for the compiler costs more than it gives
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_messages": "fatal",
    "log_checkpoints": "off",
}

# Upper and lower case of every script, without the operating system's locales.
BUILTIN_LOCALE = ("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C")


@dataclass(frozen=True, slots=True)
class Postgres:
    """One data folder and its server."""

    folder: Path
    port: int
    password: str
    options: Mapping[str, str]
    binaries: Path
    account: Account | None

    @property
    def admin_url(self) -> str:
        """The superuser's address; for preparing roles and databases only."""
        return f"postgres://postgres:{self.password}@127.0.0.1:{self.port}/postgres"

    @property
    def program(self) -> Program:
        """The server as a process to run; SIGINT is PostgreSQL's fast shutdown."""
        options = {**ALWAYS, **self.options, "port": str(self.port)}
        settings = (part for name, value in options.items() for part in ("-c", f"{name}={value}"))
        return Program(
            name="postgres",
            command=(str(self.binaries / "postgres"), "-D", str(self.folder), *settings),
            stop_signal=signal.SIGINT,
            start_seconds=60,  # recovery after a kill reads up to max_wal_size
            stop_seconds=20,
            environment=_environment(),
            account=self.account,
        )

    def is_ready(self) -> bool:
        """Whether the server takes connections."""
        try:  # its own word first: a connection that comes too early would be a complaint in its log
            if "ready" not in (self.folder / "postmaster.pid").read_text(encoding="utf-8").split():
                return False
        except FileNotFoundError:
            return False
        try:
            psycopg2.connect(self.admin_url, connect_timeout=2).close()
        except psycopg2.OperationalError as error:
            if "password authentication failed" in str(error):
                raise ProgramFailed(f"The kept password does not open the PostgreSQL data in {self.folder}.") from None
            return False
        return True


def postgres_in(folder: Path, *, port: int, password: str, options: Mapping[str, str]) -> Postgres:
    """Return a server on a data folder, which is made if it is new and repaired if its last server was killed."""
    account = server_account()
    binaries = places.postgres_binaries(account)
    place = places.server_folder(folder, account=account)
    if not (place / "PG_VERSION").exists():
        durable = options.get("fsync") != "off"
        _make_cluster(place, binaries=binaries, password=password, durable=durable, account=account)
    elif (version := (place / "PG_VERSION").read_text(encoding="ascii").strip()) != str(
        places.postgres_version(binaries)
    ):
        raise ProgramFailed(
            f"The data in {place} is PostgreSQL {version}'s and the program here is {places.postgres_version(binaries)}: "
            "name that version's bin folder in PG_BIN, or move the data with pg_dump."
        )
    _end_leftover(place)
    return Postgres(folder=place, port=port, password=password, options=options, binaries=binaries, account=account)


def _make_cluster(folder: Path, *, binaries: Path, password: str, durable: bool, account: Account | None) -> None:
    """Make the data folder beside its place and move it there, so that a kill half-way leaves nothing half-made."""
    half = folder / "making"
    secret = folder / "password"
    subprocess.run(["rm", "-rf", str(half)], check=True)
    secret.write_text(password, encoding="utf-8")
    secret.chmod(0o600)
    if account:
        os.chown(secret, account.uid, account.gid)
    has_builtin_locale = places.postgres_version(binaries) >= 17
    locale = BUILTIN_LOCALE if has_builtin_locale else ("--locale=C.UTF-8",)
    command = [
        *(str(binaries / "initdb"), "-D", str(half), "-U", "postgres", "--encoding=UTF8", *locale),
        *("--auth=scram-sha-256", f"--pwfile={secret}", *(() if durable else ("--no-sync",))),
    ]
    privileges = {"user": account.uid, "group": account.gid, "extra_groups": []} if account else {}
    answer = subprocess.run(  # type: ignore[call-overload]
        command, capture_output=True, text=True, check=False, cwd="/", env=_environment(), **privileges
    )
    secret.unlink()
    if answer.returncode:
        raise ProgramFailed(f"PostgreSQL could not make its data folder {folder}: {answer.stderr.strip()}")
    # PG_VERSION, the sign of a whole one, comes last.
    for entry in sorted(half.iterdir(), key=lambda entry: entry.name == "PG_VERSION"):
        entry.rename(folder / entry.name)
    half.rmdir()


def _end_leftover(folder: Path) -> None:
    """End a server that a killed supervisor left on this folder, and clear its mark.

    PostgreSQL itself would refuse to start when the number in its mark belongs to any process of the same account.
    """
    mark = folder / "postmaster.pid"
    try:
        pid = int(mark.read_text(encoding="utf-8").split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        return
    if _serves(pid, folder=folder):
        end_groups([(identity_of(pid), signal.SIGINT)], seconds=15)
    mark.unlink(missing_ok=True)


def _serves(pid: int, *, folder: Path) -> bool:
    try:
        return Path(f"/proc/{pid}/cwd").samefile(folder)  # a postmaster works in its data folder
    except OSError:
        return False


def _environment() -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}
