from typing import Self, TypeVar

from django.db import models

from workspaces.models.workspace import Workspace

Row = TypeVar("Row", bound=models.Model)


class WalledQuerySet(models.QuerySet[Row]):
    """Rows of tenant tables."""

    def in_workspace(self, workspace_id: int) -> Self:
        """Keep the rows of one workspace: the first wall, which the planner needs as well."""
        return self.filter(workspace_id=workspace_id)


class WalledManager(models.Manager[Row]):
    """The manager of every tenant table; its reads begin with `in_workspace`."""

    def get_queryset(self) -> WalledQuerySet[Row]:
        return WalledQuerySet(self.model, using=self._db)

    def in_workspace(self, workspace_id: int) -> WalledQuerySet[Row]:
        """Return the rows of one workspace."""
        return self.get_queryset().in_workspace(workspace_id)


class Walled(models.Model):
    """A row that belongs to one workspace; its migration raises the second wall with `wall_in`."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+", db_index=False)

    class Meta:
        abstract = True


class WalledInBulk(models.Model):
    """A walled row that is written by the hundred thousand: the policy already proves its workspace, so no foreign key does."""

    workspace = models.ForeignKey(
        Workspace, on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )

    class Meta:
        abstract = True
