"""A channel to a server of ours, for the tests of sending."""

from datetime import datetime, timedelta

from inbox import actions
from inbox.channels.contract import StatusReport
from inbox.channels.custom import CONNECTOR
from inbox.models import Channel, ContactChannel, Message, MessageStatus
from tests.factories import NOON, Cast
from tests.inbox.steps import a_channel, hears, says
from tests.workspaces.sinks import Sink
from workspaces.actors import Actor
from workspaces.scope import workspace_scope
from workspaces.sealing import seal

SECOND = timedelta(seconds=1)


class House:
    """One channel to a server of ours, and its messages by their texts."""

    def __init__(self, cast: Cast, sink: Sink, **settings: object) -> None:
        self.cast, self.sink = cast, sink
        self.workspace_id = cast.acme.pk
        secrets = {**CONNECTOR.new_secrets(), "token": "their-token"}
        with workspace_scope(self.workspace_id):
            self.channel = a_channel(
                cast.ada,
                settings={"id_type": "phone", "destination_url": sink.url("/out"), **settings},
                sealed_secrets=seal(secrets),
            )
            self.heard = hears(cast.ada, self.channel)

    def writes(self, *texts: str, heard: Message | None = None, **facts: object) -> list[Message]:
        with workspace_scope(self.workspace_id):
            return [says(self.cast.ada, heard or self.heard, text, **facts) for text in texts]  # type: ignore[arg-type]

    def sends(self, message: Message, *, at: datetime = NOON) -> None:
        actions.deliver_message(workspace_id=self.workspace_id, message_id=message.pk, clock=lambda: at)

    def now(self, message: Message) -> Message:
        with workspace_scope(self.workspace_id):
            return Message.objects.in_workspace(self.workspace_id).get(pk=message.pk)

    def channel_now(self) -> Channel:
        with workspace_scope(self.workspace_id):
            return Channel.objects.in_workspace(self.workspace_id).get(pk=self.channel.pk)

    def change(self, model: type[Message] | type[Channel] | type[ContactChannel], **columns: object) -> None:
        with workspace_scope(self.workspace_id):
            model._default_manager.filter(workspace_id=self.workspace_id).update(**columns)

    def steps(self, message: Message) -> list[str]:
        with workspace_scope(self.workspace_id):
            rows = MessageStatus.objects.in_workspace(self.workspace_id).filter(message_id=message.pk)
            return list(rows.order_by("pk").values_list("status", flat=True))


def report(house: House, status: str, *, number: str = "w1") -> None:
    with workspace_scope(house.workspace_id):
        actions.report_status(
            actor=Actor.system(workspace_id=house.workspace_id),
            channel=house.channel,
            report=StatusReport(message_id=number, status=status, occurred_at=NOON),
            at=NOON,
        )
