"""Reads about webhooks and the log of their deliveries."""

from django.db.models import Count, Q, QuerySet

from workspaces.actors import Actor
from workspaces.errors import HookNotFound
from workspaces.models import HookAttempt, HookDelivery, HookEndpoint
from workspaces.permissions import Permission

DELIVERIES_ON_A_PAGE = 25
LARGEST_ID = 2**63 - 1


def hooks(actor: Actor) -> QuerySet[HookEndpoint]:
    """Return the webhooks, the oldest first; there are 20 at most."""
    actor.require(Permission.HOOK_MANAGE)
    return HookEndpoint.objects.in_workspace(actor.workspace_id).select_related("created_by").order_by("pk")


def hook(actor: Actor, hook_id: int) -> HookEndpoint:
    """Return one webhook, or raise HookNotFound."""
    found = hooks(actor).filter(pk=hook_id).first() if 0 < hook_id <= LARGEST_ID else None
    if found is None:
        raise HookNotFound
    return found


def waiting_and_parked(actor: Actor, hook_ids: list[int]) -> dict[int, tuple[int, int]]:
    """Return how many deliveries wait and how many are parked, by webhook."""
    actor.require(Permission.HOOK_MANAGE)
    rows = HookDelivery.objects.in_workspace(actor.workspace_id).filter(endpoint_id__in=hook_ids)
    unsent = rows.exclude(state=HookDelivery.State.DELIVERED).order_by().values("endpoint_id")
    counted = unsent.annotate(
        waiting=Count("pk", filter=Q(state=HookDelivery.State.WAITING)),
        parked=Count("pk", filter=Q(state=HookDelivery.State.PARKED)),
    )
    return {row["endpoint_id"]: (row["waiting"], row["parked"]) for row in counted}


def deliveries_page(
    actor: Actor, hook_id: int, *, state: str = "", before: int | None = None, most: int = DELIVERIES_ON_A_PAGE
) -> list[HookDelivery]:
    """Return deliveries of one state or of all (""), the newest first; `before` is the id of the last one shown."""
    actor.require(Permission.HOOK_MANAGE)
    rows = HookDelivery.objects.in_workspace(actor.workspace_id).filter(endpoint_id=hook_id)
    if state:
        rows = rows.filter(state=state)
    if before is not None:
        rows = rows.filter(pk__lt=min(before, LARGEST_ID))
    return list(rows.order_by("-pk")[:most])


def delivery(actor: Actor, hook_id: int, delivery_id: int) -> HookDelivery:
    """Return one delivery of a webhook, or raise HookNotFound."""
    actor.require(Permission.HOOK_MANAGE)
    rows = HookDelivery.objects.in_workspace(actor.workspace_id).filter(endpoint_id=hook_id)
    found = rows.filter(pk=delivery_id).first() if 0 < delivery_id <= LARGEST_ID else None
    if found is None:
        raise HookNotFound
    return found


def attempts_of(actor: Actor, delivery_id: int) -> list[HookAttempt]:
    """Return the attempts of a delivery, the newest first."""
    actor.require(Permission.HOOK_MANAGE)
    rows = HookAttempt.objects.in_workspace(actor.workspace_id).filter(delivery_id=delivery_id)
    return list(rows.order_by("-pk")[:100])
