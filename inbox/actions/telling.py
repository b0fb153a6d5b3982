"""Who is told of what: new messages, assignments and mentions. What a person may not see, they are not told of."""

from datetime import datetime

from inbox.actions.threads import Thread
from inbox.models import Comment, Message


def tell_of_message(thread: Thread, message: Message) -> None:
    """Tell the assignee of a new message; where nobody has the contact, tell everybody who may see it."""


def tell_of_assignment(thread: Thread, user_id: int | None) -> None:
    """Tell a person that a contact is theirs now, unless they took it themselves."""


def tell_of_mentions(thread: Thread, comment: Comment, *, at: datetime) -> None:
    """Tell those whom a comment mentions."""
