"""A channel whose credentials are refused: marked once, its owners told once, its messages held until it is repaired."""

from datetime import datetime

from django.db import transaction

from inbox.channel_notices import BROKEN
from inbox.delivery_events import ChannelBroken
from inbox.models import Channel, Delivery, Message
from workspaces import jobs
from workspaces.actions import News, notify
from workspaces.actors import Actor
from workspaces.events import record
from workspaces.jobs import Job
from workspaces.models import Membership, Notification
from workspaces.permissions import Role

RINGS_AT_ONCE = 50  # the sweep rings for the others


@transaction.atomic
def mark_broken(*, workspace_id: int, channel_id: int, code: str, text: str, at: datetime) -> None:
    """Mark a channel that worked until now, and tell owners and managers; whoever comes second changes nothing."""
    channels = Channel.objects.in_workspace(workspace_id).select_for_update(of=("self",))
    channel = channels.filter(pk=channel_id).first()
    if channel is None or channel.state != Channel.State.ACTIVE:
        return
    channel.state, channel.trouble = Channel.State.BROKEN, text[:300]
    channel.save(update_fields=["state", "trouble"])
    actor = Actor.system(workspace_id=workspace_id)
    record(ChannelBroken(subject_id=channel_id, code=code), actor=actor, at=at)
    told = Notification.objects.in_workspace(workspace_id).filter(kind=BROKEN, subject_id=channel_id)
    told.delete()  # of an earlier time: this is news again
    members = Membership.objects.in_workspace(workspace_id).filter(role__in=(Role.OWNER, Role.MANAGER))
    for user_id in members.order_by("pk").values_list("user_id", flat=True):
        news = News(
            kind=BROKEN,
            subject_kind="channel",
            subject_id=channel_id,
            facts={"channel": channel.name, "text": text[:300]},
        )
        notify(actor=actor, user_id=user_id, news=news, by_mail=True, at=at)


def release_held(*, workspace_id: int, channel_id: int, at: datetime) -> int:
    """Make a channel's held messages due, in the open scope, and return how many there were."""
    held = Message.objects.in_workspace(workspace_id).filter(
        channel_id=channel_id, status=Delivery.QUEUED, next_attempt_at__isnull=True
    )
    first = list(held.order_by("pk").values_list("pk", flat=True)[:RINGS_AT_ONCE])
    released = held.update(next_attempt_at=at)
    for message_id in first:
        jobs.wake(Job.DELIVER_MESSAGE, workspace_id=workspace_id, message_id=message_id)
    return released
