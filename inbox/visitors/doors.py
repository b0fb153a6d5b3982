"""From what a browser shows to a chat and a visitor of it: the key in the address, then the token in the header."""

from dataclasses import dataclass

from inbox.channels.web_chat import Looks
from inbox.queries.visiting import chat_channel, chat_place
from inbox.visitors.errors import IdentityRequired, VisitorUnknown, WidgetNotFound
from inbox.visitors.tokens import Visitor, mark_of, visitor_of
from workspaces.actors import Actor
from workspaces.scope import workspace_scope
from workspaces.sealing import unseal


@dataclass(frozen=True, slots=True)
class Chat:
    """A web chat that is connected: its channel, how it looks, and the secret by which its site vouches for people."""

    workspace_id: int
    channel_id: int
    key: str
    looks: Looks
    identity_secret: str

    @property
    def actor(self) -> Actor:
        """The product itself: a visitor is nobody's member, so queries narrow to the visitor's own address."""
        return Actor.system(workspace_id=self.workspace_id)


def chat_at(key: str) -> Chat:
    """Return the chat at a key, read in a scope of its own; raise WidgetNotFound."""
    place = chat_place(key)
    if place is None:
        raise WidgetNotFound
    with workspace_scope(place.workspace_id):
        channel = chat_channel(Actor.system(workspace_id=place.workspace_id), place.channel_id)
    if channel is None:
        raise WidgetNotFound
    return Chat(
        workspace_id=place.workspace_id,
        channel_id=place.channel_id,
        key=key,
        looks=Looks.of(channel.settings, name=channel.name),
        identity_secret=unseal(channel.sealed_secrets).get("identity_secret", ""),
    )


def live_visitor(token: str, *, channel_key: str) -> Visitor:
    """Return whose token it is, if their chat still takes it: what sockets ask. Opens a scope of its own."""
    return visitor_in(chat_at(channel_key), token)


def visitor_in(chat: Chat, token: str) -> Visitor:
    """Return whose token it is; raise VisitorUnknown, or IdentityRequired where nobody anonymous may write any more."""
    visitor = visitor_of(token, channel_key=chat.key)
    if (visitor.workspace_id, visitor.channel_id) != (chat.workspace_id, chat.channel_id):
        raise VisitorUnknown
    if visitor.is_verified and visitor.secret_mark != mark_of(chat.identity_secret):
        raise VisitorUnknown
    if not visitor.is_verified and chat.looks.identity_required:
        raise IdentityRequired
    return visitor
