from django.db.models import Q

from contacts.queries.visibility import visible_contacts
from inbox.file_errors import StoredFileNotFound
from inbox.models import Attachment, StoredFile
from workspaces.actors import Actor
from workspaces.permissions import Permission


def file_for_reading(actor: Actor, file_id: int) -> StoredFile:
    """Return a file that the actor may open: of a visible contact's message, of the library, or their own upload."""
    actor.require(Permission.MESSAGE_READ)
    used = Attachment.objects.in_workspace(actor.workspace_id).filter(
        file_id=file_id, message__contact__in=visible_contacts(actor)
    )
    reasons = Q(in_library=True) | Q(pk__in=used.values("file_id"))
    if actor.user_id is not None:
        reasons |= Q(uploaded_by_id=actor.user_id)
    row = StoredFile.objects.in_workspace(actor.workspace_id).filter(reasons, pk=file_id).first()
    if row is None:
        raise StoredFileNotFound
    return row


def file_by_id(*, workspace_id: int, file_id: int) -> StoredFile | None:
    """Return a file for whoever holds an address that we signed for it."""
    return StoredFile.objects.in_workspace(workspace_id).filter(pk=file_id).first()
