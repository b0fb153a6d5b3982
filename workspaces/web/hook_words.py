"""Webhooks in words: how one stands, and what went wrong."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from workspaces.hook_kinds import TEST, event_choices
from workspaces.models import HookAttempt, HookDelivery, HookEndpoint

MOST_ANSWER_SHOWN = 200
ERRORS = {
    "address_refused": gettext_lazy("The address is not public"),
    "not_reached.name": gettext_lazy("The name was not found"),
    "not_reached.connect": gettext_lazy("No connection"),
    "not_reached.tls": gettext_lazy("No safe connection (TLS)"),
    "not_reached.timeout": gettext_lazy("No connection in time"),
    "no_answer.timeout": gettext_lazy("No answer in time"),
    "no_answer.reset": gettext_lazy("The connection was cut"),
    "hook_off": gettext_lazy("The webhook was turned off"),
    "erased": gettext_lazy("The event was erased"),
    "body": gettext_lazy("What it tells could not be put together"),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """How a webhook stands: a badge, and a sentence when there is more to say."""

    kind: str
    word: str
    icon: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class DeliveryLine:
    row: HookDelivery
    title: str
    kind: str
    word: str
    icon: str
    trouble: str


def host_of(hook: HookEndpoint) -> str:
    """Return the name by which people know a webhook."""
    return urlsplit(hook.url).hostname or hook.url


def standing_of(hook: HookEndpoint) -> Standing:
    """Say how a webhook stands."""
    if not hook.is_active:
        texts = {
            "gone": _("The address answered that it is gone (410), so the webhook was turned off."),
            "failing": _("Every attempt of 5 days failed, so the webhook was turned off."),
        }
        return Standing("plain", _("Off"), "ban", texts.get(hook.disabled_because, ""))
    if hook.failures:
        return Standing(
            "warn",
            _("Failing"),
            "alert",
            _("The last attempts failed. We try again, with longer and longer pauses; after 5 days it is turned off."),
        )
    if hook.last_success_at is None:
        return Standing("info", _("On"), "clock", _("Nothing was delivered yet."))
    return Standing("good", _("On"), "check")


def trouble_of(row: HookDelivery | HookAttempt) -> str:
    """Say what went wrong, by the answer's status or by our own word for it."""
    status = row.last_status if isinstance(row, HookDelivery) else row.status
    error = row.last_error if isinstance(row, HookDelivery) else row.error
    if error == "status":
        return _("It answered %(status)s") % {"status": status}
    return str(ERRORS.get(error, ""))


def event_title(event_type: str) -> str:
    """Return the title of an event; one that is not offered any more keeps its name."""
    return _("Test") if event_type == TEST else str(event_choices().get(event_type, event_type))


def delivery_line(row: HookDelivery) -> DeliveryLine:
    """Put a delivery into words."""
    kind, word, icon = {
        HookDelivery.State.DELIVERED: ("good", _("Delivered"), "check"),
        HookDelivery.State.PARKED: ("bad", _("Parked"), "alert"),
        HookDelivery.State.WAITING: ("info", _("Waiting"), "clock"),
    }[HookDelivery.State(row.state)]
    return DeliveryLine(row, event_title(row.event_type), kind, word, icon, trouble_of(row))


def attempt_lines(rows: Sequence[HookAttempt]) -> list[dict[str, object]]:
    """Put attempts into words; of an answer, no more than a line."""
    return [{"row": row, "trouble": trouble_of(row), "answer": row.answer[:MOST_ANSWER_SHOWN]} for row in rows]
