"""Connections of boto3 that reach only what may be reached: a name is looked up once, checked, and that address is used."""

from typing import Any

from botocore.awsrequest import (
    AWSHTTPConnection,
    AWSHTTPConnectionPool,
    AWSHTTPSConnection,
    AWSHTTPSConnectionPool,
)

from workspaces.outside import checked_addresses

HTTPS_PORTS = frozenset({443})


def guard(client: Any) -> Any:
    """Return a client of boto3 whose connections, whatever host they are for, are checked at the moment they open."""
    session = client._endpoint.http_session  # noqa: SLF001 - boto3 has no other place for it; tests/exports/test_destinations.py
    session._manager.pool_classes_by_scheme = {"http": _PlainPool, "https": _SecurePool}  # noqa: SLF001 - would tell
    return client


class _Checked:
    _ports: frozenset[int] = frozenset()
    _dns_host: str
    port: int

    def _new_conn(self) -> Any:
        name = self._dns_host
        self._dns_host = checked_addresses(name.rstrip("."), self.port, allowed_ports=self._ports)[0]
        try:
            return super()._new_conn()  # type: ignore[misc]  # of the connection that this is mixed into
        finally:
            self._dns_host = name  # the certificate is the name's


class _Plain(_Checked, AWSHTTPConnection):  # type: ignore[misc]  # botocore has no types
    """To places of OUTSIDE_ALLOW only."""


class _Secure(_Checked, AWSHTTPSConnection):  # type: ignore[misc]
    _ports = HTTPS_PORTS


class _PlainPool(AWSHTTPConnectionPool):  # type: ignore[misc]
    ConnectionCls = _Plain


class _SecurePool(AWSHTTPSConnectionPool):  # type: ignore[misc]
    ConnectionCls = _Secure
