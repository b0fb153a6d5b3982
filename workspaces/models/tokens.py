from django.contrib.postgres.fields import ArrayField
from django.db import models

from workspaces.models.people import User
from workspaces.models.walled import Walled, WalledManager


class ApiToken(Walled):
    """A program's way in. The token is shown once; its SHA-256 and last characters are kept."""

    name = models.CharField(max_length=80)
    secret_sha256 = models.BinaryField(max_length=32, unique=True)
    ending = models.CharField(max_length=8)
    scopes = ArrayField(models.CharField(max_length=16), default=list)
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = WalledManager["ApiToken"]()

    class Meta:
        indexes = [models.Index(fields=["workspace", "id"], name="token_in_workspace")]
