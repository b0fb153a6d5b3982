"""The people, teams, channels and labels of the history, and its small steps."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from zlib import crc32

from contacts.actions import add_contact, add_contact_field, add_stage
from contacts.identifiers import Identifier
from contacts.models import Contact
from contacts.models.contact import Source
from inbox import actions
from inbox.channels.contract import Profile, StatusReport
from inbox.content import Content
from inbox.models import Channel, Conversation, InboxSettings, Message, MessageTag, Status, Topic
from tests.factories import NOON, Cast, a_cast, a_member, actor_in
from tests.inbox.steps import a_channel, hears
from workspaces.actions import create_team, invite_member, withdraw_invitation
from workspaces.actors import Actor
from workspaces.models import Membership, Team, User
from workspaces.scope import enter_workspace

EXPORT_AT = datetime(2026, 4, 7, 9, 30, 0, 500_000, tzinfo=UTC)
NASTY = '=HYPERLINK("http://x.example";"Ñandú")\nsecond, line; "quoted" 🦜'


def on(text: str) -> datetime:
    """Return a moment of 2026, such as "03-10 09:00:00.5", in UTC; of another year when it stands before."""
    whole = text if text.count("-") == 2 else f"2026-{text}"
    form = "%Y-%m-%d %H:%M:%S.%f" if "." in text else "%Y-%m-%d %H:%M:%S"
    return datetime.strptime(whole if text.count(":") == 2 else f"{whole}:00", form).replace(tzinfo=UTC)


@dataclass(kw_only=True)
class History:
    """Who and what there is, and steps to make things happen."""

    cast: Cast
    ada: Actor
    max: Actor
    ben: Actor
    dora: Actor
    emil: Actor
    users: dict[str, User]
    teams: dict[str, Team] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    topics: dict[str, Topic] = field(default_factory=dict)
    tags: dict[str, MessageTag] = field(default_factory=dict)
    contacts: dict[str, int] = field(default_factory=dict)

    @property
    def workspace_id(self) -> int:
        """The workspace that is exported."""
        return self.cast.acme.pk

    @property
    def system(self) -> Actor:
        """The product itself."""
        return Actor.system(workspace_id=self.workspace_id)

    def enter(self) -> None:
        """Make the exported workspace the one of the open transaction."""
        enter_workspace(self.workspace_id)

    def again(self, name: str) -> Actor:
        """Return a person as the actor they are now."""
        actor = actor_in(self.cast.acme, self.users[name])
        setattr(self, name, actor)
        return actor

    def writes(self, who: str, text: str, at: str, *, channel: str = "shop", **facts: Any) -> Message:
        """Let a contact write; the first time it is added, with a number made of its name."""
        facts.setdefault("sender", f"+346{crc32(who.encode()) % 10**8:08}")
        facts.setdefault("profile", Profile(first_name=who.capitalize(), last_name="Díaz"))
        message = hears(self.ada, self.channels[channel], text, at=on(at), number=f"{who}-{at}-{text}"[:90], **facts)
        self.contacts.setdefault(who, message.contact_id)
        return message

    def replies(self, by: Actor, who: str, text: str, at: str, **facts: Any) -> Message:
        """Let a person, or a program, write to a contact."""
        facts.setdefault("channel_id", None)
        return actions.send_message(
            actor=by,
            contact=self.of(who),
            content=Content(text=text),
            idempotency_key=f"{who}-{at}-{text}"[:200],
            at=on(at),
            **facts,
        )

    def of(self, who: str) -> Identifier:
        """Name a contact."""
        return Identifier.of(self.contacts[who])

    def latest(self, who: str) -> Conversation:
        """Return a contact's latest conversation."""
        rows = Conversation.objects.in_workspace(self.workspace_id)
        return rows.get(contact_id=self.contacts[who], is_latest=True)

    def assigns(self, who: str, to: Actor | None, at: str, *, by: Actor | None = None) -> None:
        """Assign a contact to a person or to nobody."""
        user_id = to.user_id if to is not None else None
        actions.assign_contact(actor=by or self.ada, contact=self.of(who), user_id=user_id, at=on(at))

    def closes(self, by: Actor, who: str, at: str, **note: Any) -> None:
        """Close a contact's conversation."""
        actions.close_conversation(actor=by, contact=self.of(who), at=on(at), **note)

    def sets(self, by: Actor, who: str, status: Status, at: str) -> None:
        """Set a status by hand."""
        actions.set_conversation_status(actor=by, contact=self.of(who), status=status, at=on(at))

    def locks(self, by: Actor, who: str, start: str, *, steal: bool = False) -> None:
        """Take a contact's conversation."""
        actions.take_lock(actor=by, conversation_id=self.latest(who).pk, steal=steal, at=on(start))

    def releases(self, by: Actor, who: str, at: str) -> None:
        """Give it back."""
        actions.release_lock(actor=by, conversation_id=self.latest(who).pk, at=on(at))

    def reports(self, message: Message, status: str, at: str, detail: str = "") -> None:
        """Let the network tell of a message."""
        channel = Channel.objects.in_workspace(self.workspace_id).get(pk=message.channel_id or 0)
        report = StatusReport(
            message_id=str(message.pk), status=status, occurred_at=on(at), detail=detail, is_ours=True
        )
        actions.report_status(actor=self.system, channel=channel, report=report, at=on(at) + timedelta(seconds=2))

    def turn(self, message: Message, **columns: Any) -> None:
        """Make a stored message into one that no channel here can carry."""
        Message.objects.in_workspace(self.workspace_id).filter(pk=message.pk).update(**columns)

    def adds(self, who: str, at: str, **values: Any) -> Contact:
        """Add a contact by hand."""
        contact = add_contact(actor=self.ada, values=values, source=Source.USER, at=on(at))  # type: ignore[arg-type]
        self.contacts[who] = contact.pk
        return contact


def a_ground() -> History:
    """Make both workspaces, and the people, teams, channels and labels of the first."""
    cast = a_cast()
    dora_user, dora = a_member(cast.acme, email="dora@example.com", name="=Dora @Ruiz")
    emil_user, emil = a_member(
        cast.acme,
        email="emil@example.com",
        name="Émil",
        restrictions=("restrict_data_export", "restrict_contact_deletion"),
    )
    users = {**cast.users, "dora": dora_user, "emil": emil_user}
    history = History(cast=cast, ada=cast.ada, max=cast.max, ben=cast.ben, dora=dora, emil=emil, users=users)
    history.enter()
    _people(history)
    _settings(history)
    return history


def _people(history: History) -> None:
    ada = history.ada
    for key, name, members in (
        ("support", "Support; day", ("ben", "max")),
        ("sales", "Ventas ñ", ("dora",)),
        ("gone", "+Night", ("emil",)),
    ):
        ids = [history.users[member].pk for member in members]
        at = NOON + timedelta(minutes=len(history.teams))
        history.teams[key] = create_team(actor=ada, name=name, member_ids=ids, at=at)
    rows = Membership.objects.in_workspace(history.workspace_id)
    rows.filter(user=history.users["ben"]).update(reference="E-041", last_seen_at=on("04-06 21:00:59.9"))
    rows.filter(user=history.users["dora"]).update(reference="=E;1")
    rows.filter(user=history.users["emil"]).update(reference="-X", created_at=on("03-01 23:30:00"))
    rows.filter(user=history.users["max"]).update(restrictions=["restrict_space_setting", "restrict_contact_deletion"])
    for name in ("ada", "max", "ben", "dora", "emil"):
        history.again(name)
    invite_member(actor=ada, email="zoe+1@example.com", role="agent", restrictions=("show_only_mine",), at=NOON)
    invite_member(actor=ada, email="abe@example.com", role="manager", at=NOON)
    withdrawn = invite_member(actor=ada, email="wes@example.com", role="agent", at=NOON)
    withdraw_invitation(actor=ada, invitation_id=withdrawn.pk, at=NOON)


def _settings(history: History) -> None:
    ada = history.ada
    custom = {"destination_url": "https://example.com/out"}
    for key, name, kind, account, settings in (
        ("shop", "Shop line", "custom_channel", "+34911222333", {**custom, "id_type": "phone"}),
        ("odd", '=Odd; "line"', "custom_channel", "@odd", {**custom, "id_type": "custom"}),
        ("wa", "Número", "custom_channel", "+5215512345678", {**custom, "id_type": "phone"}),
        ("mail", "Help desk", "other_email", "help@example.com", {"address": "help@example.com"}),
        ("chat", "Site", "web_chat", "", {}),
        ("bot", "Bot line", "custom_channel", "", {**custom, "id_type": "phone"}),
        ("away", "Away line", "custom_channel", "-away", {**custom, "id_type": "phone"}),
        ("doomed", "Old line", "custom_channel", "+34900000001", {**custom, "id_type": "phone"}),
    ):
        history.channels[key] = a_channel(ada, name=name, kind=kind, account=account, settings=settings)
    for name in ("Shipping; fast", "Refunds", "=Sum", "Old topic"):
        history.topics[name] = actions.add_topic(actor=ada, name=name, at=NOON)
    for name in ("Angry", "+Praise; big", "Old tag"):
        history.tags[name] = actions.add_message_tag(actor=ada, name=name, at=NOON)
    for name in ("Order status", "-Discount"):
        actions.add_closing_category(actor=ada, name=name, at=NOON)
    for name, kind, allowed in (
        ("Notes", "text", ()), ("Plan", "list", ("Gold", "Free; tier")), ("VIP", "checkbox", ()),
        ("Work mail", "email", ()), ("Points", "number", ()), ("Site", "url", ()), ("Since", "date", ()),
        ("Call at", "time", ()),
    ):  # fmt: skip
        add_contact_field(actor=ada, name=name, kind=kind, allowed_values=allowed, at=NOON)
    add_stage(actor=ada, name="=Customer; gold", at=NOON)
    InboxSettings.objects.create(workspace_id=history.workspace_id, auto_resolve_days=30)
