"""What bells missed: rows say what is due, in any workspace, and the sweep rings for it."""

from datetime import timedelta

from django.db import connection

from inbox.access import contact_for_work
from inbox.actions.delivery_records import join_early
from inbox.models import Message
from workspaces import jobs
from workspaces.actors import Actor
from workspaces.jobs import Clock, Job
from workspaces.sweeps import sweep_rows

INBOUND_DUE = "SELECT workspace_id, channel_id FROM inbound_due(%s)"
MESSAGES_DUE = "SELECT workspace_id, message_id FROM messages_due(%s)"
ATTACHMENTS_DUE = "SELECT workspace_id, attachment_id FROM attachments_due(%s)"
STATUSES_DUE = "SELECT workspace_id, message_id FROM early_statuses_due()"
FORGET = "SELECT forget_deliveries(%s, %s)"
KEEP_DELIVERIES = timedelta(days=14)  # those that were worked off; dead ones wait for somebody
KEEP_EARLY_STATUSES = timedelta(days=7)


def sweep_deliveries(*, clock: Clock) -> None:
    """Ring for deliveries, messages and files that wait; join statuses that missed their message; forget what is old."""
    at = clock()
    with connection.cursor() as cursor:
        cursor.execute(INBOUND_DUE, [at])
        inbound = cursor.fetchall()
        cursor.execute(MESSAGES_DUE, [at])
        messages = cursor.fetchall()
        cursor.execute(ATTACHMENTS_DUE, [at])
        attachments = cursor.fetchall()
        cursor.execute(FORGET, [at - KEEP_DELIVERIES, at - KEEP_EARLY_STATUSES])
    for workspace_id, channel_id in inbound:
        jobs.ring(Job.TAKE_IN, workspace_id=workspace_id, channel_id=channel_id)
    for workspace_id, message_id in messages:
        jobs.ring(Job.DELIVER_MESSAGE, workspace_id=workspace_id, message_id=message_id)
    for workspace_id, attachment_id in attachments:
        jobs.ring(Job.FETCH_ATTACHMENT, workspace_id=workspace_id, attachment_id=attachment_id)

    def join(actor: Actor, message_id: int) -> None:
        messages = Message.objects.in_workspace(actor.workspace_id)
        contact_id = messages.filter(pk=message_id).values_list("contact_id", flat=True).first()
        if contact_for_work(actor.workspace_id, contact_id) is not None:
            join_early(messages.select_for_update(of=("self",)).get(pk=message_id), at=clock())

    sweep_rows(STATUSES_DUE, [], join, sweep="sweep_deliveries")
