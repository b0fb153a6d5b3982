"""The tokens' home is `inbox.visitors`; sockets import from there (`live_visitor`)."""

from inbox.visitors.doors import live_visitor
from inbox.visitors.tokens import visitor_of

__all__ = ["live_visitor", "visitor_of"]
