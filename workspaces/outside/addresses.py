"""Which addresses may be reached: public ones over https, and what the installation allows besides."""

import re
import socket
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

import httpx
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from workspaces.errors import DomainError, Kind

Ip = IPv4Address | IPv6Address

HTTPS_PORTS = frozenset({443})
LONGEST_URL = 2000
# Python's own `is_global` and `is_private` are each wrong about several of these, hence a list of our own.
NOT_PUBLIC = tuple(
    ip_network(text)
    for text in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
        "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
        "224.0.0.0/4", "240.0.0.0/4",
        "168.63.129.16/32",  # a cloud's inner server behind a public-looking number
        "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
    )
)  # fmt: skip
# Everything else of IPv6 is local, multicast, mapped from IPv4 or reserved: ::/96, 64:ff9b::/96, fc00::/7, fe80::/10, fec0::/10 …
PUBLIC_IPV6 = IPv6Network("2000::/3")
HOST_NAME = re.compile(
    r"(?=.{1,253}\Z)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\Z"
)


class AddressRefused(DomainError):
    """One sentence for every reason: whoever tries addresses learns nothing about what is there."""

    kind = Kind.INVALID
    code = "workspaces.address_refused"
    text = _("This address cannot be used. Give the https address of a public server.")


class NameUnknown(OSError):
    """The name could not be looked up now; later it may be."""


@dataclass(frozen=True, slots=True)
class Place:
    """An address taken apart: how it is spoken to, and where."""

    scheme: str
    host: str
    port: int


def check_address(url: str, *, field: str | None = "url") -> None:
    """Raise AddressRefused unless the client would connect there now."""
    try:
        place = place_of(url)
        checked_addresses(place.host, place.port, allowed_ports=ports_of(place.scheme))
    except (AddressRefused, NameUnknown) as error:
        raise AddressRefused(field=field) from error


def place_of(url: str) -> Place:
    """Take an address apart, strictly: no user, no odd spelling of a host, http and https only."""
    if len(url) > LONGEST_URL or not url.isprintable() or any(sign in url for sign in " \\"):
        raise AddressRefused
    try:
        parsed = httpx.URL(url)
    except (httpx.InvalidURL, UnicodeError, ValueError) as error:
        raise AddressRefused from error
    if parsed.scheme not in {"http", "https"} or parsed.userinfo or "@" in parsed.netloc.decode("ascii", "replace"):
        raise AddressRefused
    host = parsed.raw_host.decode("ascii").strip("[]").lower()
    return Place(parsed.scheme, host, parsed.port or (443 if parsed.scheme == "https" else 80))


def ports_of(scheme: str) -> frozenset[int]:
    """Return the ports that are free to use: those of https. Plain http goes to allowed places only."""
    return HTTPS_PORTS if scheme == "https" else frozenset()


def checked_addresses(host: str, port: int, *, allowed_ports: frozenset[int]) -> list[str]:
    """Look a host up once, and return its addresses if every one may be reached.

    Places in OUTSIDE_ALLOW may be private, speak plain http and use any port.
    """
    host = host.lower()
    numeric = _as_ip(host)
    if numeric is None and not _is_name(host):
        raise AddressRefused
    found = [numeric] if numeric else _looked_up(host, port)
    if _is_allowed_name(host) or all(_is_allowed(address) for address in found):
        return [str(address) for address in found]
    if port not in allowed_ports or not all(_is_allowed(address) or is_public(address) for address in found):
        raise AddressRefused
    return [str(address) for address in found]


def is_public(address: Ip) -> bool:
    """Tell whether an address belongs to the public internet."""
    if isinstance(address, IPv6Address) and (address.scope_id or address not in PUBLIC_IPV6):
        return False
    return not any(address.version == network.version and address in network for network in NOT_PUBLIC)


def _as_ip(host: str) -> Ip | None:
    try:
        return ip_address(host)
    except ValueError:
        return None


def _is_name(host: str) -> bool:
    """Tell a name from numbers in disguise: a resolver reads 127.1, 2130706433 and 0x7f000001 as addresses."""
    last = host.rpartition(".")[2]
    return bool(HOST_NAME.match(host)) and not (last.isdigit() or re.fullmatch(r"0x[0-9a-f]*", last))


def _looked_up(host: str, port: int) -> list[Ip]:
    try:
        answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NameUnknown(str(error)) from error
    return list(dict.fromkeys(ip_address(answer[4][0]) for answer in answers))


def _is_allowed_name(host: str) -> bool:
    return host in {entry.lower() for entry in settings.OUTSIDE_ALLOW}


def _is_allowed(address: Ip) -> bool:
    for entry in settings.OUTSIDE_ALLOW:
        try:
            network = ip_network(entry, strict=False)
        except ValueError:
            continue  # a name
        if address.version == network.version and address in network:
            return True
    return False
