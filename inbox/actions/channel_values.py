"""What was typed when a channel was set up, checked field by field as its connector describes them."""

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from inbox.channels.contract import Connector, SettingField
from inbox.channels.registry import CONNECTORS
from inbox.settings_errors import ChannelKindNotKnown
from workspaces.errors import ValueNotValid

LONGEST_VALUE = 500
LONGEST_SECRET = 4000
MOST_LINES = 200
NUMBER = re.compile(r"[0-9]{1,9}", re.ASCII)


def connector_for(kind: str) -> Connector:
    """Return the connector of a kind that can be connected here."""
    connector = CONNECTORS.get(kind)
    if connector is None:
        raise ChannelKindNotKnown(kind=kind)
    return connector


def made_secrets(connector: Connector) -> dict[str, str]:
    """Return fresh values of the secrets that we make; nobody types these."""
    make = getattr(connector, "new_secrets", None)
    made: dict[str, str] = {} if make is None else make()
    return made


def settings_of_form(connector: Connector, given: Mapping[str, object]) -> dict[str, object]:
    """Return the settings as they are stored; raise ValueNotValid at the first that breaks a rule."""
    found = {field.name: _value(field, given.get(field.name)) for field in connector.fields if not field.is_secret}
    clean = getattr(connector, "clean", None)  # what only the channel itself can say
    if clean is None:
        return found
    try:
        cleaned: dict[str, object] = clean(found)
    except ValueError as bad:
        text = str(bad)
        name = next((key for key, value in found.items() if _holds(value, text)), None)
        raise ValueNotValid(field=name, sentence=_("“%(text)s” cannot be read here.") % {"text": text}) from None
    return cleaned


def secrets_of_form(connector: Connector, given: Mapping[str, str], *, present: Mapping[str, str]) -> dict[str, str]:
    """Return the secrets to seal: what was typed replaces what is there, and nothing typed keeps it."""
    ours = made_secrets(connector)
    found = dict(present)
    for field in connector.fields:
        if not field.is_secret or field.name in ours:
            continue
        typed = given.get(field.name, "")
        if "\0" in typed or len(typed) > LONGEST_SECRET:
            raise ValueNotValid(field=field.name, sentence=_("This secret cannot be read. Copy it again."))
        if typed:
            found[field.name] = typed
        if field.is_required and not found.get(field.name):
            raise ValueNotValid(field=field.name, sentence=_("This cannot be empty."))
    return found


def _value(field: SettingField, value: object) -> object:
    match field.kind:
        case "check":
            return value is True or value in ("on", "true", "1")
        case "lines":
            return _lines(field, value)
        case "number":
            return _number(field, value)
    text = str(value if value is not None else "").strip()
    if not text:
        if field.is_required:
            raise ValueNotValid(field=field.name, sentence=_("This cannot be empty."))
        return str(field.default) if field.kind == "choice" else ""
    if len(text) > LONGEST_VALUE or "\0" in text:
        raise ValueNotValid(
            field=field.name, sentence=_("At most %(most)s characters fit here.") % {"most": LONGEST_VALUE}
        )
    if field.kind == "choice" and text not in {code for code, _words in field.choices}:
        raise ValueNotValid(field=field.name, sentence=_("Choose one of the list."))
    if field.kind == "url" and not _is_address(text):
        raise ValueNotValid(
            field=field.name, sentence=_("Write a whole address, such as https://example.com/messages.")
        )
    if field.kind == "email":
        try:
            validate_email(text)
        except ValidationError:
            raise ValueNotValid(
                field=field.name, sentence=_("Write an e-mail address, such as help@example.com.")
            ) from None
    return text


def _number(field: SettingField, value: object) -> int | None:
    text = str(value if value is not None else "").strip()
    if not text:
        if field.is_required:
            raise ValueNotValid(field=field.name, sentence=_("This cannot be empty."))
        return None
    if not NUMBER.fullmatch(text):
        raise ValueNotValid(field=field.name, sentence=_("Write a whole number."))
    return int(text)


def _lines(field: SettingField, value: object) -> list[str]:
    lines = value if isinstance(value, list | tuple) else str(value or "").splitlines()
    found = [str(line).strip() for line in lines if str(line).strip()]
    if field.is_required and not found:
        raise ValueNotValid(field=field.name, sentence=_("This cannot be empty."))
    if len(found) > MOST_LINES or any(len(line) > LONGEST_VALUE or "\0" in line for line in found):
        raise ValueNotValid(
            field=field.name,
            sentence=_("At most %(most)s lines fit here, none of them very long.") % {"most": MOST_LINES},
        )
    return found


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _holds(value: object, text: str) -> bool:
    return text in value if isinstance(value, list) else value == text
