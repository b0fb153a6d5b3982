from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from contacts.emails import email_key, is_email
from contacts.errors import IdentifierNotValid
from contacts.phones import parse_phone

LARGEST_ID = 2**63 - 1


class IdentifierKind(StrEnum):
    ID = "id"
    EMAIL = "email"
    PHONE = "phone"


@dataclass(frozen=True, slots=True)
class Identifier:
    """What names a contact from outside: an id, an e-mail address or a phone number."""

    kind: IdentifierKind
    value: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `id:12`, `email:a@b.c` or `phone:+34600123456`; raise IdentifierNotValid."""
        kind, _, value = text.partition(":")
        value = value.strip()
        if (
            kind == IdentifierKind.ID
            and value.isascii()
            and value.isdecimal()
            and len(value) <= 19
            and int(value) <= LARGEST_ID
        ):
            return cls(IdentifierKind.ID, str(int(value)))
        if kind == IdentifierKind.EMAIL and is_email(value):
            return cls(IdentifierKind.EMAIL, value)
        if kind == IdentifierKind.PHONE and parse_phone(_with_plus(value), country=None):
            return cls(IdentifierKind.PHONE, _with_plus(value))
        raise IdentifierNotValid(identifier=text[:100], field="identifier")

    @classmethod
    def of(cls, contact_id: int) -> Self:
        """Return the identifier of an id."""
        return cls(IdentifierKind.ID, str(contact_id))

    @property
    def lookup(self) -> dict[str, object]:
        """The column and value to look for."""
        if self.kind is IdentifierKind.ID:
            return {"pk": int(self.value)}
        if self.kind is IdentifierKind.EMAIL:
            return {"email_key": email_key(self.value)}
        phone = parse_phone(self.value, country=None)
        return {"phone_match_key": phone.match_key if phone else None}

    def __str__(self) -> str:
        return f"{self.kind.value}:{self.value}"


def _with_plus(value: str) -> str:
    """Put back the plus sign that an address turns into a space, or that was left out."""
    return value if value.startswith("+") else f"+{value}"
