from django.db import models

from contacts.models import Contact
from workspaces.models import User, Walled, WalledManager


class Channel(Walled):
    """A connected account of a network. Its secrets are sealed (`workspaces.sealing`); its kind names a module of `inbox.channels`."""

    class State(models.TextChoices):
        ACTIVE = "active"
        BROKEN = "broken"  # the other side refuses our credentials: messages are held until somebody repairs it
        DISCONNECTED = "disconnected"
        DELETED = "deleted"  # its row stays for what past messages say of it: kind, name and account, nothing else

    SHUT = (State.DISCONNECTED, State.DELETED)

    kind = models.CharField(max_length=32)
    name = models.CharField(max_length=80)
    account = models.CharField(
        max_length=255, blank=True, default="", db_default=""
    )  # its name on the network: number, address, handle
    key = models.CharField(max_length=32, unique=True)  # random; stands in addresses, and is no secret by itself
    settings = models.JSONField(default=dict)
    sealed_secrets = models.TextField(blank=True, default="")
    token_sha256 = models.BinaryField(max_length=32, null=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.ACTIVE)
    trouble = models.CharField(max_length=300, blank=True, default="")
    sends_per_minute = models.PositiveIntegerField(default=600)
    quiet_until = models.DateTimeField(
        null=True, blank=True
    )  # told to wait by the other side, or the minute's sends are spent
    cursor = models.JSONField(default=dict)  # where a channel that fetches stands, such as a mailbox
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    disconnected_at = models.DateTimeField(null=True, blank=True)

    objects = WalledManager["Channel"]()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "id"], name="channel_in_workspace"),
            models.UniqueConstraint(
                fields=["token_sha256"], condition=models.Q(token_sha256__isnull=False), name="channel_by_token"
            ),
        ]

    @property
    def is_open(self) -> bool:
        """Whether messages may still be written on it; a broken one holds them."""
        return self.state not in self.SHUT


class ContactChannel(Walled):
    """A contact's address on one channel, its identity there. No two contacts share one."""

    class State(models.TextChoices):
        REACHABLE = "reachable"
        UNREACHABLE = "unreachable"  # blocked us, unsubscribed, or gone

    contact = models.ForeignKey(
        Contact, on_delete=models.CASCADE, related_name="channel_links", db_index=False, db_constraint=False
    )
    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="contact_links", db_index=False)
    external_id = models.CharField(max_length=255)
    name = models.CharField(max_length=255, blank=True, default="")
    meta = models.JSONField(default=dict)
    state = models.CharField(max_length=12, choices=State.choices, default=State.REACHABLE)
    is_verified = models.BooleanField(
        default=True
    )  # False: only claimed, as by an anonymous visitor or an unproven sender
    last_message_at = models.DateTimeField(null=True, blank=True)
    last_incoming_at = models.DateTimeField(null=True, blank=True)
    connected_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    objects = WalledManager["ContactChannel"]()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "channel", "external_id"], name="identity_on_channel")
        ]
        indexes = [models.Index(fields=["workspace", "contact"], name="channels_of_contact")]


class InboundEvent(Walled):
    """What a channel delivered, as it came: written before the 2xx, worked off later in order per sender."""

    class State(models.TextChoices):
        PENDING = "pending"
        DONE = "done"
        DEAD = "dead"  # somebody may replay it once the cause is mended

    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="+", db_index=False)
    provider_event_id = models.CharField(max_length=255)
    sender = models.CharField(max_length=255)  # what order is kept by: the contact's external id
    payload = models.JSONField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField()
    error = models.CharField(max_length=500, blank=True, default="")
    received_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)

    objects = WalledManager["InboundEvent"]()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "channel", "provider_event_id"], name="delivery_once")
        ]
        indexes = [
            models.Index(
                fields=["workspace", "channel", "sender", "id"],
                name="inbound_pending",
                condition=models.Q(state="pending"),
            ),
            models.Index(fields=["workspace", "-id"], name="inbound_dead", condition=models.Q(state="dead")),
        ]
