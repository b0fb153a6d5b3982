"""The socket of a visitor's window: `/ws/widget/<channel_key>`; its first frame is {"type": "hello", "token": …}."""

import asyncio
import logging
from typing import Any

from inbox.consumers.hub import SIGNED_OUT, hub
from inbox.consumers.lines import VisitorLine
from inbox.consumers.sockets import TRY_LATER, Socket
from inbox.consumers.states import VISITOR
from inbox.consumers.threads import in_thread
from inbox.queries.realtime import contact_of_address
from inbox.visitors.doors import live_visitor
from workspaces.errors import DomainError
from workspaces.scope import workspace_scope

logger = logging.getLogger(__name__)

HELLO_SECONDS = 10
CHECK_SECONDS = 60
LONGEST_TOKEN = 8192


class VisitorSocket(Socket):
    """Frames in: hello {token}, ping, written, typing {on}. Frames out: welcome, pong, catch-up, typing {on}."""

    line: VisitorLine | None
    _token = ""
    _types = False
    _waiting: asyncio.Task[None] | None = None

    async def connect(self) -> None:
        """Take anybody in; without a token they are told nothing, and not for long."""
        await self.accept()
        self._waiting = asyncio.get_running_loop().create_task(self._look_after())

    async def disconnect(self, code: int) -> None:
        """Say that the visitor does not type any more."""
        if self._waiting:
            self._waiting.cancel()
        if self.line:
            await self._type(self.line, on=False)
        await super().disconnect(code)

    async def take_frame(self, kind: str, frame: dict[str, Any]) -> bool:
        """Do what a frame asks."""
        if kind == "hello":
            return await self._greet(frame.get("token"))
        if self.line is None or kind not in {"written", "typing"}:
            return False
        if self.line.contact_id is None:
            await self._renew()
        if kind == "typing" and self.line:
            await self._type(self.line, on=bool(frame.get("on")))
        return True

    async def _greet(self, token: object) -> bool:
        if self.line is not None or not isinstance(token, str) or len(token) > LONGEST_TOKEN:
            return False
        self._token = token
        place = await self._place()
        if place is not None:
            self.begin(VisitorLine(workspace_id=place[0], contact_id=place[1]))
        return True

    async def _look_after(self) -> None:
        """Close a window that never says whose it is, and ask from time to time whether it still may be told."""
        await asyncio.sleep(HELLO_SECONDS)
        if self.line is None:
            await self.close(SIGNED_OUT)
            return
        while True:
            await asyncio.sleep(CHECK_SECONDS)
            await self._renew()

    async def _renew(self) -> None:
        place = await self._place()
        if place is not None and self.line is not None:
            self.line.contact_id = place[1]

    async def _place(self) -> tuple[int, int | None] | None:
        """Return workspace and contact of the token, or close: for good when it is refused, else to try later."""
        key = self.scope["url_route"]["kwargs"]["channel_key"]
        try:
            return await in_thread(_place_of, self._token, key)
        except DomainError:
            await self.close(SIGNED_OUT)
        except Exception:
            logger.exception("visitor not admitted")
            await self.close(TRY_LATER)
        return None

    async def _type(self, line: VisitorLine, *, on: bool) -> None:
        """Let the agents know; only what changes or renews is told."""
        if line.contact_id is None or (not on and not self._types):
            return
        self._types = on
        told = {"kind": "typing", "workspace": line.workspace_id, "contact": line.contact_id}
        await hub.relay({**told, "user": VISITOR, "name": "", "on": on})


def _place_of(token: str, channel_key: str) -> tuple[int, int | None]:
    """Ask who it is, then whose address that is."""
    visitor = live_visitor(token, channel_key=channel_key)
    with workspace_scope(visitor.workspace_id):
        contact_id = contact_of_address(visitor.workspace_id, visitor.channel_id, visitor.external_id)
    return visitor.workspace_id, contact_id
