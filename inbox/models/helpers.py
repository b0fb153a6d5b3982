"""Who takes part beside people: virtual agents, auto-responders, broadcasts and surveys, and the facts they leave."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from workspaces.models import Walled, WalledInBulk, WalledManager


class VirtualAgent(Walled):
    """A program that answers customers through the API and hands over to people (docs/VIRTUAL_AGENTS.md).

    An auto-responder is one that only answers and hands over: it has no figures of its own. One that was deleted keeps its
    name for the past.
    """

    class Kind(models.TextChoices):
        VIRTUAL_AGENT = "virtual_agent"
        AUTO_RESPONDER = "auto_responder"

    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=14, choices=Kind.choices, default=Kind.VIRTUAL_AGENT)
    channel_ids = ArrayField(models.BigIntegerField(), default=list, blank=True)  # it takes what starts there
    timeout_minutes = models.PositiveIntegerField(default=10)  # how long it waits for the contact before it hands over
    is_on = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    deleted_at = models.DateTimeField(null=True, blank=True)

    objects = WalledManager["VirtualAgent"]()


class VirtualAgentRun(Walled):
    """A span in which a virtual agent or auto-responder holds a conversation; one at a time."""

    class Ending(models.TextChoices):
        HANDED_OVER = "handed_over"
        RESOLVED = "resolved"
        TAKEN = "taken"  # a person wrote, or closed the conversation

    virtual_agent = models.ForeignKey(VirtualAgent, on_delete=models.CASCADE, related_name="+", db_index=False)
    conversation_id = models.BigIntegerField()
    contact_id = models.BigIntegerField()
    started_at = models.DateTimeField()
    waits_until = models.DateTimeField(null=True, blank=True)  # for the contact; empty while the agent is due
    ended_at = models.DateTimeField(null=True, blank=True)
    ending = models.CharField(max_length=11, choices=Ending.choices, blank=True, default="")

    objects = WalledManager["VirtualAgentRun"]()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "conversation_id"], condition=Q(ended_at__isnull=True), name="one_run_at_a_time"
            )
        ]
        indexes = [
            models.Index(fields=["waits_until"], name="runs_that_wait", condition=Q(ended_at__isnull=True)),
        ]


class Handover(WalledInBulk):
    """A conversation went from a virtual agent or auto-responder to the people's queue. The reason is a virtual agent's only."""

    class Reason(models.TextChoices):
        REQUESTED = "VA_REQUESTED"
        CONTACT_TIMEOUT = "CONTACT_TIMEOUT"
        ERROR = "VA_ERROR"

    conversation_id = models.BigIntegerField()
    contact_id = models.BigIntegerField()
    virtual_agent_id = models.BigIntegerField()
    is_auto_responder = models.BooleanField(default=False)
    reason = models.CharField(max_length=16, choices=Reason.choices, blank=True, default="")
    occurred_at = models.DateTimeField()

    objects = WalledManager["Handover"]()

    class Meta:
        indexes = [
            models.Index(fields=["workspace", "conversation_id", "id"], name="handovers_of_conversation"),
            models.Index(fields=["workspace", "occurred_at"], name="handovers_by_moment"),
        ]


class Survey(Walled):
    """A satisfaction survey sent after a resolution, credited to the person who made it and their team of then.

    Whether it is sent, completed, partial or expired follows from its moments (docs/metrics.md, "Surveys").
    """

    conversation_id = models.BigIntegerField()
    contact_id = models.BigIntegerField()
    status_change_id = models.BigIntegerField()  # the resolution
    message_id = models.BigIntegerField(null=True, blank=True)  # the message that carries its address
    user_id = models.BigIntegerField(null=True, blank=True)
    team_id = models.BigIntegerField(null=True, blank=True)
    token_sha256 = models.BinaryField(max_length=32, unique=True)
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    score = models.PositiveSmallIntegerField(null=True, blank=True)
    question = models.CharField(max_length=255, blank=True, default="")  # the follow-up, as it was asked
    answer = models.TextField(blank=True, default="")

    objects = WalledManager["Survey"]()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "status_change_id"], name="one_survey_per_resolution"),
            models.CheckConstraint(
                condition=Q(score__isnull=True) | Q(score__gte=1, score__lte=5), name="score_1_to_5"
            ),
            models.CheckConstraint(
                condition=Q(score__isnull=True, answered_at__isnull=True)
                | Q(score__isnull=False, answered_at__isnull=False),
                name="score_with_its_moment",
            ),
        ]
        indexes = [
            models.Index(fields=["workspace", "conversation_id", "id"], name="surveys_of_conversation"),
            models.Index(fields=["workspace", "answered_at"], name="surveys_by_answer"),
        ]


class Broadcast(Walled):
    """A name under which one message goes to many contacts; its messages carry its id."""

    name = models.CharField(max_length=120)
    created_by_id = models.BigIntegerField(null=True, blank=True)
    created_at = models.DateTimeField()

    objects = WalledManager["Broadcast"]()

    class Meta:
        indexes = [models.Index(fields=["workspace", "-id"], name="broadcasts_newest_first")]
