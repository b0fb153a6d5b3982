"""A scheduled file goes on to a store of the workspace's; tried again with growing pauses, then given up."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from exports import files
from exports.access import plan_includes_exports, requester_of
from exports.actions.scheduling import secrets_of
from exports.actions.telling import tell_requester
from exports.destinations import NotSent, Outgoing, destination_of
from exports.errors import FAILURE_TEXTS
from exports.events import ExportNotSent, ExportSent
from exports.models import Export, ExportSchedule, State
from exports.notices import NOT_SENT
from workspaces import jobs
from workspaces.actors import Actor
from workspaces.errors import DomainError
from workspaces.events import record
from workspaces.jobs import Clock, Job
from workspaces.models import Workspace
from workspaces.scope import workspace_scope

# While somebody sends, nobody else does; a sender that died is followed by another after it.
HOLD = timedelta(minutes=15)
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240))
MOST_TRIES = len(PAUSES) + 1


@dataclass(frozen=True, slots=True)
class Due:
    """A file to send, and how its schedule says."""

    export: Export
    schedule: ExportSchedule
    secrets: dict[str, str]
    organization: str


def queue_sending(row: Export, *, at: datetime) -> None:
    """Let a worker send a finished file on, if its schedule says where to; in the transaction that completes it."""
    schedule = row.schedule
    if schedule is None or schedule.destination == ExportSchedule.Destination.HISTORY:
        return
    Export.objects.in_workspace(row.workspace_id).filter(pk=row.pk).update(sending="waiting", send_at=at)
    jobs.wake(Job.SEND_EXPORT, workspace_id=row.workspace_id, export_id=row.pk)


def send_export(*, workspace_id: int, export_id: int, clock: Clock) -> None:
    """Send one file on. What arrives is whole; after a death in between it may arrive twice, under the same name."""
    with workspace_scope(workspace_id):
        due = _claimed(workspace_id, export_id, at=clock())
    if due is None:
        return
    row = due.export
    destination = destination_of(due.schedule.destination)
    try:
        if destination is None:
            raise NotSent("")
        with files.open_stored(row.file_key) as file:
            outgoing = Outgoing(
                file=file,
                size_bytes=row.size_bytes or 0,
                organization=due.organization,
                dataset=row.dataset,
                range_from=row.range_from,
                range_to=row.range_to,
                key=files.token_of(row.file_key),
                ending=row.file_name.partition(".")[2],
                attempt=row.send_attempts,
            )
            sent_as = destination.send(outgoing, due.schedule.settings, due.secrets)
    except (NotSent, DomainError, OSError) as error:
        with workspace_scope(workspace_id):
            _not_sent(row, _reason(error), at=clock())
        return
    with workspace_scope(workspace_id):
        _sent(row, sent_as, at=clock())


def _claimed(workspace_id: int, export_id: int, *, at: datetime) -> Due | None:
    rows = Export.objects.in_workspace(workspace_id).select_for_update(of=("self",), skip_locked=True)
    row = rows.filter(pk=export_id, sending="waiting", send_at__lte=at).first()
    if row is None:
        return None
    if row.state != State.COMPLETED:  # nobody could send it while it was kept
        _give_up(row, row.send_error, at=at)
        return None
    schedule = ExportSchedule.objects.in_workspace(workspace_id).filter(pk=row.schedule_id or 0).first()
    if schedule is None:  # deleted meanwhile: the file stays in the history
        Export.objects.in_workspace(workspace_id).filter(pk=row.pk).update(sending="")
        return None
    refusal = _why_not(row, at=at)
    if refusal:
        _give_up(row, refusal, at=at)
        return None
    row.send_attempts += 1
    row.send_at = at + HOLD
    row.save(update_fields=["send_attempts", "send_at"])
    workspace = Workspace.objects.select_related("organization").get(pk=workspace_id)
    name = "".join(sign if sign.isalnum() or sign in "-_" else "-" for sign in workspace.organization.name)
    return Due(export=row, schedule=schedule, secrets=secrets_of(schedule), organization=name)


def _why_not(row: Export, *, at: datetime) -> str:
    """Return why a file does not leave any more: rights may be lost between two tries, and a sender that is killed tells nothing."""
    if requester_of(row, at=at) is None:
        return str(FAILURE_TEXTS["exports.requester_not_allowed"])
    if not plan_includes_exports(row.workspace_id):
        return str(FAILURE_TEXTS["exports.plan"])
    if row.send_attempts >= MOST_TRIES:
        return _("Sending was tried %(times)s times and did not come to its end.") % {"times": MOST_TRIES}
    return ""


def _sent(row: Export, sent_as: str, *, at: datetime) -> None:
    waiting = Export.objects.in_workspace(row.workspace_id).filter(pk=row.pk, sending="waiting")
    if not waiting.update(sending="done", sent_as=sent_as[:400], sent_at=at, send_error=""):
        return  # another sender was quicker
    event = ExportSent(subject_id=row.pk, dataset=row.dataset, sent_as=sent_as)
    record(event, actor=Actor.system(workspace_id=row.workspace_id), at=at)


def _not_sent(row: Export, error: str, *, at: datetime) -> None:
    """Say when it is tried again, unless another sender has taken it over meanwhile; give up after the last pause."""
    pause = PAUSES[row.send_attempts - 1] if row.send_attempts <= len(PAUSES) else None
    if pause is None or at + pause >= row.expires_at:
        _give_up(row, error, at=at)
        return
    mine = Export.objects.in_workspace(row.workspace_id).filter(
        pk=row.pk, sending="waiting", send_attempts=row.send_attempts
    )
    mine.update(send_at=at + pause, send_error=error[:300])


def _give_up(row: Export, error: str, *, at: datetime) -> None:
    rows = Export.objects.in_workspace(row.workspace_id).filter(pk=row.pk)
    mine = rows.filter(sending="waiting", send_attempts=row.send_attempts)
    if not mine.update(sending="failed", send_error=error[:300]):
        return
    event = ExportNotSent(subject_id=row.pk, dataset=row.dataset, error=error)
    record(event, actor=Actor.system(workspace_id=row.workspace_id), at=at)
    tell_requester(rows.get(), kind=NOT_SENT, at=at)


def _reason(error: Exception) -> str:
    if isinstance(error, DomainError):
        return str(error.message)
    return str(error) if isinstance(error, NotSent) else type(error).__name__
