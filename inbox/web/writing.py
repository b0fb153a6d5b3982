"""What happens to the words of the composer: variables filled, mentions named, files stored, and all given back on a refusal."""

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from contacts.identifiers import Identifier
from contacts.models import Contact
from inbox import actions, variables
from inbox.file_store import store_bytes
from inbox.queries.behaviour import settings_of
from inbox.queries.thread import drafts_of, files_named, latest_conversation, lock_on
from inbox.queries.variable_facts import variable_facts
from inbox.web.composer_context import Composer, channel_choices, composer_of
from inbox.web.composing import Written
from inbox.web.mentions import mention_names, to_stored
from inbox.web.message_words import FileShown, file_url
from workspaces.actors import Actor
from workspaces.permissions import Permission
from workspaces.queries import members


class VariablesMissing(Exception):
    """A text holds variables without a value; the person decides whether it goes out like that."""

    def __init__(self, names: tuple[str, ...]) -> None:
        super().__init__(", ".join(names))
        self.names = names


@transaction.atomic
def write_reply(actor: Actor, contact: Contact, written: Written, *, at: datetime) -> None:
    """Send what was written; it can be taken back for the workspace's number of seconds."""
    text = written.text
    if variables.has_variables(text):
        text, missing = variables.render(text, variable_facts(actor, contact, at=at))
        if missing and not written.anyway:
            raise VariablesMissing(missing)
    chosen = [one for one in channel_choices(actor, contact, at=at) if one.channel_id == written.channel_id]
    actions.send_message(
        actor=actor,
        contact=Identifier.of(contact.pk),
        channel_id=written.channel_id,
        content=written.content(text=text, is_email=any(one.is_email for one in chosen)),
        idempotency_key=f"page:{actor.user_id}:{written.key}",
        hold=timedelta(seconds=settings_of(actor.workspace_id).undo_seconds),
        at=at,
    )
    conversation = latest_conversation(actor, contact.pk)
    if written.topic_ids and conversation is not None and actor.may(Permission.CONVERSATION_WRITE):
        actions.put_topics(actor=actor, conversation_id=conversation.pk, topic_ids=written.topic_ids, at=at)
    _forget_draft(actor, contact, is_comment=False, at=at)


@transaction.atomic
def write_comment(actor: Actor, contact: Contact, written: Written, *, at: datetime) -> None:
    """Add what was written as a comment, written names turned into mentions."""
    text = to_stored(written.comment, mention_names(members(actor)))
    actions.add_comment(actor=actor, contact=Identifier.of(contact.pk), text=text, at=at)
    _forget_draft(actor, contact, is_comment=True, at=at)


def stored_upload(actor: Actor, upload: "UploadedFile[Any]", *, at: datetime) -> int:
    """Store an uploaded file outside of any transaction, and return its id."""
    row = store_bytes(
        workspace_id=actor.workspace_id,
        name=upload.name or _("File"),
        data=upload,
        uploaded_by_id=actor.user_id,
        at=at,
    )
    return row.pk


def composer_now(
    actor: Actor, contact: Contact, *, at: datetime, mode: str = "", channel_id: int | None = None
) -> Composer:
    """Return the composer as it stands now."""
    conversation = latest_conversation(actor, contact.pk)
    lock = lock_on(actor, conversation.pk) if conversation is not None and conversation.is_open else None
    mode = mode if mode in {"reply", "comment"} else ""
    return composer_of(actor, contact, lock=lock, at=at, mode=mode, channel_id=channel_id)


def given_back(
    actor: Actor, contact: Contact, written: Written, *, error: str, missing: tuple[str, ...], at: datetime
) -> Composer:
    """Return the composer with everything that was in it, and why it came back."""
    mode = "comment" if written.is_comment else "reply"
    composer = composer_now(actor, contact, at=at, mode=mode, channel_id=written.channel_id)
    composer.key = written.key or str(uuid.uuid4())
    composer.text, composer.comment = written.text, written.comment
    composer.subject, composer.cc, composer.bcc = written.subject, written.cc, written.bcc
    composer.error, composer.missing = error, missing
    composer.topic_ids = list(written.topic_ids)
    rows = files_named(actor, written.file_ids)
    composer.file_ids = [one for one in written.file_ids if one in rows]
    composer.files = [
        FileShown(row.name, row.kind, file_url(actor.workspace_id, row.pk), row.size_bytes, is_picture=False)
        for row in (rows[one] for one in composer.file_ids)
    ]
    return composer


def _forget_draft(actor: Actor, contact: Contact, *, is_comment: bool, at: datetime) -> None:
    if is_comment in drafts_of(actor, contact.pk):
        actions.save_draft(
            actor=actor, contact=Identifier.of(contact.pk), text="", is_comment=is_comment, channel_id=None, at=at
        )
