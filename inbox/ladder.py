"""The steps of an outgoing message, as the network tells them: which one replaces which. Pure; texts as in `Message.status`.

queued < sending < sent < delivered < read. What was heard last is not what is true: steps come twice, late and out of order.
"""

RANKS = {"queued": 0, "sending": 1, "sent": 2, "delivered": 3, "read": 4}
REPORTED = frozenset({"sent", "delivered", "read", "failed"})  # what a network may report
# To the outside, what is not decided is pending (and an unknown one "may have been sent").
PENDING_OUTSIDE = frozenset({"queued", "sending", "unknown"})

FAILS_FROM = frozenset({"queued", "sending", "sent"})
PROVES = frozenset({"delivered", "read"})  # proof that a message arrived, whatever we believed before


def climbs(old: str, new: str) -> bool:
    """Tell whether a message that is `old` becomes `new`; if not, the step is kept in its history and not shown."""
    if new == "failed":
        return old in FAILS_FROM
    if new == "unknown":
        return old == "sending"
    if new == "cancelled":
        return old == "queued"
    if old == "failed":
        return new in PROVES
    if old == "unknown":
        return new == "sent" or new in PROVES
    if old not in RANKS or new not in RANKS:
        return False
    return RANKS[new] > RANKS[old]


def outside(status: str) -> str:
    """Return the word for a status that the public API and exports use."""
    return "pending" if status in PENDING_OUTSIDE else status
