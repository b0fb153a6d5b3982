"""The one way out: what customers' addresses are allowed to be, and one client that reaches no other.

An address that a person typed is checked when it is saved (`check_address`) and again when it is used: the client looks a
name up once, wants every answer to be public, and connects to exactly the address it has checked. Whatever is private is
refused, unless the installation allows it (OUTSIDE_ALLOW).
"""

from workspaces.outside.addresses import AddressRefused, check_address, checked_addresses
from workspaces.outside.client import Answer, AnswerUnknown, Fetched, FetchFailed, NotReached, fetch, post_json, request

__all__ = [
    "AddressRefused",
    "Answer",
    "AnswerUnknown",
    "FetchFailed",
    "Fetched",
    "NotReached",
    "check_address",
    "checked_addresses",
    "fetch",
    "post_json",
    "request",
]
