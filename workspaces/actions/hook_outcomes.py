"""What becomes of a webhook after an attempt: delivered, later, or parked; and what becomes of its endpoint."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit
from uuid import UUID

from workspaces.actions.hooks import switch_off
from workspaces.actions.notifying import News, notify
from workspaces.actors import Actor
from workspaces.hook_kinds import TEST
from workspaces.hook_notices import OFF
from workspaces.models import HookAttempt, HookDelivery, HookEndpoint, Membership, Notification
from workspaces.outside import Answer
from workspaces.permissions import Role

# How long after a failed attempt the next one comes: ten attempts within 76 hours.
PAUSES = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
MOST_ATTEMPTS = len(PAUSES) + 1
GIVE_UP_AFTER = timedelta(days=5)
GONE = 410
SLOW_DOWN = frozenset({429, 502, 503, 504})
USUAL_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=1)
# The breaker: after so many failures in a row an endpoint is left alone, longer each time; then one attempt tests it.
BREAKS_AFTER = 5
SHORTEST_BREAK = timedelta(seconds=30)
LONGEST_BREAK = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What an attempt brought. wait: how the answer asked for patience, in the words of Retry-After."""

    status: int | None = None
    error: str = ""
    answer: str = ""
    milliseconds: int = 0
    retry_after: str = ""

    @property
    def is_success(self) -> bool:
        """Whether the receiver took it: 2xx and nothing else."""
        return self.status is not None and 200 <= self.status <= 299


def outcome_of(answer: Answer) -> Outcome:
    """Return the outcome of an HTTP answer."""
    text = answer.body.decode("utf-8", "replace")
    return Outcome(
        status=answer.status,
        error="" if answer.is_success else "status",
        answer="".join(sign if sign.isprintable() else " " for sign in text)[:2000],
        milliseconds=int(answer.seconds * 1000),
        retry_after=answer.headers.get("retry-after", ""),
    )


def record_outcome(claimed: HookDelivery, token: UUID, outcome: Outcome, *, at: datetime) -> None:
    """Write down an attempt; what another worker holds by now is left to that worker."""
    HookAttempt.objects.create(
        workspace_id=claimed.workspace_id,
        delivery_id=claimed.pk,
        endpoint_id=claimed.endpoint_id,
        number=claimed.attempts,
        attempted_at=at,
        milliseconds=outcome.milliseconds,
        status=outcome.status,
        error=outcome.error,
        answer=outcome.answer,
    )
    hooks = HookEndpoint.objects.in_workspace(claimed.workspace_id).select_for_update(of=("self",), no_key=True)
    hook = hooks.filter(pk=claimed.endpoint_id).first()
    rows = HookDelivery.objects.in_workspace(claimed.workspace_id).select_for_update(of=("self",))
    row = rows.filter(pk=claimed.pk, lease_token=token).first()
    if hook is None or row is None:
        return
    row.lease_token, row.lease_until = None, None
    row.last_status, row.last_error = outcome.status, outcome.error
    if outcome.is_success:
        row.state, row.finished_at = HookDelivery.State.DELIVERED, at
    elif row.event_type == TEST or outcome.error == "erased" or row.attempts >= MOST_ATTEMPTS or outcome.status == GONE:
        row.state, row.finished_at = HookDelivery.State.PARKED, at
    else:
        row.next_attempt_at = at + PAUSES[row.attempts - 1]
    row.save()
    if outcome.is_success:
        _note_success(hook, at=at)
    elif row.event_type != TEST and outcome.error not in {"body", "erased"}:  # those are not the endpoint's fault
        _note_failure(hook, outcome, at=at)


def _note_success(hook: HookEndpoint, *, at: datetime) -> None:
    hook.failures, hook.failing_since, hook.paused_until, hook.last_success_at = 0, None, None, at
    hook.save(update_fields=["failures", "failing_since", "paused_until", "last_success_at"])


def _note_failure(hook: HookEndpoint, outcome: Outcome, *, at: datetime) -> None:
    hook.failures += 1
    hook.failing_since = hook.failing_since or at
    pause = max(_asked_for(outcome, at=at), _break_after(hook.failures))
    hook.paused_until = at + pause if pause else None
    hook.save(update_fields=["failures", "failing_since", "paused_until"])
    if not hook.is_active:
        return
    if outcome.status == GONE:
        _give_up(hook, because=HookEndpoint.Because.GONE, at=at)
    elif at - hook.failing_since >= GIVE_UP_AFTER:
        _give_up(hook, because=HookEndpoint.Because.FAILING, at=at)


def _asked_for(outcome: Outcome, *, at: datetime) -> timedelta:
    """Return how long the receiver wants to be left alone, in seconds or until a date; an hour at most."""
    if not outcome.retry_after:
        return USUAL_WAIT if outcome.status in SLOW_DOWN else timedelta(0)
    text = outcome.retry_after.strip()
    if text.isascii() and text.isdecimal():
        return min(timedelta(seconds=min(int(text[:9]), 10**6)), LONGEST_WAIT)
    try:
        until = parsedate_to_datetime(text)
    except ValueError:
        return USUAL_WAIT
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return min(max(until - at, timedelta(0)), LONGEST_WAIT)


def _break_after(failures: int) -> timedelta:
    if failures < BREAKS_AFTER:
        return timedelta(0)
    return min(SHORTEST_BREAK * (1 << min(failures - BREAKS_AFTER, 10)), LONGEST_BREAK)


def _give_up(hook: HookEndpoint, *, because: HookEndpoint.Because, at: datetime) -> None:
    """Turn the webhook off and tell the owners."""
    actor = Actor.system(workspace_id=hook.workspace_id)
    switch_off(hook, because=because, actor=actor, at=at)
    news = News(
        kind=OFF,
        subject_kind="hook",
        subject_id=hook.pk,
        facts={"host": urlsplit(hook.url).hostname or "", "because": because.value},
    )
    # A webhook can be switched off more than once, and each time is news.
    earlier = Notification.objects.in_workspace(hook.workspace_id).filter(kind=OFF, subject_kind="hook")
    earlier.filter(subject_id=hook.pk).delete()
    owners = Membership.objects.in_workspace(hook.workspace_id).filter(role=Role.OWNER, user__is_active=True)
    for user_id in owners.order_by("user_id").values_list("user_id", flat=True):
        notify(actor=actor, user_id=user_id, news=news, by_mail=True, at=at)
