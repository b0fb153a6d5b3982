from workspaces.models.hooks import HookAttempt, HookDelivery, HookEndpoint
from workspaces.models.notifications import Notification
from workspaces.models.people import FormerMember, FormerTeam, Invitation, Membership, Team, User
from workspaces.models.presence import AwayState, Presence, PresenceInterval
from workspaces.models.records import EventRecord, IdempotencyRecord
from workspaces.models.tokens import ApiToken
from workspaces.models.walled import Walled, WalledInBulk, WalledManager
from workspaces.models.workspace import Organization, Workspace

__all__ = [
    "ApiToken",
    "AwayState",
    "EventRecord",
    "FormerMember",
    "FormerTeam",
    "HookAttempt",
    "HookDelivery",
    "HookEndpoint",
    "IdempotencyRecord",
    "Invitation",
    "Membership",
    "Notification",
    "Organization",
    "Presence",
    "PresenceInterval",
    "Team",
    "User",
    "Walled",
    "WalledInBulk",
    "WalledManager",
    "Workspace",
]
