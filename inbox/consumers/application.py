"""The routes of the realtime process, behind the check of where a page comes from."""

from collections.abc import Awaitable, Callable
from typing import Any

from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import OriginValidator
from channels.sessions import CookieMiddleware
from django.conf import settings
from django.urls import path

from inbox.consumers.agents import AgentSocket
from inbox.consumers.hub import hub
from inbox.consumers.visitors import VisitorSocket

Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]


def application() -> ProtocolTypeRouter:
    """Return the ASGI application: sockets, a sign of life, and its own beginning and end."""
    sockets = URLRouter(
        [
            path("ws/w/<int:workspace_id>", AgentSocket.as_asgi()),
            path("ws/widget/<str:channel_key>", VisitorSocket.as_asgi()),
        ]
    )
    return ProtocolTypeRouter(
        {
            "websocket": OriginValidator(CookieMiddleware(_known(sockets)), settings.REALTIME_ORIGINS),
            "http": _sign_of_life,
            "lifespan": _lifespan,
        }
    )


def _known(sockets: URLRouter) -> Callable[..., Awaitable[None]]:
    async def route(scope: dict[str, Any], receive: Receive, send: Send) -> None:
        try:
            await sockets(scope, receive, send)
        except ValueError as missing:  # no such route: a refusal, not a fault
            if "No route found" not in str(missing):
                raise
            await send({"type": "websocket.close"})

    return route


async def _sign_of_life(scope: dict[str, Any], receive: Receive, send: Send) -> None:  # noqa: ARG001 - ASGI's signature
    is_asked = scope["path"] == "/health/live"
    status, body = (200, b"ok") if is_asked else (404, b"sockets only")
    headers = [(b"content-type", b"text/plain"), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def _lifespan(scope: dict[str, Any], receive: Receive, send: Send) -> None:  # noqa: ARG001 - ASGI's signature
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            await hub.start()
            await send({"type": "lifespan.startup.complete"})
        else:
            await hub.stop()
            await send({"type": "lifespan.shutdown.complete"})
            return
