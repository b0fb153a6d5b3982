"""The socket of a member's page: `/ws/w/<workspace_id>`, opened with the cookie of the page."""

import time
from typing import Any

from django.conf import settings
from django.utils import timezone

from inbox.consumers.hub import hub
from inbox.consumers.lines import AgentLine
from inbox.consumers.sockets import Socket, contact_in
from inbox.consumers.threads import in_thread
from inbox.queries.realtime import SignIn, actors_of, existing_and_visible, sign_in_of
from workspaces.actions import note_activity
from workspaces.actors import Actor
from workspaces.permissions import Permission
from workspaces.scope import workspace_scope

MOST_PAGES = 40  # of one sign-in
ACTIVITY_SECONDS = 55
LARGEST_ID = 2**63 - 1


class AgentSocket(Socket):
    """Frames in: ping, active, viewing {contact}, typing {contact, on, comment}. Frames out: see docs/REALTIME.md."""

    line: AgentLine | None
    _active_at = float("-inf")
    _checked: tuple[int, float] = (0, 0.0)

    async def connect(self) -> None:
        """Take a member of the workspace in; to anybody else nothing is here."""
        workspace_id = int(self.scope["url_route"]["kwargs"]["workspace_id"])
        session_key = self.scope.get("cookies", {}).get(settings.SESSION_COOKIE_NAME, "")
        found = await in_thread(_admit, workspace_id, session_key)
        if found is None or hub.lines_of(found[0]) >= MOST_PAGES:
            await self.close()
            return
        sign_in, actor = found
        await self.accept()
        self.begin(AgentLine(actor=actor, sign_in=sign_in))

    async def disconnect(self, code: int) -> None:
        """Say that the page's person does nothing here any more."""
        line = self.line
        await super().disconnect(code)
        if line:
            await self._move(line, "viewing", None)
            await self._move(line, "typing", None)

    async def take_frame(self, kind: str, frame: dict[str, Any]) -> bool:
        """Do what a frame asks."""
        line = self.line
        if line is None or kind not in {"active", "viewing", "typing"}:
            return line is None
        if kind == "active":
            await self._note_activity(line)
            return True
        try:
            contact_id = contact_in(frame)
        except ValueError:
            return False
        if kind == "typing" and not frame.get("on"):
            contact_id = None
        if contact_id is not None and not await self._may_watch(line.actor, contact_id):
            contact_id = None
        await self._move(line, kind, contact_id, hidden=bool(frame.get("comment")))
        if kind == "viewing" and contact_id is not None:
            self._show(line, contact_id)
        return True

    async def _note_activity(self, line: AgentLine) -> None:
        now = time.monotonic()
        if now - self._active_at >= ACTIVITY_SECONDS:
            self._active_at = now
            await in_thread(_note_activity, line.actor)

    async def _may_watch(self, actor: Actor, contact_id: int) -> bool:
        """Ask the database, not more than once in some seconds for the same contact."""
        now = time.monotonic()
        if self._checked[0] == contact_id and now < self._checked[1]:
            return True
        if not await in_thread(_may_watch, actor, contact_id):
            return False
        self._checked = (contact_id, now + 10)
        return True

    async def _move(self, line: AgentLine, kind: str, contact_id: int | None, *, hidden: bool = False) -> None:
        """Let the others know where the person is now, and where no more."""
        before = line.typing if kind == "typing" else line.viewing
        if kind == "typing":
            line.typing = contact_id
        else:
            line.viewing = contact_id
        told = {
            "kind": kind,
            "workspace": line.actor.workspace_id,
            "user": line.sign_in.user_id,
            "name": line.sign_in.user_name,
            "hidden": hidden,
        }
        if before is not None and before != contact_id:
            await hub.relay({**told, "contact": before, "on": False})
        if contact_id is not None:
            await hub.relay({**told, "contact": contact_id, "on": True})

    def _show(self, line: AgentLine, contact_id: int) -> None:
        """Say who else is there already."""
        for kind in ("viewing", "typing"):
            people = hub.states.people((line.actor.workspace_id, kind, contact_id), but=line.sign_in.user_id)
            line.tell_state(kind, contact_id, people)


def _admit(workspace_id: int, session_key: str) -> tuple[SignIn, Actor] | None:
    if not session_key or workspace_id > LARGEST_ID:
        return None
    sign_in = sign_in_of(session_key, at=timezone.now())
    if sign_in is None:
        return None
    with workspace_scope(workspace_id):
        actor = actors_of(workspace_id, [sign_in.user_id]).get(sign_in.user_id)
    return (sign_in, actor) if actor is not None and actor.may(Permission.MESSAGE_READ) else None


def _note_activity(actor: Actor) -> None:
    with workspace_scope(actor.workspace_id):
        note_activity(actor=actor, at=timezone.now())


def _may_watch(actor: Actor, contact_id: int) -> bool:
    with workspace_scope(actor.workspace_id):
        return existing_and_visible(actor, contact_id)
