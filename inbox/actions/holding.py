"""Which program holds a conversation. It lies beneath the thread's steps, so that whatever a person does can end it."""

from datetime import datetime

from inbox.models import Conversation, VirtualAgentRun


def running_run(conversation: Conversation) -> VirtualAgentRun | None:
    """Lock and return the run of the program that holds a conversation."""
    runs = VirtualAgentRun.objects.in_workspace(conversation.workspace_id).select_for_update(of=("self",))
    return runs.select_related("virtual_agent").filter(conversation_id=conversation.pk, ended_at=None).first()


def end_run(conversation: Conversation, *, ending: VirtualAgentRun.Ending, at: datetime) -> None:
    """Take a conversation out of a program's hands; the caller saves the conversation. One that none holds stays as it is."""
    if not conversation.held_by_bot:
        return
    conversation.held_by_bot = False
    run = running_run(conversation)
    if run is not None:
        close_run(run, ending=ending, at=at)


def close_run(run: VirtualAgentRun, *, ending: VirtualAgentRun.Ending, at: datetime) -> None:
    """Store how and when a run ended."""
    run.ended_at = max(at, run.started_at)
    run.ending = ending
    run.waits_until = None
    run.save(update_fields=["ended_at", "ending", "waits_until"])


def contact_wrote(conversation: Conversation) -> None:
    """Stop waiting for the contact: the program is due now."""
    if conversation.held_by_bot:
        runs = VirtualAgentRun.objects.in_workspace(conversation.workspace_id)
        runs.filter(conversation_id=conversation.pk, ended_at=None).update(waits_until=None)
