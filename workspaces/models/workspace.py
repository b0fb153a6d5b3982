from django.db import models


class Organization(models.Model):
    """Owns workspaces and the people in them."""

    name = models.CharField(max_length=120)
    may_export_data = models.BooleanField(
        default=True, db_default=True
    )  # its plan; `manage.py data_export` switches it
    created_at = models.DateTimeField()


class Workspace(models.Model):
    """The tenant: an independent account with its own contacts, people and settings."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="workspaces")
    name = models.CharField(max_length=120)
    time_zone = models.CharField(max_length=64, default="UTC")
    default_country = models.CharField(max_length=2, blank=True, default="")
    language = models.CharField(max_length=8, default="en")
    api_rate_per_second = models.PositiveSmallIntegerField(default=5)
    working_hours = models.JSONField(null=True, blank=True, default=None)  # as workspaces.working_hours stores them
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(api_rate_per_second__gte=1), name="workspace_rate_is_positive"),
        ]
