"""How fast each sender writes: two machines that answer each other are told from people by their speed."""

from collections import OrderedDict, deque
from datetime import datetime, timedelta

SPAN = timedelta(hours=1)
MOST_IN_SPAN = 40
MOST_SENDERS = 5000


class Rates:
    """Counts the mails of each sender in the last hour, for one mailbox; forgets whoever was quiet the longest."""

    def __init__(self) -> None:
        self._seen: OrderedDict[str, deque[datetime]] = OrderedDict()

    def is_flood(self, sender: str, *, at: datetime) -> bool:
        """Count a mail of a sender, and tell whether they write faster than people do."""
        moments = self._seen.setdefault(sender, deque(maxlen=MOST_IN_SPAN + 1))
        self._seen.move_to_end(sender)
        moments.append(at)
        if len(self._seen) > MOST_SENDERS:
            self._seen.popitem(last=False)
        return len(moments) > MOST_IN_SPAN and at - moments[0] <= SPAN
