"""The embedded servers on their own: what they keep, and what they recover from."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg2
import pytest

from config.embedded import places
from config.embedded.postgres import THROW_AWAY_DATA, Postgres, postgres_in
from config.embedded.programs import (
    Identity,
    ProgramFailed,
    Server,
    free_port,
    identity_of,
    server_account,
    stop,
    wait_until_ready,
)
from config.embedded.valkey import valkey_in

as_root_only = pytest.mark.skipif(os.geteuid() != 0, reason="only root changes accounts")


@pytest.fixture
def folder() -> Iterator[Path]:
    """Give a folder that PostgreSQL's account may enter, which pytest's own are not."""
    path = Path(tempfile.mkdtemp(prefix="tertulia-embedded-"))
    path.chmod(0o711)
    yield path
    shutil.rmtree(path)


@contextmanager
def running(server: Server) -> Iterator["subprocess.Popen[bytes]"]:
    process = server.program.start(output=subprocess.DEVNULL)
    try:
        wait_until_ready(server, process)
        yield process
    finally:
        stop(server.program, process)


def postgres(folder: Path) -> Postgres:
    return postgres_in(folder / "postgres", port=free_port(), password="pw", options=THROW_AWAY_DATA)


def ask(server: Postgres, statement: str) -> object:
    with closing(psycopg2.connect(server.admin_url)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchone() if cursor.description else None


def test_postgres_keeps_its_data_through_a_stop_and_a_kill(folder: Path) -> None:
    server = postgres(folder)
    with running(server):
        ask(server, "CREATE TABLE kept AS SELECT 'Ñandú' AS word")
        assert ask(server, "SELECT version() ~ 'PostgreSQL 1[5-9]'") == (True,)
    with running(postgres(folder)) as process:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    server = postgres(folder)
    with running(server):
        assert ask(server, "SELECT upper(word) FROM kept") == ("ÑANDÚ",)


def test_a_mark_that_names_somebody_elses_process_does_not_stop_a_start(folder: Path) -> None:
    server = postgres(folder)
    (server.folder / "postmaster.pid").write_text(f"{os.getppid()}\n{server.folder}\n", encoding="utf-8")
    with running(postgres(folder)):
        assert identity_of(os.getppid()).is_running()


def test_a_server_left_on_the_folder_is_ended_before_the_next_starts(folder: Path) -> None:
    left = postgres(folder)
    process = left.program.start(output=subprocess.DEVNULL)
    wait_until_ready(left, process)
    server = postgres(folder)
    assert process.wait(5) == 0
    with running(server):
        assert ask(server, "SELECT 1") == (1,)


def test_postgres_asks_for_its_password_and_listens_here_only(folder: Path) -> None:
    server = postgres(folder)
    with running(server):
        with pytest.raises(psycopg2.OperationalError, match="no password supplied"):
            psycopg2.connect(f"postgres://postgres@127.0.0.1:{server.port}/postgres")
        assert ask(server, "SHOW listen_addresses") == ("127.0.0.1",)


@as_root_only
def test_root_runs_postgres_as_another_account(folder: Path) -> None:
    with running(postgres(folder)) as process:
        account = server_account()
        assert account is not None
        assert Path(f"/proc/{process.pid}").stat().st_uid == account.uid != 0


@as_root_only
def test_data_below_a_closed_home_goes_where_the_server_can_get(folder: Path) -> None:
    home = folder / "home"
    home.mkdir(mode=0o700)
    server = postgres(home)
    try:
        assert server.folder.parent.parent == Path("/var/tmp")
        with running(server):
            assert ask(server, "SELECT 1") == (1,)
        assert postgres(home).folder == server.folder
    finally:
        shutil.rmtree(server.folder.parent)


def test_a_folder_without_postgres_is_one_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PG_BIN", str(tmp_path))
    with pytest.raises(ProgramFailed, match="holds no PostgreSQL 15 or newer"):
        places.postgres_binaries(None)


def test_valkey_keeps_its_keys_and_asks_for_its_password(folder: Path) -> None:
    def talk(words: str) -> bytes:
        with socket.create_connection(("127.0.0.1", server.port)) as line:
            line.sendall(f"{words}\r\nQUIT\r\n".encode())
            return b"".join(iter(lambda: line.recv(500), b""))

    server = valkey_in(folder / "valkey", port=free_port(), password="pw", keep=True)
    with running(server):
        assert b"NOAUTH" in talk("GET bell")
        assert talk("AUTH pw\r\nSET bell rung") == b"+OK\r\n" * 3
    with running(server):
        assert b"rung" in talk("AUTH pw\r\nGET bell")
        assert b"noeviction" in talk("AUTH pw\r\nCONFIG GET maxmemory-policy")


def test_a_process_with_the_same_number_is_not_ours() -> None:
    with subprocess.Popen(["sleep", "20"], start_new_session=True) as process:
        mine = identity_of(process.pid)
        assert not Identity(pid=process.pid, started="another time").signal_group(signal.SIGKILL)
        assert mine.is_running()
        assert mine.signal_group(signal.SIGKILL)
        process.wait()
    assert not mine.is_running()
