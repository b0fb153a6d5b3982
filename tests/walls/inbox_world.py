"""What a workspace's inbox holds, for the walk over all routes: one of everything, each with the workspace's word in it."""

from contacts.identifiers import Identifier
from contacts.models import Contact
from inbox import actions
from inbox.channels.contract import Incoming
from inbox.content import Content
from inbox.models import (
    Channel,
    ClosingCategory,
    ContactChannel,
    Conversation,
    CustomInbox,
    InboundEvent,
    MessageTag,
    Snippet,
    StoredFile,
    Topic,
)
from tests.factories import NOON
from workspaces.actors import Actor


def fill_inbox(owner: Actor, contact: Contact, *, word: str) -> dict[str, object]:
    """Let the contact write, a person answer, and the settings have one of each; return ids by the names of routes' parts."""
    workspace_id = owner.workspace_id
    here = {"workspace_id": workspace_id}
    channel = Channel.objects.create(
        **here,
        kind="custom_channel",
        name=f"{word} channel",
        key=f"key-{workspace_id}"[:32],
        settings={"id_type": "custom", "destination_url": f"https://{word.lower()}.example.com/out"},
        created_at=NOON,
    )
    ContactChannel.objects.create(
        **here, contact_id=contact.pk, channel_id=channel.pk, external_id=f"{word}-1", name=word, created_at=NOON
    )
    asked = actions.receive_message(
        actor=Actor.system(workspace_id=workspace_id),
        channel=channel,
        incoming=Incoming(external_id=f"{word}-1", message_id=f"{word}-m1", occurred_at=NOON, text=f"{word} asks"),
        at=NOON,
    )
    assert asked is not None
    cleo = Identifier.of(contact.pk)
    reply = actions.send_message(
        actor=owner,
        contact=cleo,
        channel_id=channel.pk,
        content=Content(text=f"{word} answers"),
        idempotency_key=word,
        at=NOON,
    )
    actions.add_comment(actor=owner, contact=cleo, text=f"{word} comment", at=NOON)
    conversation = Conversation.objects.in_workspace(workspace_id).get()
    category = ClosingCategory.objects.create(**here, name=f"{word} category", created_at=NOON)
    topic = Topic.objects.create(**here, name=f"{word} topic", created_at=NOON)
    tag = MessageTag.objects.create(**here, name=f"{word} message tag", created_at=NOON)
    snippet = Snippet.objects.create(**here, name=f"{word} snippet", text=word, created_at=NOON, updated_at=NOON)
    stored = StoredFile.objects.create(
        **here,
        key=f"ws/{workspace_id}/nowhere",
        name=f"{word}.txt",
        media_type="text/plain",
        kind="file",
        size_bytes=4,
        sha256="0" * 64,
        in_library=True,
        created_at=NOON,
    )
    saved = CustomInbox.objects.create(**here, owner_id=owner.user_id or 0, name=f"{word} saved", created_at=NOON)
    dead = InboundEvent.objects.create(
        **here,
        channel_id=channel.pk,
        provider_event_id=f"{word}-dead",
        sender=f"{word}-1",
        payload={"word": word},
        state=InboundEvent.State.DEAD,
        next_attempt_at=NOON,
        received_at=NOON,
        error=word,
    )
    robot = actions.add_virtual_agent(actor=owner, name=f"{word} robot", kind="virtual_agent", at=NOON)
    actions.delegate_conversation(actor=owner, virtual_agent_id=robot.pk, conversation_id=conversation.pk, at=NOON)
    actions.add_broadcast(actor=owner, name=f"{word} broadcast", at=NOON)
    return {
        "virtual_agent_id": robot.pk,
        "channel_id": channel.pk,
        "channel_key": channel.key,
        "conversation_id": conversation.pk,
        "message_id": reply.pk,
        "category_id": category.pk,
        "topic_id": topic.pk,
        "message_tag_id": tag.pk,
        "snippet_id": snippet.pk,
        "file_id": stored.pk,
        "event_id": dead.pk,
        "view": "all",
        "inbox_id": saved.pk,
    }
