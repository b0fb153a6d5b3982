"""How a page gets its actor and its scope; the middleware does it, views only read `request.actor`."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.http import HttpRequest

from workspaces.actors import Actor
from workspaces.errors import MemberNotFound, WorkspaceNotFound
from workspaces.queries import actor_of_member

View = TypeVar("View", bound=Callable[..., Any])


def opens_its_own_scopes(view: View) -> View:
    """Mark a view that reaches files or networks: the middleware finds its actor, then leaves it outside any scope."""
    view.opens_its_own_scopes = True  # type: ignore[attr-defined]
    return view


def actor_of(request: HttpRequest) -> Actor:
    """Return who acts in this request; only pages of a workspace have one."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def member_actor(*, user_id: int, workspace_id: int, request_id: str) -> Actor:
    """Return the actor of a member, inside the workspace's scope; to anybody else the workspace does not exist."""
    try:
        return actor_of_member(user_id=user_id, workspace_id=workspace_id, request_id=request_id)
    except MemberNotFound:
        raise WorkspaceNotFound from None
