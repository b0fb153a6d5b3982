"""What a channel's owner needs on the other side once it is connected: addresses, ids and code to copy. No secrets."""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from inbox.channels.web_chat import embed_snippet
from inbox.models import Channel


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One thing to copy."""

    name: str
    label: str
    value: str
    hint: str = ""
    is_code: bool = False


def facts_of(channel: Channel) -> list[Fact]:
    """Return what the channel's kind needs; a kind without a word here needs nothing."""
    facts = FACTS.get(channel.kind)
    return [] if facts is None else facts(channel)


def _custom(channel: Channel) -> list[Fact]:
    return [
        Fact(name="key", label=_("Channel id"), value=channel.key),
        Fact(
            name="webhook",
            label=_("Webhook address"),
            value=f"{settings.BASE_URL}{reverse('custom_webhook')}",
            hint=_("Your server posts what contacts write to it, with the token in the header Authorization: Bearer."),
        ),
    ]


def _web_chat(channel: Channel) -> list[Fact]:
    return [
        Fact(
            name="embed",
            label=_("Code for your site"),
            value=embed_snippet(channel),
            hint=_("Put it before the end of the body of every page that shows the chat."),
            is_code=True,
        ),
    ]


def _email(channel: Channel) -> list[Fact]:
    address = str(channel.settings.get("address", ""))
    others = channel.settings.get("own_addresses")
    facts = [Fact(name="address", label=_("Contacts write to"), value=address)]
    if isinstance(others, list) and others:
        facts.append(Fact(name="others", label=_("Other addresses of this mailbox"), value=", ".join(map(str, others))))
    if channel.settings.get("answers_by_address") is True and "@" in address:
        local, _at, domain = address.partition("@")
        facts.append(
            Fact(
                name="answers",
                label=_("Answers come to"),
                value=f"{local}+…@{domain}",
                hint=_("Your server must deliver such addresses to this mailbox."),
            )
        )
    return facts


FACTS: dict[str, Callable[[Channel], list[Fact]]] = {
    "custom_channel": _custom,
    "web_chat": _web_chat,
    "other_email": _email,
}
