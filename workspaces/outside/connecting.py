"""The network as the client sees it: names are checked when they are connected to, and nothing lasts beyond a deadline."""

import socket
import ssl
import time
from collections.abc import Iterable
from typing import Any

import httpcore

from workspaces.outside.addresses import NameUnknown, checked_addresses

CONNECT_SECONDS = 5.0


class Deadline:
    """One moment by which all is over; a peer that sends a byte a second does not move it."""

    def __init__(self, seconds: float) -> None:
        self._ends = time.monotonic() + seconds

    def left(self, most: float | None = None) -> float:
        """Return the seconds left, at most `most`; raise ReadTimeout when there are none."""
        left = self._ends - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout
        return left if most is None else min(left, most)


class GuardedNetwork(httpcore.NetworkBackend):
    """Connects to checked addresses only, and remembers whether a byte of a request may have left.

    The name stays what TLS and the Host header are about; only the connection goes to the checked number, so that a name
    server which answers differently a moment later changes nothing.
    """

    def __init__(self, *, deadline: Deadline, allowed_ports: frozenset[int]) -> None:
        self._deadline = deadline
        self._allowed_ports = allowed_ports
        self._below = httpcore.SyncBackend()
        self.is_written = False

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002 - the deadline says how long
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Look the host up, check every answer, and connect to the first that accepts."""
        try:
            addresses = checked_addresses(host, port, allowed_ports=self._allowed_ports)
        except NameUnknown as error:
            raise httpcore.ConnectError("name") from error
        failure: Exception = httpcore.ConnectError("no address")
        for address in addresses:
            try:
                stream = self._below.connect_tcp(
                    address,
                    port,
                    timeout=self._deadline.left(CONNECT_SECONDS),
                    local_address=local_address,
                    socket_options=socket_options,
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
            else:
                return _Stream(stream, self)
        raise failure

    def sleep(self, seconds: float) -> None:
        """Never asked for: the client itself tries nothing again."""
        raise NotImplementedError

    def left(self, most: float | None) -> float:
        """Return how long one step may take."""
        return self._deadline.left(most)


class _Stream(httpcore.NetworkStream):
    """A connection under the deadline."""

    def __init__(self, below: httpcore.NetworkStream, network: GuardedNetwork) -> None:
        self._below = below
        self._network = network

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._below.read(max_bytes, timeout=self._network.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._network.is_written = True
        self._below.write(buffer, timeout=self._network.left(timeout))

    def close(self) -> None:
        self._below.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        below = self._below.start_tls(
            ssl_context, server_hostname, timeout=self._network.left(min(timeout or CONNECT_SECONDS, CONNECT_SECONDS))
        )
        return _Stream(below, self._network)

    def get_extra_info(self, info: str) -> Any:
        if info == "is_readable":
            return bool(self._below.get_extra_info(info))
        return self._below.get_extra_info(info)


def no_delay() -> list[tuple[int, int, int]]:
    """Return the socket options of every connection."""
    return [(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)]
