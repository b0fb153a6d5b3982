"""Sockets to mail servers: only to addresses that the installation allows, and the name is what TLS is about."""

import socket
import ssl
from collections.abc import Collection

from inbox.channels.email.accounts import MailServer
from workspaces.outside import AddressRefused, checked_addresses

SECONDS = 20.0


class ServerNotReached(OSError):
    """The server did not answer now; later it may."""


class ServerRefused(Exception):
    """The server will not have us with these settings; the text says why. `field` is the setting to mend."""

    def __init__(self, text: str, *, field: str) -> None:
        super().__init__(text)
        self.text = text[:300]
        self.field = field


def open_socket(server: MailServer, *, ports: Collection[int], prefix: str, seconds: float = SECONDS) -> socket.socket:
    """Look the host up once and connect to a checked address; `prefix` names the settings: imap or smtp."""
    if not server.host:
        raise ServerRefused("no host", field=f"{prefix}_host")
    try:
        found = checked_addresses(server.host, server.port, allowed_ports=frozenset(ports))
    except AddressRefused as error:
        raise ServerRefused(str(error.message), field=f"{prefix}_host") from error
    except OSError as error:
        raise ServerNotReached(f"{server.host}: {error}") from error
    failure: OSError | None = None
    for address in found:
        try:
            return socket.create_connection((address, server.port), timeout=seconds)
        except OSError as error:
            failure = error
    raise ServerNotReached(f"{server.host}:{server.port}: {failure}")


def in_tls(plain: socket.socket, server: MailServer) -> ssl.SSLSocket:
    """Wrap a socket; the certificate must be the host's."""
    return tls_context().wrap_socket(plain, server_hostname=server.host)


def tls_context() -> ssl.SSLContext:
    """Return what every mail server must satisfy."""
    return ssl.create_default_context()
