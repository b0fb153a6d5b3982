"""What the composer shows: where one can write to, what each channel takes, and why one cannot where one cannot."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from contacts.models import Contact
from contacts.queries import contact_fields
from inbox.channels.registry import CONNECTORS, abilities_of
from inbox.models import Channel, ContactChannel
from inbox.queries.thread import Lock, channels_of_contact, channels_open, drafts_of
from inbox.web.message_words import FileShown
from workspaces.actors import Actor
from workspaces.permissions import Permission
from workspaces.web import formats

LONGEST_COMMENT = 1000
ICONS = {
    "other_email": "mail",
    "gmail": "mail",
    "web_chat": "web",
    "whatsapp": "whatsapp",
    "telegram": "telegram",
    "sms": "sms",
}


@dataclass(frozen=True, slots=True)
class ChannelChoice:
    """One channel to write on. `reason` says why it cannot be used now; `note` how long it can be."""

    channel_id: int
    name: str
    kind: str
    icon: str
    address: str
    reason: str = ""
    note: str = ""
    text_limit: int = 0
    files: int = 0
    is_email: bool = False


@dataclass(slots=True)
class Composer:
    """The composer as it stands, with the words that are in it."""

    key: str
    mode: str
    choices: list[ChannelChoice]
    chosen: ChannelChoice | None
    reason: str
    state: str
    text: str = ""
    comment: str = ""
    subject: str = ""
    cc: str = ""
    bcc: str = ""
    files: list[FileShown] = field(default_factory=list)
    file_ids: list[int] = field(default_factory=list)
    topic_ids: list[int] = field(default_factory=list)
    error: str = ""
    missing: tuple[str, ...] = ()
    longest_comment: int = LONGEST_COMMENT

    @property
    def attached(self) -> list[tuple[int, FileShown]]:
        """The files with their ids."""
        return list(zip(self.file_ids, self.files, strict=True))


def composer_of(
    actor: Actor, contact: Contact, *, lock: Lock | None, at: datetime, mode: str = "", channel_id: int | None = None
) -> Composer:
    """Return the composer for a contact, with the person's drafts in it."""
    drafts = drafts_of(actor, contact.pk)
    reply, comment = drafts.get(False), drafts.get(True)
    choices = channel_choices(actor, contact, at=at)
    wanted = channel_id or (reply.channel_id if reply else None)
    chosen = next((one for one in choices if one.channel_id == wanted), None)
    chosen = chosen or next((one for one in choices if not one.reason), None) or (choices[0] if choices else None)
    reason, state = _why_not(actor, contact, choices, lock)
    if not mode:
        mode = "comment" if (comment and not reply) or (reason and not (reply and reply.text)) else "reply"
    return Composer(
        key=str(uuid.uuid4()),
        mode=mode,
        choices=choices,
        chosen=chosen,
        reason=reason,
        state=state,
        text=reply.text if reply else "",
        comment=comment.text if comment else "",
    )


def channel_choices(actor: Actor, contact: Contact, *, at: datetime) -> list[ChannelChoice]:
    """Return where the contact can be reached, the last used first; a channel stands once."""
    found: dict[int, ChannelChoice] = {}
    for link in channels_of_contact(actor, contact.pk):
        known = found.get(link.channel_id)
        if link.channel.kind in CONNECTORS and (known is None or known.reason):
            found[link.channel_id] = _choice(link, at=at)
    for channel in channels_open(actor):
        if channel.pk not in found and _writes_first(channel, contact):
            found[channel.pk] = _described(channel, address=_first_address(channel, contact))
    return list(found.values())


def _writes_first(channel: Channel, contact: Contact) -> bool:
    return (
        channel.kind in CONNECTORS and abilities_of(channel).may_write_first and bool(_first_address(channel, contact))
    )


def _first_address(channel: Channel, contact: Contact) -> str:
    """Return where a first message on the channel goes; the same rule as the action's."""
    return {"phone": contact.phone_e164, "email": contact.email_key}.get(abilities_of(channel).first_address, "")


def icon_of(kind: str) -> str:
    """Return the symbol of a kind of channel."""
    return ICONS.get(kind, "chat")


def _choice(link: ContactChannel, *, at: datetime) -> ChannelChoice:
    channel, abilities = link.channel, abilities_of(link.channel)
    reason, note = _window(link, abilities.window_hours, at=at)
    if not channel.is_open:
        reason = _("This channel is disconnected.")
    elif link.state == ContactChannel.State.UNREACHABLE:
        reason = _("The contact cannot be reached here any more.")
    elif link.last_incoming_at is None and not abilities.may_write_first and not link.is_verified:
        reason = _("The contact has to write here first.")
    elif channel.state == channel.State.BROKEN:
        note = _("The channel needs repair: messages wait until then.")
    return _described(channel, address=link.external_id, reason=reason, note=note)


def _described(channel: Channel, *, address: str, reason: str = "", note: str = "") -> ChannelChoice:
    abilities = abilities_of(channel)
    takes_files = "attachment" in abilities.content_types or "email" in abilities.content_types
    return ChannelChoice(
        channel_id=channel.pk,
        name=channel.name,
        kind=channel.kind,
        icon=icon_of(channel.kind),
        address=address,
        reason=reason,
        note=note,
        text_limit=abilities.text_limit,
        files=abilities.files_per_message if takes_files else 0,
        is_email="email" in abilities.content_types,
    )


def _window(link: ContactChannel, hours: int | None, *, at: datetime) -> tuple[str, str]:
    """Say whether the time to reply is over, or how much of it is left."""
    if hours is None or link.last_incoming_at is None:
        return "", ""
    left = link.last_incoming_at + timedelta(hours=hours) - at
    if left <= timedelta(0):
        passed = formats.ago(link.last_incoming_at, now=at)
        words = _(
            "The reply window is closed: the contact last wrote %(passed)s, and replies are possible for %(hours)s h."
        )
        return words % {"passed": passed, "hours": hours}, ""
    return "", _("Reply window: %(left)s left") % {"left": formats.duration(left)}


def _why_not(actor: Actor, contact: Contact, choices: list[ChannelChoice], lock: Lock | None) -> tuple[str, str]:
    """Say why no reply can be written now; both are empty words when one can."""
    if not actor.may(Permission.MESSAGE_SEND):
        return _("Your access does not allow replies. You can comment."), "forbidden"
    if contact.is_blocked:
        return _("The contact is blocked. Unblock the contact before you write."), "blocked"
    if lock is not None and lock.user_id != actor.user_id:
        words = _("%(name)s is answering. Take over before you write; you can comment.")
        return words % {"name": lock.name or _("Somebody else")}, f"locked-{lock.user_id}"
    if not choices:
        return _("The contact has no channel to write on yet. You can comment."), "nowhere"
    if all(one.reason for one in choices):
        return choices[0].reason, "closed"
    return "", "ready"


@dataclass(frozen=True, slots=True)
class VariableName:
    """A variable that can be inserted, and what it stands for."""

    token: str
    label: str


def variable_names(actor: Actor) -> list[VariableName]:
    """Return the variables in the order of the list that `$` opens."""
    known = [
        ("contact.firstname", _("First name")),
        ("contact.lastname", _("Last name")),
        ("contact.name", _("Name")),
        ("contact.email", _("E-mail")),
        ("contact.phone", _("Phone")),
        ("contact.country", _("Country")),
        ("contact.language", _("Language")),
        ("contact.id", _("Contact number")),
        *((f"contact.{row.slug}", row.name) for row in contact_fields(actor)),
        ("assignee.name", _("Name of the assignee")),
        ("assignee.firstname", _("First name of the assignee")),
        ("assignee.lastname", _("Last name of the assignee")),
        ("assignee.email", _("E-mail of the assignee")),
        ("assignee.id", _("Number of the assignee")),
        ("system.current_date", _("Today's date")),
        ("system.current_time", _("Time now")),
        ("system.current_datetime", _("Date and time now")),
    ]
    return [VariableName(f"${name}", str(label)) for name, label in known]


def urls_of(workspace_id: int, contact_id: int) -> dict[str, str]:
    """Return the addresses that the composer asks by itself."""
    names = ("write", "draft", "upload", "snippets", "composer")
    return {name: reverse(f"inbox_{name}", args=[workspace_id, contact_id]) for name in names}
