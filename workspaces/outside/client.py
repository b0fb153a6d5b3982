"""Requests to addresses that customers gave us: one call, one connection, one outcome that cannot be misread."""

import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urljoin

import httpcore
import httpx

from workspaces.outside.addresses import place_of, ports_of
from workspaces.outside.connecting import Deadline, GuardedNetwork, no_delay

TOTAL_SECONDS = 15.0
MOST_READ = 64 * 1024
MOST_KEPT = 2 * 1024
MOST_FETCHED = 25 * 1024 * 1024
MOST_REDIRECTS = 3
REDIRECTS = frozenset({301, 302, 303, 307, 308})
AGENT = "Tertulia"
FAILURES = (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError, ssl.SSLError, OSError)


class NotReached(Exception):
    """No byte of the request has left: sending it again cannot do anything twice. `reason`: name, connect, tls, timeout."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class AnswerUnknown(Exception):
    """The request was written, and its answer never came: it may have been done. `reason`: timeout, reset."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class FetchFailed(Exception):
    """A file could not be had. `reason`: status, too_large, redirects, encoding."""

    def __init__(self, reason: str, *, status: int = 0) -> None:
        super().__init__(reason)
        self.reason = reason
        self.status = status


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An HTTP answer: of its body only the beginning is kept, and `is_whole` says whether that was all."""

    status: int
    headers: Mapping[str, str]  # names in small letters
    body: bytes
    is_whole: bool
    seconds: float

    @property
    def is_success(self) -> bool:
        """Whether the receiver took it: 2xx and nothing else."""
        return 200 <= self.status <= 299


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A file from outside, and where it came from in the end."""

    url: str
    content_type: str
    headers: Mapping[str, str]
    body: bytes


def post_json(
    url: str,
    *,
    body: bytes,
    headers: Mapping[str, str] | None = None,
    timeout: float = TOTAL_SECONDS,
    kept_bytes: int = MOST_KEPT,
) -> Answer:
    """Send JSON once, without following a redirect.

    Raises AddressRefused (nothing was connected to), NotReached (nothing was sent) or AnswerUnknown (it may have arrived).
    """
    given = {"Content-Type": "application/json", **(headers or {})}
    return request("POST", url, body=body, headers=given, timeout=timeout, kept_bytes=kept_bytes)


def request(
    method: str,
    url: str,
    *,
    body: bytes = b"",
    headers: Mapping[str, str] | None = None,
    timeout: float = TOTAL_SECONDS,
    kept_bytes: int = MOST_KEPT,
) -> Answer:
    """Make one request without following a redirect; read no more than 64 kB of its answer, or `kept_bytes` if more."""
    began = time.monotonic()
    with _exchange(method, url, body=body, headers=headers or {}, deadline=Deadline(timeout)) as response:
        kept, is_whole = _beginning_of(response, most_read=max(MOST_READ, kept_bytes), kept=kept_bytes)
        return Answer(
            status=response.status,
            headers=_headers_of(response),
            body=kept,
            is_whole=is_whole,
            seconds=time.monotonic() - began,
        )


def fetch(
    url: str,
    *,
    most_bytes: int = MOST_FETCHED,
    headers: Mapping[str, str] | None = None,
    timeout: float = TOTAL_SECONDS,
) -> Fetched:
    """Get a file, whole or not at all, over at most three redirects, each checked like the first address.

    `headers` go to the first host only. Raises AddressRefused, NotReached, AnswerUnknown or FetchFailed.
    """
    deadline = Deadline(timeout)
    first_host = place_of(url).host
    for _ in range(MOST_REDIRECTS + 1):
        given = headers if headers and place_of(url).host == first_host else {}
        with _exchange("GET", url, body=b"", headers=given, deadline=deadline) as response:
            found = _headers_of(response)
            if response.status in REDIRECTS and found.get("location"):
                url = urljoin(url, found["location"])
                continue
            if response.status != 200:
                raise FetchFailed("status", status=response.status)
            if found.get("content-encoding", "identity") not in {"", "identity"}:
                raise FetchFailed("encoding", status=response.status)
            body = _whole_of(response, found, most_bytes=most_bytes)
            return Fetched(url=url, content_type=found.get("content-type", ""), headers=found, body=body)
    raise FetchFailed("redirects")


@contextmanager
def _exchange(
    method: str, url: str, *, body: bytes, headers: Mapping[str, str], deadline: Deadline
) -> Iterator[httpcore.Response]:
    """Send one request over a connection of its own, and tell failures before its first byte from those after it."""
    place = place_of(url)
    network = GuardedNetwork(deadline=deadline, allowed_ports=ports_of(place.scheme))
    parsed = httpx.URL(url)
    sent = {
        "Host": parsed.netloc.decode("ascii"),
        "User-Agent": AGENT,
        "Accept": "*/*",
        "Accept-Encoding": "identity",
        "Connection": "close",
        **headers,
    }
    if body or method in {"POST", "PUT", "PATCH"}:
        sent["Content-Length"] = str(len(body))
    target = httpcore.URL(scheme=place.scheme, host=place.host, port=place.port, target=parsed.raw_path)
    try:
        with (
            httpcore.ConnectionPool(
                ssl_context=_tls(), max_connections=1, network_backend=network, socket_options=no_delay()
            ) as pool,
            pool.stream(method, target, headers=list(sent.items()), content=body or None) as response,
        ):
            yield response
    except FAILURES as error:
        if network.is_written:
            raise AnswerUnknown(_reason(error, otherwise="reset")) from error
        raise NotReached(_reason(error, otherwise="connect")) from error


def _beginning_of(response: httpcore.Response, *, most_read: int, kept: int) -> tuple[bytes, bool]:
    """Read the beginning of a body. Its status is the answer: one that stays away afterwards changes nothing."""
    read = bytearray()
    try:
        for chunk in response.iter_stream():
            read += chunk
            if len(read) > most_read:
                return bytes(read[:kept]), False
    except FAILURES:
        return bytes(read[:kept]), False
    return bytes(read[:kept]), len(read) <= kept


def _whole_of(response: httpcore.Response, headers: Mapping[str, str], *, most_bytes: int) -> bytes:
    announced = headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > most_bytes:
        raise FetchFailed("too_large", status=response.status)
    read = bytearray()
    for chunk in response.iter_stream():
        read += chunk
        if len(read) > most_bytes:
            raise FetchFailed("too_large", status=response.status)
    return bytes(read)


def _headers_of(response: httpcore.Response) -> dict[str, str]:
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers}


def _reason(error: Exception, *, otherwise: str) -> str:
    checks: list[tuple[str, Callable[[], bool]]] = [
        ("timeout", lambda: isinstance(error, (httpcore.TimeoutException, TimeoutError))),
        ("name", lambda: isinstance(error, httpcore.ConnectError) and str(error) == "name"),
        ("tls", lambda: any(isinstance(part, ssl.SSLError) for part in (error, *error.args))),
    ]
    return next((reason for reason, holds in checks if holds()), otherwise)


@lru_cache(maxsize=1)
def _tls() -> ssl.SSLContext:
    """Return the rules of TLS: the usual authorities, and nothing from the environment."""
    return httpx.create_ssl_context(trust_env=False)
