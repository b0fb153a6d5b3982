from django.db import models
from django.db.models.functions import Lower

from workspaces.models import Walled, WalledManager


class LifecycleStage(Walled):
    """A stage that a contact can be in, such as lead or customer; a contact is in one or none."""

    name = models.CharField(max_length=60)
    position = models.PositiveIntegerField(default=0)

    objects = WalledManager["LifecycleStage"]()

    class Meta:
        constraints = [models.UniqueConstraint("workspace", Lower("name"), name="stage_name_in_workspace")]
