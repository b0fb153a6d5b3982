"""One socket of either kind: frames in are few, small and well made, or it is closed; frames out come from its line."""

import asyncio
import contextlib
import json
import time
from typing import Any

from channels.generic.websocket import AsyncWebsocketConsumer

from inbox.consumers.hub import BURST_SECONDS, hub
from inbox.consumers.lines import Line

NOT_READABLE, TOO_MANY, TOO_SLOW, TRY_LATER = 4400, 4429, 4408, 4503
FRAMES_AT_ONCE, FRAMES_PER_SECOND = 40.0, 10.0
LONGEST_SEND_SECONDS = 10


class Allowance:
    """How many frames may come: a number at once, then some a second."""

    def __init__(self) -> None:
        self._left, self._at = FRAMES_AT_ONCE, time.monotonic()

    def take(self) -> bool:
        """Use one up, if one is left."""
        now = time.monotonic()
        self._left = min(FRAMES_AT_ONCE, self._left + (now - self._at) * FRAMES_PER_SECOND) - 1
        self._at = now
        return self._left >= 0


class Socket(AsyncWebsocketConsumer):
    """What agents' and visitors' sockets share."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.line: Line | None = None
        self.allowance = Allowance()
        self._telling: asyncio.Task[None] | None = None

    def begin(self, line: Line) -> None:
        """Tell this socket from now on; the page looks once, for whatever came before."""
        self.line = line
        hub.add(line)
        line.answer({"type": "welcome"})
        self._telling = asyncio.get_running_loop().create_task(self._tell(line))

    async def disconnect(self, code: int) -> None:
        """Forget the line."""
        del code
        if self.line:
            hub.remove(self.line)
        if self._telling:
            self._telling.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._telling

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """Read one frame; whoever sends what cannot be read, or too much of it, is cut off."""
        del bytes_data
        if not self.allowance.take():
            await self.close(TOO_MANY)
            return
        try:
            frame = json.loads(text_data or "")
            kind = str(frame["type"])
        except (ValueError, TypeError, KeyError, RecursionError):
            await self.close(NOT_READABLE)
            return
        if kind == "ping" and self.line:
            self.line.answer({"type": "pong"})
        elif not await self.take_frame(kind, frame):
            await self.close(NOT_READABLE)

    async def take_frame(self, kind: str, frame: dict[str, Any]) -> bool:
        """Do what a frame asks; tell whether it was one of ours."""
        raise NotImplementedError

    async def _tell(self, line: Line) -> None:
        """Send what waits, a few times a second at most. A page that does not take it is cut off, and catches up later."""
        while True:
            await line.wake.wait()
            line.wake.clear()
            try:
                for frame in line.take():
                    await asyncio.wait_for(self.send(json.dumps(frame, separators=(",", ":"))), LONGEST_SEND_SECONDS)
                if line.closing:
                    await self.close(line.closing)
                    return
            except TimeoutError:
                await self.close(TOO_SLOW)
                return
            except Exception:  # noqa: BLE001 - the other side is gone; disconnect() follows
                return
            await asyncio.sleep(BURST_SECONDS)


def contact_in(frame: dict[str, Any]) -> int | None:
    """Return the id of a contact that a frame names, or None; raise ValueError for what is no id."""
    value = frame.get("contact")
    if value is None or (isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**63):
        return value
    raise ValueError
