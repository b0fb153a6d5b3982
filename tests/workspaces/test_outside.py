"""The one way out: what it refuses without connecting, and what it says when the other side misbehaves."""

import socket
import time
from collections.abc import Iterator
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from tests.workspaces.sinks import Sink
from workspaces.outside import (
    AddressRefused,
    AnswerUnknown,
    FetchFailed,
    NotReached,
    check_address,
    fetch,
    post_json,
)
from workspaces.outside.addresses import checked_addresses

SENTENCE = "This address cannot be used. Give the https address of a public server."

# PORT is a listener on the loopback address, so that a connection would be seen.
REFUSED = [
    "https://127.0.0.1:PORT/", "https://127.9.9.9/", "https://10.1.2.3/", "https://172.16.0.1/", "https://192.168.1.1/",
    "https://169.254.169.254/latest/meta-data", "https://0.0.0.0:PORT/", "https://100.64.0.1/", "https://192.0.0.8/",
    "https://192.0.2.1/", "https://198.18.0.1/", "https://198.51.100.1/", "https://203.0.113.9/", "https://224.0.0.1/",
    "https://240.0.0.1/", "https://255.255.255.255/", "https://168.63.129.16/", "https://[::1]:PORT/", "https://[::]/",
    "https://[::127.0.0.1]:PORT/", "https://[::ffff:127.0.0.1]:PORT/", "https://[::ffff:8.8.8.8]/",
    "https://[64:ff9b::7f00:1]/", "https://[2002:7f00:1::]/", "https://[2001::1]/", "https://[2001:db8::1]/",
    "https://[fc00::1]/", "https://[fd00:ec2::254]/", "https://[fe80::1]/", "https://[fe80::1%25lo]/",
    "https://[fec0::1]/", "https://[ff02::1]/", "https://127.1:PORT/", "https://2130706433:PORT/",
    "https://0177.0.0.1:PORT/", "https://0x7f000001:PORT/", "https://0x7f.0.0.1:PORT/", "https://①②⑦.0.0.1:PORT/",
    "https://localhost:PORT/", "https://localhost.:PORT/", "https://LOCALHOST:PORT/", "https://8.8.8.8@127.0.0.1:PORT/",
    "https://user:secret@8.8.8.8/", "https://8.8.8.8:22/", "https://8.8.8.8:6379/", "http://8.8.8.8/",
    "https://8.8.8.8.:443/", "file:///etc/passwd", "gopher://8.8.8.8/", "ftp://8.8.8.8/", "https://", "8.8.8.8", "",
    "https://8.8.8.8\\@127.0.0.1/", "https://8.8.8.8/\r\nHost: x", "https://8.8.8.8:99999/", f"https://8.8.8.8/{'x' * 2000}",
]  # fmt: skip


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen(8)
        server.settimeout(0.05)
        yield server


def nobody_came(listener: socket.socket) -> bool:
    try:
        listener.accept()
    except TimeoutError:
        return True
    return False


@pytest.mark.parametrize("url", REFUSED)
def test_no_such_address_is_saved_or_connected_to_and_all_get_one_sentence(url: str, listener: socket.socket) -> None:
    url = url.replace("PORT", str(listener.getsockname()[1]))
    for attempt in (check_address, lambda url: post_json(url, body=b"{}"), fetch):
        with pytest.raises(AddressRefused) as refusal:
            attempt(url)
        assert refusal.value.message == SENTENCE
    assert nobody_came(listener)


def answers(monkeypatch: pytest.MonkeyPatch, *answered: list[str]) -> list[str]:
    """Let a name server answer one list after the other; return the names that are asked for."""
    asked: list[str] = []

    real = socket.getaddrinfo

    def getaddrinfo(host: str, port: int, *args: Any, **more: Any) -> list[Any]:
        if host[0].isdigit():
            return list(real(host, port, *args, **more))
        asked.append(host)
        found = answered[min(len(asked), len(answered)) - 1]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in found]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return asked


def test_one_private_answer_among_public_ones_refuses_the_name(monkeypatch: pytest.MonkeyPatch) -> None:
    answers(monkeypatch, ["93.184.216.34", "127.0.0.1"])
    with pytest.raises(AddressRefused):
        check_address("https://example.com/")


def test_a_name_that_turns_private_is_refused_when_it_is_used(
    monkeypatch: pytest.MonkeyPatch, listener: socket.socket
) -> None:
    answers(monkeypatch, ["93.184.216.34"], ["127.0.0.1"])
    check_address("https://example.com/")
    with pytest.raises(AddressRefused):
        post_json("https://example.com/", body=b"{}")
    assert nobody_came(listener)


def test_the_connection_goes_to_the_checked_number_and_asks_no_second_time(
    monkeypatch: pytest.MonkeyPatch, settings: Settings, sink: Sink
) -> None:
    settings.OUTSIDE_ALLOW = ["hooks.example"]
    asked = answers(monkeypatch, ["127.0.0.1"], ["10.0.0.1"])
    answer = post_json(f"http://hooks.example:{sink.port}/a?b=c", body=b"{}")
    assert answer.status == 200
    assert asked == ["hooks.example"]
    assert sink.requests[0].headers["host"] == f"hooks.example:{sink.port}"
    assert sink.requests[0].path == "/a?b=c"


def test_public_addresses_are_fine() -> None:
    assert checked_addresses("8.8.8.8", 443, allowed_ports=frozenset({443})) == ["8.8.8.8"]
    check_address("https://[2606:4700::1111]/hook")


def test_a_post_follows_no_redirect_and_ignores_proxies(sink: Sink, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
    sink.status, sink.headers = 302, {"Location": sink.url("/elsewhere")}
    answer = post_json(sink.url(), body=b"{}", headers={"X-Mine": "1"})
    assert (answer.status, answer.is_success) == (302, False)
    assert [request.path for request in sink.requests] == ["/hook"]
    assert sink.requests[0].headers["x-mine"] == "1"


def test_a_fetch_checks_each_redirect_and_follows_three(sink: Sink, listener: socket.socket) -> None:
    sink.statuses, sink.headers, sink.body = [302, 302, 302], {"Location": "/next"}, b"picture"
    assert fetch(sink.url("/a")).body == b"picture"
    sink.statuses = [302, 302, 302, 302]
    with pytest.raises(FetchFailed, match="redirects"):
        fetch(sink.url("/a"))
    sink.statuses, sink.headers = [302], {"Location": "http://169.254.169.254/latest/meta-data"}
    with pytest.raises(AddressRefused):
        fetch(sink.url("/a"))
    sink.statuses, sink.headers = [302], {"Location": f"http://localhost.:{listener.getsockname()[1]}/"}
    with pytest.raises(AddressRefused):
        fetch(sink.url("/a"))
    assert nobody_came(listener)


def test_a_fetch_is_whole_or_not_at_all(sink: Sink) -> None:
    sink.body = b"x" * 101
    with pytest.raises(FetchFailed, match="too_large"):
        fetch(sink.url(), most_bytes=100)
    sink.behaviour = "endless"
    with pytest.raises(FetchFailed, match="too_large"):
        fetch(sink.url(), most_bytes=100_000)
    sink.behaviour, sink.status = "", 404
    with pytest.raises(FetchFailed, match="status"):
        fetch(sink.url())


def test_what_was_not_sent_is_told_from_what_may_have_arrived(sink: Sink) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        free = closed.getsockname()[1]
    with pytest.raises(NotReached) as failure:
        post_json(f"http://127.0.0.1:{free}/", body=b"{}")
    assert failure.value.reason == "connect"
    sink.behaviour = "reset"
    with pytest.raises(AnswerUnknown) as unknown:
        post_json(sink.url(), body=b"{}")
    assert unknown.value.reason == "reset"
    sink.behaviour = "hang"
    with pytest.raises(AnswerUnknown) as unknown:
        post_json(sink.url(), body=b"{}", timeout=0.5)
    assert unknown.value.reason == "timeout"


def test_plain_http_on_a_tls_port_was_not_reached(sink: Sink) -> None:
    with pytest.raises(NotReached) as failure:
        post_json(sink.url().replace("http:", "https:"), body=b"{}")
    assert failure.value.reason == "tls"
    assert sink.requests == []


@pytest.mark.parametrize("behaviour", ["drip", "endless"])
def test_slow_and_endless_answers_end(sink: Sink, behaviour: str) -> None:
    sink.behaviour = behaviour
    began = time.monotonic()
    answer = post_json(sink.url(), body=b"{}", timeout=1.0)
    assert time.monotonic() - began < 3
    assert (answer.status, answer.is_whole) == (200, False)
    assert len(answer.body) <= 2048
