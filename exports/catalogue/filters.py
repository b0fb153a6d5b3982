"""What each filter lets people choose: values of an enumeration, or ids of the workspace's rows."""

from collections.abc import Callable, Collection

from contacts.models import Tag
from exports.catalogue.datasets import Dataset, Filter
from exports.catalogue.enums import ENUMS
from inbox.models import Broadcast, Channel
from workspaces.models import FormerMember, FormerTeam, Membership, Team


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


def _known(model: type, workspace_id: int, column: str, asked: Collection[int]) -> set[int]:
    rows = model.objects.in_workspace(workspace_id)  # type: ignore[attr-defined]  # every one is a walled table
    return set(rows.filter(**{f"{column}__in": asked}).values_list(column, flat=True))
