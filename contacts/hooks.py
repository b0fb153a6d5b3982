"""What webhooks tell about contacts."""

from django.utils.translation import gettext_lazy as _

from contacts import events
from contacts.bodies import Body, contact_bodies, person_body
from contacts.models import LifecycleStage, Tag
from contacts.queries import contact_fields, visible_contacts
from workspaces.actors import Actor, ActorKind
from workspaces.hook_kinds import HookKind, LoggedEvent
from workspaces.models import User


def contact_part(event: LoggedEvent) -> Body:
    """Return the contact of an event as it is now; of one that is gone, the id."""
    system = Actor.system(workspace_id=event.workspace_id)
    rows = visible_contacts(system).select_related("stage", "assignee").filter(pk=event.subject_id)
    bodies = contact_bodies(list(rows), fields=contact_fields(system))
    return bodies[0] if bodies else {"id": event.subject_id}


def user_part(user_id: int | None) -> Body | None:
    """Return a person as they are told, or None."""
    user = User.objects.filter(pk=user_id).first() if user_id is not None else None
    return None if user is None else person_body(user)


def actor_part(event: LoggedEvent) -> Body | None:
    """Return the person who did it; None when it was a program or the product."""
    return user_part(event.actor_id if event.actor_kind == ActorKind.USER else None)


def _changed(event: LoggedEvent) -> Body:
    return {
        "contact": contact_part(event),
        "user": actor_part(event),
        "source": event.data.get("source"),
    }


def _tags_changed(event: LoggedEvent) -> Body:
    ids = {tag_id for name in ("added", "removed") for tag_id in event.data[name]}
    names = dict(Tag.objects.in_workspace(event.workspace_id).filter(pk__in=ids).values_list("pk", "name"))
    tag = {act: [names[tag_id] for tag_id in event.data[act] if tag_id in names] for act in ("added", "removed")}
    return {**_changed(event), "tag": tag}


def _stage_changed(event: LoggedEvent) -> Body:
    ends = {"oldLifecycle": event.data["old"], "newLifecycle": event.data["new"]}
    rows = LifecycleStage.objects.in_workspace(event.workspace_id).filter(pk__in=[end for end in ends.values() if end])
    names = dict(rows.values_list("pk", "name"))
    return {**_changed(event), **{end: names.get(stage_id) for end, stage_id in ends.items()}}


def _assignee_changed(event: LoggedEvent) -> Body:
    return {
        **_changed(event),
        "oldAssignee": user_part(event.data["old"]),
        "newAssignee": user_part(event.data["new"]),
    }


UPDATED = HookKind("contact.updated", _("A contact was changed"), _changed)
HOOKS = {
    events.ContactAdded.type: HookKind("contact.created", _("A contact was added"), _changed),
    events.ContactUpdated.type: UPDATED,
    events.ContactMerged.type: UPDATED,
    events.TagsChanged.type: HookKind("contact.tag.updated", _("A contact’s tags changed"), _tags_changed),
    events.AssigneeChanged.type: HookKind(
        "contact.assignee.updated", _("A contact went to somebody else"), _assignee_changed
    ),
    events.StageChanged.type: HookKind(
        "contact.lifecycle.updated", _("A contact’s lifecycle stage changed"), _stage_changed
    ),
}
