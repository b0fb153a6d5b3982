"""Where a page finds the socket of its workspace."""

from django.conf import settings
from django.http import HttpRequest


def socket_url(request: HttpRequest, workspace_id: int) -> str:
    """Return the address for the name under which the page was opened, since its cookie stays there; nothing: no sockets."""
    address = settings.REALTIME_URLS.get(request.get_host(), settings.REALTIME_URL)
    return f"{address}/ws/w/{workspace_id}" if address else ""
