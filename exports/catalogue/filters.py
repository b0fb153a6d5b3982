"""What each filter lets people choose: values of an enumeration, or ids of the workspace's rows."""

from collections.abc import Callable, Collection, Iterable

from django.utils.translation import gettext_lazy as _

from contacts.models import Tag
from exports.catalogue.datasets import Dataset
from inbox.models import Broadcast, Channel
from reports.definitions.enums import ENUMS
from reports.definitions.filters import Filter
from workspaces.models import FormerMember, FormerTeam, Membership, Team

MOST = 200  # of broadcasts, the newest first


def _senders(dataset: Dataset) -> tuple[str, ...]:
    return next(column.values or ENUMS["sender_type"] for column in dataset.columns if column.key == "sender_type")


def _statuses(dataset: Dataset) -> tuple[str, ...]:
    return ("NEW", "PENDING") if dataset.key == "open_conversations" else ENUMS["conversation_status"]


VALUES_OF: dict[Filter, Callable[[Dataset], tuple[str, ...]]] = {
    Filter.CONVERSATION_STATES: lambda _dataset: ENUMS["conversation_state"],
    Filter.STATUSES: _statuses,
    Filter.FLOWS: lambda _dataset: ENUMS["message_flow"],
    Filter.SENDER_TYPES: _senders,
    Filter.MESSAGE_STATUSES: lambda _dataset: ENUMS["message_status"],
    Filter.USER_STATUSES: lambda _dataset: ENUMS["user_status"],
}


def choices_of(workspace_id: int, name: Filter, dataset: Dataset) -> list[tuple[str, str]]:
    """Return what a form offers for a filter: value and words. People and teams of the past come last."""
    known = VALUES_OF.get(name)
    if known is not None:
        return [(value, value) for value in known(dataset)]
    if name is Filter.CHANNELS:
        return _named(Channel.objects.in_workspace(workspace_id).order_by("name", "pk").values_list("pk", "name"))
    if name is Filter.CONTACT_TAGS:
        return _named(Tag.objects.in_workspace(workspace_id).order_by("name", "pk").values_list("pk", "name"))
    if name is Filter.BROADCASTS:
        return _named(Broadcast.objects.in_workspace(workspace_id).order_by("-pk").values_list("pk", "name")[:MOST])
    if name is Filter.TEAMS:
        now = Team.objects.in_workspace(workspace_id).order_by("name", "pk").values_list("pk", "name")
        past = FormerTeam.objects.in_workspace(workspace_id).order_by("name", "pk").values_list("team_id", "name")
        return [*_named(now), *_named(past)]
    nobody = [("0", str(_("Unassigned")))] if name is Filter.ASSIGNEES else []
    return [*nobody, *_people(Membership, workspace_id), *_people(FormerMember, workspace_id)]


def ids_of(workspace_id: int, name: Filter, asked: Collection[int]) -> set[int]:
    """Return those of the asked ids that the workspace has; people and teams of the past are among them, 0 is nobody."""
    if name is Filter.CHANNELS:
        return _known(Channel, workspace_id, "pk", asked)
    if name is Filter.CONTACT_TAGS:
        return _known(Tag, workspace_id, "pk", asked)
    if name is Filter.BROADCASTS:
        return _known(Broadcast, workspace_id, "pk", asked)
    if name is Filter.TEAMS:
        return _known(Team, workspace_id, "pk", asked) | _known(FormerTeam, workspace_id, "team_id", asked)
    people = _known(Membership, workspace_id, "user_id", asked) | _known(FormerMember, workspace_id, "user_id", asked)
    return people | ({0} if name is Filter.ASSIGNEES else set())


def _named(rows: Iterable[tuple[int, str]]) -> list[tuple[str, str]]:
    return [(str(pk), name) for pk, name in rows]


def _people(model: type[Membership] | type[FormerMember], workspace_id: int) -> list[tuple[str, str]]:
    rows = model.objects.in_workspace(workspace_id).select_related("user").order_by("user__first_name", "user_id")
    return [(str(row.user_id), row.user.name) for row in rows]


def _known(model: type, workspace_id: int, column: str, asked: Collection[int]) -> set[int]:
    rows = model.objects.in_workspace(workspace_id)  # type: ignore[attr-defined]  # every one is a walled table
    return set(rows.filter(**{f"{column}__in": asked}).values_list(column, flat=True))
