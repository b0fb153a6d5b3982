from workspaces.models.notifications import Notification
from workspaces.models.people import Invitation, Membership, Team, User
from workspaces.models.records import EventRecord, IdempotencyRecord
from workspaces.models.tokens import ApiToken
from workspaces.models.walled import Walled, WalledInBulk, WalledManager
from workspaces.models.workspace import Organization, Workspace

__all__ = [
    "ApiToken",
    "EventRecord",
    "IdempotencyRecord",
    "Invitation",
    "Membership",
    "Notification",
    "Organization",
    "Team",
    "User",
    "Walled",
    "WalledInBulk",
    "WalledManager",
    "Workspace",
]
