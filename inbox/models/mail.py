from django.db import models

from inbox.models.channels import Channel
from workspaces.models import Walled, WalledManager


class EmailThreadId(Walled):
    """A Message-ID that a mailbox has seen, of mails received and of those they refer to, others' too.

    `carrier` is the received mail through which it became known: whose thread it is, that mail's message says, so merged and
    deleted contacts need no care here. A row outlives its message: a mail that was deleted here does not come back.
    """

    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="+", db_index=False)
    id_sha256 = models.BinaryField(max_length=32)
    carrier = models.CharField(max_length=998)
    is_received = models.BooleanField(default=False)
    seen_at = models.DateTimeField()

    objects = WalledManager["EmailThreadId"]()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "channel", "id_sha256"], name="mail_id_once_per_mailbox")
        ]
