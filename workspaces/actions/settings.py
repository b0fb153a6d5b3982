"""A workspace comes to be, and its own settings."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.transaction import atomic
from django.utils.translation import gettext as _

from workspaces import events
from workspaces.access import workspace_for_update
from workspaces.actions.checks import country_code, language_code, text_of, time_zone_name
from workspaces.actors import Actor
from workspaces.errors import ValueNotValid
from workspaces.events import record, record_all
from workspaces.models import Membership, Organization, Workspace
from workspaces.permissions import Permission, Role
from workspaces.scope import workspace_scope

HIGHEST_RATE = 100
NEXT_ID = "SELECT nextval(pg_get_serial_sequence('workspaces_workspace', 'id'))"


@dataclass(frozen=True, slots=True)
class WorkspaceSettings:
    """What a workspace says about itself. time_zone: an IANA name; default_country: ISO 3166 or ''; rate: requests a second."""

    name: str
    time_zone: str = "UTC"
    default_country: str = ""
    language: str = "en"
    api_rate_per_second: int = 5

    def checked(self) -> dict[str, object]:
        """Return the columns and their values once every one of them is right."""
        if not 1 <= self.api_rate_per_second <= HIGHEST_RATE:
            sentence = _("Write a number from 1 to %(most)s.") % {"most": HIGHEST_RATE}
            raise ValueNotValid(field="api_rate_per_second", sentence=sentence)
        return {
            "name": text_of(self.name, field="name", most=120),
            "time_zone": time_zone_name(self.time_zone),
            "default_country": country_code(self.default_country),
            "language": language_code(self.language),
            "api_rate_per_second": self.api_rate_per_second,
        }


@atomic
def create_organization(*, name: str, at: datetime) -> Organization:
    """Make an organisation, the owner of workspaces."""
    return Organization.objects.create(name=text_of(name, field="name", most=120), created_at=at)


@atomic
def allow_data_export(*, organization_id: int, is_allowed: bool) -> None:
    """Say whether the workspaces of an organisation may export their data; its plan decides, and the operator writes it down."""
    Organization.objects.filter(pk=organization_id).update(may_export_data=is_allowed)


def create_workspace(*, owner_id: int, organization_id: int, settings: WorkspaceSettings, at: datetime) -> Workspace:
    """Make a workspace with its first owner.

    It opens the new workspace's scope, hence runs outside of any other: the row is walled by its own id, so the id is
    drawn first. There is no actor before there is a workspace; who may call it is decided by the command that does.
    """
    columns = settings.checked()
    with connection.cursor() as cursor:
        cursor.execute(NEXT_ID)
        workspace_id = int(cursor.fetchone()[0])
    with workspace_scope(workspace_id):
        workspace = Workspace.objects.create(pk=workspace_id, organization_id=organization_id, created_at=at, **columns)
        Membership.objects.create(workspace=workspace, user_id=owner_id, role=Role.OWNER, created_at=at)
        actor = Actor.member(
            user_id=owner_id, workspace_id=workspace_id, role=Role.OWNER, restrictions=[], team_id=None
        )
        joined = events.MemberJoined(subject_id=owner_id, role=Role.OWNER.value, invitation_id=None)
        record_all([events.WorkspaceCreated(subject_id=workspace_id), joined], actor=actor, at=at)
    return workspace


@atomic
def change_workspace(*, actor: Actor, settings: WorkspaceSettings, at: datetime) -> Workspace:
    """Change the settings of the actor's workspace; what stays the same is not recorded."""
    workspace = workspace_for_update(actor, needs=Permission.SETTINGS_MANAGE)
    changes: dict[str, list[object]] = {}
    for column, value in settings.checked().items():
        if getattr(workspace, column) != value:
            changes[column] = [getattr(workspace, column), value]
            setattr(workspace, column, value)
    if changes:
        workspace.save(update_fields=list(changes))
        record(events.WorkspaceChanged(subject_id=workspace.pk, changes=changes), actor=actor, at=at)
    return workspace
