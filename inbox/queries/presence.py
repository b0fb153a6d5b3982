from datetime import timedelta

from inbox.queries.behaviour import settings_of


def offline_after(workspace_id: int) -> timedelta:
    """Return how long a member of the workspace can be quiet before they count as offline."""
    return timedelta(minutes=settings_of(workspace_id).offline_minutes)
