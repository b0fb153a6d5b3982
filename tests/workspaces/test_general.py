import pytest

from tests.factories import NOON, Cast, a_person, everything_in
from workspaces.actions import WorkspaceSettings, change_workspace, create_workspace
from workspaces.errors import PermissionMissing, ValueNotValid
from workspaces.models import EventRecord, Membership, Workspace
from workspaces.scope import workspace_scope


def test_a_workspace_begins_with_its_owner_and_two_events(cast: Cast) -> None:
    founder = a_person("founder@example.com", "Fay Ito")
    settings = WorkspaceSettings(name="  Initech  Ltd ", time_zone="Europe/Madrid", default_country="es", language="es")
    workspace = create_workspace(
        owner_id=founder.pk, organization_id=cast.acme.organization_id, settings=settings, at=NOON
    )
    with workspace_scope(workspace.pk):
        row = Workspace.objects.get()
        assert (row.name, row.time_zone, row.default_country) == ("Initech Ltd", "Europe/Madrid", "ES")
        assert list(Membership.objects.values_list("user_id", "role")) == [(founder.pk, "owner")]
        types = EventRecord.objects.order_by("pk").values_list("type", "actor_id")
        assert list(types) == [
            ("workspaces.workspace.created", founder.pk),
            ("workspaces.member.joined", founder.pk),
        ]


def test_changed_settings_are_recorded_with_old_and_new_values(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        settings = WorkspaceSettings(name="Acme", time_zone="America/Bogota", api_rate_per_second=20)
        changed = change_workspace(actor=cast.max, settings=settings, at=NOON)
        assert (changed.time_zone, changed.api_rate_per_second) == ("America/Bogota", 20)
        event = EventRecord.objects.get(type="workspaces.workspace.changed")
        assert event.data == {"changes": {"time_zone": ["UTC", "America/Bogota"], "api_rate_per_second": [5, 20]}}


def test_saving_the_same_settings_records_nothing(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        before = everything_in(cast.acme)
        change_workspace(actor=cast.ada, settings=WorkspaceSettings(name="Acme"), at=NOON)
        assert everything_in(cast.acme) == before


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("name", WorkspaceSettings(name="   ")),
        ("name", WorkspaceSettings(name="x" * 121)),
        ("time_zone", WorkspaceSettings(name="Acme", time_zone="Mars/Olympus")),
        ("default_country", WorkspaceSettings(name="Acme", default_country="ZZ")),
        ("language", WorkspaceSettings(name="Acme", language="fr")),
        ("api_rate_per_second", WorkspaceSettings(name="Acme", api_rate_per_second=0)),
        ("api_rate_per_second", WorkspaceSettings(name="Acme", api_rate_per_second=101)),
    ],
)
def test_settings_that_are_not_right_change_nothing(cast: Cast, field: str, wrong: WorkspaceSettings) -> None:
    with workspace_scope(cast.acme.pk):
        before = everything_in(cast.acme)
        with pytest.raises(ValueNotValid) as refused:
            change_workspace(actor=cast.ada, settings=wrong, at=NOON)
        assert refused.value.field == field
        assert everything_in(cast.acme) == before


def test_an_agent_changes_no_settings(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        before = everything_in(cast.acme)
        with pytest.raises(PermissionMissing):
            change_workspace(actor=cast.ben, settings=WorkspaceSettings(name="Mine"), at=NOON)
        assert everything_in(cast.acme) == before
