"""The roll-up of reports: what was counted, by day (docs/adr/0017-reports-count-from-tallies.md).

Ids that are missing stand as 0 and texts as '', so that one unique key holds them. Texts have no length: a trigger that copies
them must never be what a write fails on.
"""

from django.db import models

from workspaces.models import Walled, WalledInBulk, WalledManager


class ContactTallyDelta(WalledInBulk):
    """What lines of the contact log came (n > 0) or went (n < 0) in one statement, not folded yet. Written by triggers only.

    `slot` is the line's moment, cut to the quarter hour: all of it is one day, in any time zone.
    """

    slot = models.DateTimeField()
    kind = models.TextField()
    source = models.TextField()
    channel_id = models.BigIntegerField()
    user_id = models.BigIntegerField()
    n = models.BigIntegerField()

    objects = WalledManager["ContactTallyDelta"]()

    class Meta:
        indexes = [models.Index(fields=["workspace"], name="contact_deltas")]


class ContactTally(WalledInBulk):
    """How many lines of the contact log a day of the workspace's time zone has; no row stands for none."""

    pk = models.CompositePrimaryKey("workspace_id", "day", "kind", "source", "channel_id", "user_id")
    day = models.DateField()
    kind = models.TextField()
    source = models.TextField()
    channel_id = models.BigIntegerField()
    user_id = models.BigIntegerField()
    n = models.BigIntegerField()

    objects = WalledManager["ContactTally"]()


class MessageTallyDelta(WalledInBulk):
    """What messages came (n > 0) or went (n < 0), not folded yet. Written by triggers only.

    `status` is the outward one (`reports.definitions.messages.STATUS`), '' of incoming ones; cancelled ones are counted nowhere.
    `team_id` is the team that whoever wrote it was of then; it may be gone.
    """

    slot = models.DateTimeField()
    direction = models.TextField()
    status = models.TextField()
    sender_kind = models.TextField()
    channel_id = models.BigIntegerField()
    user_id = models.BigIntegerField()
    team_id = models.BigIntegerField()
    sender_id = models.BigIntegerField()
    n = models.BigIntegerField()

    objects = WalledManager["MessageTallyDelta"]()

    class Meta:
        indexes = [models.Index(fields=["workspace"], name="message_deltas")]


class MessageTally(WalledInBulk):
    """How many messages a day of the workspace's time zone has; no row stands for none."""

    pk = models.CompositePrimaryKey(
        "workspace_id", "day", "direction", "status", "sender_kind", "channel_id", "user_id", "team_id", "sender_id"
    )
    day = models.DateField()
    direction = models.TextField()
    status = models.TextField()
    sender_kind = models.TextField()
    channel_id = models.BigIntegerField()
    user_id = models.BigIntegerField()
    team_id = models.BigIntegerField()
    sender_id = models.BigIntegerField()
    n = models.BigIntegerField()

    objects = WalledManager["MessageTally"]()


class TallyState(Walled):
    """The workspace's tallies are built, by days of this time zone. Without a row there are none, and reports read raw rows."""

    time_zone = models.CharField(max_length=64)
    built_at = models.DateTimeField()

    objects = WalledManager["TallyState"]()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace"], name="tallies_built_once")]
