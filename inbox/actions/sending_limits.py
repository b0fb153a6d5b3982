"""How many messages a channel sends a minute. The count lives in the cache: without it, the other side's own limit holds."""

import logging
from datetime import datetime, timedelta

from django.core.cache import cache
from redis.exceptions import RedisError

from inbox.models import Channel

logger = logging.getLogger(__name__)

MINUTE = timedelta(minutes=1)


def take_send(channel: Channel, *, at: datetime) -> datetime | None:
    """Take one of this minute's sends; the moment from which there are new ones when they are spent."""
    minute = at.replace(second=0, microsecond=0)
    key = f"ws:{channel.workspace_id}:sends:{channel.pk}:{minute:%Y%m%d%H%M}"
    try:
        cache.add(key, 0, timeout=int(2 * MINUTE.total_seconds()))
        taken = cache.incr(key)
    except (RedisError, ValueError):  # ValueError: the key went between the two steps
        logger.warning("sends are not counted: workspace=%s channel=%s", channel.workspace_id, channel.pk)
        return None
    return minute + MINUTE if taken > channel.sends_per_minute else None
