"""Who acts, and where: one frozen value, so that nobody can pass the person and forget the tenant."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from workspaces.errors import PermissionMissing
from workspaces.permissions import (
    Permission,
    Restriction,
    Role,
    permissions_of_member,
    permissions_of_scopes,
)


class ActorKind(StrEnum):
    """What acts: a person in the browser, a program with a token, or the product itself."""

    USER = "user"
    TOKEN = "token"  # noqa: S105 - a kind, not a secret
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Actor:
    """Identity, workspace and permissions of whoever calls an action."""

    kind: ActorKind
    id: int | None
    workspace_id: int
    permissions: frozenset[Permission]
    role: Role | None = None
    restrictions: frozenset[str] = frozenset()
    team_id: int | None = None
    request_id: str = ""

    @classmethod
    def member(
        cls,
        *,
        user_id: int,
        workspace_id: int,
        role: str,
        restrictions: list[str],
        team_id: int | None,
        request_id: str = "",
    ) -> Self:
        """Return the actor of a person in one workspace."""
        known = Role(role)
        return cls(
            kind=ActorKind.USER,
            id=user_id,
            workspace_id=workspace_id,
            permissions=permissions_of_member(known, restrictions),
            role=known,
            restrictions=frozenset(restrictions),
            team_id=team_id,
            request_id=request_id,
        )

    @classmethod
    def token(cls, *, token_id: int, workspace_id: int, scopes: list[str], request_id: str = "") -> Self:
        """Return the actor of an API token."""
        return cls(
            kind=ActorKind.TOKEN,
            id=token_id,
            workspace_id=workspace_id,
            permissions=permissions_of_scopes(scopes),
            request_id=request_id,
        )

    @classmethod
    def system(cls, *, workspace_id: int) -> Self:
        """Return the product itself at work in one workspace."""
        return cls(kind=ActorKind.SYSTEM, id=None, workspace_id=workspace_id, permissions=frozenset(Permission))

    @property
    def user_id(self) -> int | None:
        """The person's id, or None when no person acts."""
        return self.id if self.kind is ActorKind.USER else None

    @property
    def sees_own_contacts_only(self) -> bool:
        """Whether only contacts assigned to this person are visible."""
        return self.role is Role.AGENT and Restriction.OWN_CONTACTS_ONLY in self.restrictions

    @property
    def sees_team_contacts_only(self) -> bool:
        """Whether only contacts assigned to this person's team are visible."""
        return self.role is Role.AGENT and Restriction.TEAM_CONTACTS_ONLY in self.restrictions

    def may(self, permission: Permission) -> bool:
        """Tell whether the actor has a permission."""
        return permission in self.permissions

    def require(self, permission: Permission) -> None:
        """Raise PermissionMissing unless the actor has the permission."""
        if permission not in self.permissions:
            raise PermissionMissing(permission=permission.value)
