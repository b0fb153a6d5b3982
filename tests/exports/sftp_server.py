"""A real SFTP server over a folder, on 127.0.0.1, in threads of the test."""

import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import paramiko
from paramiko import SFTPAttributes, SFTPHandle, SFTPServer, SFTPServerInterface

from exports.destinations.sftp import fingerprint

USER, PASSWORD = "robot", "open sesame"


@dataclass
class SftpServer:
    """Where it listens, and what it does: `breaks_after` bytes of a file it refuses to go on."""

    port: int
    root: Path
    host_key: paramiko.PKey
    trusted: set[bytes] = field(default_factory=set)  # public keys
    breaks_after: int | None = None
    can_replace: bool = True
    written: list[str] = field(default_factory=list)  # names under which files were opened for writing

    def names(self) -> list[str]:
        """Return every file under the root."""
        return sorted(str(path.relative_to(self.root)) for path in self.root.rglob("*") if path.is_file())


def settings_for(server: SftpServer, **more: str) -> dict[str, str]:
    """Return a destination's settings that lead to a server and pin its key."""
    known = {"host": "127.0.0.1", "port": str(server.port), "username": USER, "folder": "from tertulia/daily"}
    return {**known, "host_key": fingerprint(server.host_key), **more}


@contextmanager
def sftp_server(root: Path) -> Iterator[SftpServer]:
    """Serve a folder until the block ends."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = SftpServer(listening.getsockname()[1], root, paramiko.ECDSAKey.generate())
        transports: list[paramiko.Transport] = []

        def serve() -> None:
            while True:
                try:
                    connection, _ = listening.accept()
                except OSError:
                    return
                transport = paramiko.Transport(connection)
                transport.add_server_key(server.host_key)
                transport.set_subsystem_handler("sftp", SFTPServer, _Folder, server)
                transports.append(transport)
                try:
                    transport.start_server(server=_Doorman(server))
                except (paramiko.SSHException, EOFError, OSError):  # the client has seen the key and left
                    transport.close()

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            listening.shutdown(socket.SHUT_RDWR)
            for transport in transports:
                transport.close()
            thread.join(5)
            for transport in transports:
                transport.join(5)


def _answer(is_right: bool) -> int:  # noqa: FBT001
    return int(paramiko.common.AUTH_SUCCESSFUL if is_right else paramiko.common.AUTH_FAILED)


class _Doorman(paramiko.ServerInterface):
    def __init__(self, server: SftpServer) -> None:
        self._server = server

    def check_auth_password(self, username: str, password: str) -> int:
        return _answer((username, password) == (USER, PASSWORD))

    def check_auth_publickey(self, username: str, key: paramiko.PKey) -> int:
        return _answer(username == USER and key.asbytes() in self._server.trusted)

    def get_allowed_auths(self, username: str) -> str:
        return "password,publickey"

    def check_channel_request(self, kind: str, chanid: int) -> int:
        return int(paramiko.common.OPEN_SUCCEEDED)


class _File(SFTPHandle):  # type: ignore[misc]  # paramiko has no types
    def __init__(self, server: SftpServer, path: Path) -> None:
        super().__init__(os.O_WRONLY)
        self._server = server
        self.writefile = path.open("wb")

    def write(self, offset: int, data: bytes) -> int:
        most = self._server.breaks_after
        if most is not None and offset + len(data) > most:
            return int(paramiko.SFTP_FAILURE)
        self.writefile.seek(offset)
        self.writefile.write(data)
        self.writefile.flush()
        return int(paramiko.SFTP_OK)


class _Folder(SFTPServerInterface):  # type: ignore[misc]
    def __init__(self, _doorman: object, server: SftpServer) -> None:
        super().__init__(_doorman)
        self._server = server

    def _at(self, path: str) -> Path:
        return self._server.root / path.lstrip("/")

    def _done(self, act: Callable[[], object]) -> Any:
        """Return what an act gives, or the protocol's word for done, or for what went wrong."""
        try:
            given = act()
        except OSError as error:
            return SFTPServer.convert_errno(error.errno)
        return paramiko.SFTP_OK if given is None else given

    def open(self, path: str, flags: int, attr: object) -> Any:
        self._server.written.append(Path(path).name)
        return self._done(lambda: _File(self._server, self._at(path)))

    def stat(self, path: str) -> Any:
        return self._done(lambda: SFTPAttributes.from_stat(self._at(path).stat()))

    def mkdir(self, path: str, attr: object) -> Any:
        return self._done(self._at(path).mkdir)

    def remove(self, path: str) -> Any:
        return self._done(self._at(path).unlink)

    def posix_rename(self, oldpath: str, newpath: str) -> Any:
        return self._moved(oldpath, newpath) if self._server.can_replace else paramiko.SFTP_OP_UNSUPPORTED

    def rename(self, oldpath: str, newpath: str) -> Any:
        return paramiko.SFTP_FAILURE if self._at(newpath).exists() else self._moved(oldpath, newpath)

    def _moved(self, oldpath: str, newpath: str) -> Any:
        def move() -> None:
            self._at(oldpath).replace(self._at(newpath))

        return self._done(move)
