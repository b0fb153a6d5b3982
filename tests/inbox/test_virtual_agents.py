"""Programs hold conversations: what they take, how they answer, how a person gets it."""

from datetime import timedelta

import pytest

from contacts.actions import add_contact, merge_contacts
from contacts.identifiers import Identifier
from contacts.models.contact import Source
from inbox import actions
from inbox.actions.recomputing import recompute_batch
from inbox.actions.virtual_agent_answers import HANDOVER, RESOLVED, AgentAnswer, Answered
from inbox.errors import (
    ContactBlocked,
    ConversationClosedAlready,
    ConversationNotFound,
    ConversationNotWithAgent,
    ConversationWithAnother,
    MessageNotFound,
    ResponderCannotResolve,
    VirtualAgentIsOff,
    VirtualAgentNotFound,
)
from inbox.models import (
    Channel,
    Conversation,
    ConversationTopic,
    Handover,
    LockSession,
    Message,
    MessageTagging,
    Response,
    StartEvent,
    StatusChange,
    VirtualAgent,
    VirtualAgentRun,
)
from inbox.queries.narrowing import Listing
from inbox.settings_errors import ChangedMeanwhile, ChannelHasVirtualAgent
from tests.factories import NOON, Cast, browser_of
from tests.inbox.steps import a_channel, hears, later, latest, says
from workspaces.errors import NameTaken, PermissionMissing, ValueNotValid
from workspaces.models import EventRecord, Notification
from workspaces.scope import workspace_scope

pytestmark = pytest.mark.django_db(transaction=True)


def a_robot(cast: Cast, channel: Channel, *, kind: str = "virtual_agent", name: str = "Robo") -> VirtualAgent:
    return actions.add_virtual_agent(actor=cast.ada, name=name, kind=kind, channel_ids=[channel.pk], at=NOON)


def answers(cast: Cast, robot: VirtualAgent, message: Message, *, minutes: float = 1, **parts: object) -> Answered:
    return actions.answer_as_virtual_agent(
        actor=cast.ada,
        virtual_agent_id=robot.pk,
        conversation_id=message.conversation_id or 0,
        answer=AgentAnswer(**parts),  # type: ignore[arg-type]
        idempotency_key=f"robot-{minutes}",
        at=later(minutes),
    )


def figures_hold(cast: Cast) -> None:
    batch = recompute_batch(workspace_id=cast.acme.pk, after=0, mend=False)
    assert batch.differences == []


def waits_for_people(cast: Cast, view: str = "unassigned") -> int:
    return Listing(view=view).conversations(cast.ada).count()


def test_what_starts_on_its_channel_is_the_robots_and_nobody_waits_for_a_person(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        channel, other = a_channel(cast.ada), a_channel(cast.ada, name="Other line")
        robot = a_robot(cast, channel)
        message = hears(cast.ben, channel, "Where is it?")
        hears(cast.ben, channel, "Hello?", at=later(1))
        row = latest(message)
        assert (row.held_by_bot, row.status, row.unread_count, row.waiting_since) == (True, "pending", 0, None)
        assert (row.incoming_count, StartEvent.objects.count(), Notification.objects.count()) == (2, 0, 0)
        assert (waits_for_people(cast), waits_for_people(cast, "all")) == (0, 1)
        run = VirtualAgentRun.objects.get()
        assert (run.virtual_agent_id, run.conversation_id, run.waits_until, run.ended_at) == (
            robot.pk,
            row.pk,
            None,
            None,
        )
        elsewhere = hears(cast.ben, other, "Me too", sender="+34600999999", at=later(2))
        assert (latest(elsewhere).held_by_bot, waits_for_people(cast)) == (False, 1)
        figures_hold(cast)


def test_it_answers_labels_and_resolves(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        channel = a_channel(cast.ada)
        robot = a_robot(cast, channel)
        topic = actions.add_topic(actor=cast.ada, name="Orders", at=NOON)
        tag = actions.add_message_tag(actor=cast.ada, name="Praise", at=NOON)
        message = hears(cast.ben, channel, "Where is it?")
        said = answers(
            cast, robot, message, text="On Tuesday", topics=("ORDERS", "Ghosts"), message_id=message.pk,
            tags=("praise", "Unknown"),
        )  # fmt: skip
        assert (said.ignored_topics, said.ignored_tags, said.virtual_agent_id) == (("Ghosts",), ("Unknown",), robot.pk)
        assert said.message is not None
        assert (said.message.sender_kind, said.message.sender_id, said.message.user_id) == ("bot", robot.pk, None)
        run = VirtualAgentRun.objects.get()
        assert run.waits_until == later(1) + timedelta(minutes=robot.timeout_minutes)
        applied, tagged = ConversationTopic.objects.get(), MessageTagging.objects.get()
        assert (applied.topic_id, applied.virtual_agent_id, applied.applied_by_id) == (topic.pk, robot.pk, None)
        assert (tagged.tag_id, tagged.virtual_agent_id) == (tag.pk, robot.pk)
        hears(cast.ben, channel, "Thanks", at=later(2))
        run.refresh_from_db()
        assert run.waits_until is None
        done = answers(cast, robot, message, minutes=3, complete=RESOLVED, summary=" Told when ")
        assert done.virtual_agent_id is None
        row = latest(message)
        assert (row.status, row.held_by_bot, row.closed_by_source, row.closed_summary, row.outgoing_count) == (
            "resolved",
            False,
            "bot",
            "Told when",
            1,
        )
        change = StatusChange.objects.get(new="resolved")
        assert (change.source, change.virtual_agent_id, change.user_id) == ("bot", robot.pk, None)
        run.refresh_from_db()
        assert (run.ending, run.ended_at) == ("resolved", later(3))
        assert (Response.objects.count(), Handover.objects.count()) == (0, 0)
        with pytest.raises(ConversationNotWithAgent):
            answers(cast, robot, message, minutes=4, text="One more thing")
        figures_hold(cast)


@pytest.mark.parametrize(
    ("kind", "reason", "start"),
    [
        ("virtual_agent", "VA_REQUESTED", "VA_HANDED_OVER_CONVERSATION"),
        ("auto_responder", "", "AR_HANDED_OVER_CONVERSATION"),
    ],
)
def test_it_hands_over_and_a_persons_answer_counts_from_there(cast: Cast, kind: str, reason: str, start: str) -> None:
    with workspace_scope(cast.acme.pk):
        channel = a_channel(cast.ada)
        robot = a_robot(cast, channel, kind=kind)
        message = hears(cast.ben, channel, "I want a person")
        told = answers(cast, robot, message, text="One moment", complete=HANDOVER)
        assert told.message is not None
        is_responder = kind == "auto_responder"
        assert told.message.sender_kind == ("system" if is_responder else "bot")
        assert told.message.payload == ({"system_user_type": "AUTO_RESPONDER"} if is_responder else {})
        handover = Handover.objects.get()
        assert (handover.reason, handover.is_auto_responder, handover.occurred_at) == (reason, is_responder, later(1))
        row = latest(message)
        assert (row.status, row.held_by_bot, row.unread_count) == ("new", False, 1)
        assert (row.waiting_since, row.waiting_for, row.first_handover_at) == (later(1), start, later(1))
        assert waits_for_people(cast) == 1
        assert Notification.objects.filter(kind="inbox.message").exists()
        says(cast.ben, message, at=later(5))
        response = Response.objects.get()
        assert (response.started_by, response.from_at, response.to_at) == (start, later(1), later(5))
        assert VirtualAgentRun.objects.get().ending == "handed_over"
        lines = EventRecord.objects.filter(type="inbox.conversation.handed_over")
        assert [line.data["reason"] for line in lines] == [reason]
        figures_hold(cast)


def test_a_silent_contact_and_a_silent_program_go_to_people(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        channel = a_channel(cast.ada)
        robot = a_robot(cast, channel)
        asked = hears(cast.ben, channel, "Where is it?")
        answers(cast, robot, asked, text="Which order?")
        dumb = hears(cast.ben, channel, "Anybody?", sender="+34600999999", at=later(1))
    actions.end_silent_runs(clock=lambda: later(10.5))
    with workspace_scope(cast.acme.pk):
        assert Handover.objects.count() == 0
    actions.end_silent_runs(clock=lambda: later(11))
    actions.end_silent_runs(clock=lambda: later(12))
    with workspace_scope(cast.acme.pk):
        reasons = dict(Handover.objects.values_list("conversation_id", "reason"))
        assert reasons == {asked.conversation_id: "CONTACT_TIMEOUT", dumb.conversation_id: "VA_ERROR"}
        assert waits_for_people(cast) == 2
        figures_hold(cast)


def test_a_deleted_one_hands_over_and_keeps_its_name(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        channel = a_channel(cast.ada)
        robot = a_robot(cast, channel)
        message = hears(cast.ben, channel)
        actions.delete_virtual_agent(actor=cast.ada, virtual_agent_id=robot.pk, at=later(1))
        with pytest.raises(VirtualAgentNotFound):
            answers(cast, robot, message, text="Hi")
    actions.end_silent_runs(clock=lambda: later(1))
    with workspace_scope(cast.acme.pk):
        assert (Handover.objects.get().reason, latest(message).status) == ("VA_ERROR", "new")
        robot.refresh_from_db()
        assert (robot.name, robot.is_on) == ("Robo", False)
        hears(cast.ben, channel, "New", sender="+34600999999", at=later(2))
        assert VirtualAgentRun.objects.filter(ended_at=None).count() == 0


def test_a_person_who_writes_closes_snoozes_or_sets_the_status_takes_it(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        channel = a_channel(cast.ada)
        robot = a_robot(cast, channel)

        def another(number: int) -> Message:
            return hears(cast.ben, channel, f"Question {number}", sender=f"+3460000000{number}", at=later(number))

        told, closed, snoozed, renewed, blocked = (another(number) for number in range(5))
        says(cast.ben, told, at=later(6))
        actions.close_conversation(actor=cast.ben, contact=Identifier.of(closed.contact_id), at=later(6))
        actions.snooze_conversation(
            actor=cast.ben, contact=Identifier.of(snoozed.contact_id), until=later(60), at=later(6)
        )
        actions.set_conversation_status(
            actor=cast.ben, contact=Identifier.of(renewed.contact_id), status="new", at=later(6)  # type: ignore[arg-type]
        )  # fmt: skip
        actions.block_contact(actor=cast.ben, contact=Identifier.of(blocked.contact_id), at=later(6))
        assert set(VirtualAgentRun.objects.values_list("ending", "ended_at")) == {("taken", later(6))}
        assert Handover.objects.count() == 0
        assert not Conversation.objects.filter(held_by_bot=True).exists()
        assert latest(renewed).waiting_for == "AGENT_SET_TO_NEW"
        with pytest.raises(ConversationNotWithAgent):
            answers(cast, robot, told, minutes=7, text="I am back")
        figures_hold(cast)


def test_a_conversation_is_delegated_and_leaves_the_persons_hands(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        channel = a_channel(cast.ada)
        message = hears(cast.ben, channel, "Where is it?")
        number = message.conversation_id or 0
        robot = actions.add_virtual_agent(actor=cast.ada, name="Robo", kind="virtual_agent", at=NOON)
        actions.take_lock(actor=cast.ben, conversation_id=number, at=later(1))

        def delegate(to: VirtualAgent) -> Answered:
            return actions.delegate_conversation(
                actor=cast.ada, virtual_agent_id=to.pk, conversation_id=number, at=later(2)
            )

        assert delegate(robot).virtual_agent_id == delegate(robot).virtual_agent_id == robot.pk
        row = latest(message)
        assert (row.status, row.held_by_bot, VirtualAgentRun.objects.count()) == ("pending", True, 1)
        assert LockSession.objects.get().ended_at == later(2)
        second = actions.add_virtual_agent(actor=cast.ada, name="Other", kind="virtual_agent", at=NOON)
        with pytest.raises(ConversationWithAnother):
            delegate(second)
        answers(cast, robot, message, minutes=3, complete=HANDOVER)
        actions.change_virtual_agent(actor=cast.ada, virtual_agent_id=second.pk, is_on=False, at=later(3))
        with pytest.raises(VirtualAgentIsOff):
            delegate(second)
        actions.close_conversation(actor=cast.ben, contact=Identifier.of(message.contact_id), at=later(4))
        with pytest.raises(ConversationClosedAlready):
            delegate(robot)
        figures_hold(cast)


def test_what_it_may_not_do(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        channel = a_channel(cast.ada)
        responder = a_robot(cast, channel, kind="auto_responder")
        message = hears(cast.ben, channel)
        with pytest.raises(ResponderCannotResolve):
            answers(cast, responder, message, complete=RESOLVED)
        with pytest.raises(MessageNotFound):
            answers(cast, responder, message, message_id=message.pk + 1, tags=("x",))
        conversation = latest(message)
        conversation.contact.is_blocked = True
        conversation.contact.save()
        with pytest.raises(ContactBlocked):
            answers(cast, responder, message, text="Hello")
        with pytest.raises(VirtualAgentNotFound):
            actions.delegate_conversation(actor=cast.ada, virtual_agent_id=0, conversation_id=conversation.pk, at=NOON)
        number, agent = conversation.pk, responder.pk
    with workspace_scope(cast.globex.pk):
        with pytest.raises(VirtualAgentNotFound):
            actions.delegate_conversation(actor=cast.gus, virtual_agent_id=agent, conversation_id=number, at=NOON)
        own = actions.add_virtual_agent(actor=cast.gus, name="Own", kind="virtual_agent", at=NOON)
        with pytest.raises(ConversationNotFound):
            actions.delegate_conversation(actor=cast.gus, virtual_agent_id=own.pk, conversation_id=number, at=NOON)


def test_one_takes_a_channel_and_names_are_its_own(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        channel = a_channel(cast.ada)
        robot = a_robot(cast, channel)
        with pytest.raises(ChannelHasVirtualAgent):
            a_robot(cast, channel, name="Second")
        with pytest.raises(NameTaken):
            actions.add_virtual_agent(actor=cast.ada, name="ROBO", kind="virtual_agent", at=NOON)
        for wrong in ({"channel_ids": [0]}, {"timeout_minutes": 0}, {"name": " "}):
            with pytest.raises(ValueNotValid):
                actions.change_virtual_agent(actor=cast.ada, virtual_agent_id=robot.pk, at=NOON, **wrong)  # type: ignore[arg-type]
        with pytest.raises(ValueNotValid):
            actions.add_virtual_agent(actor=cast.ada, name="Odd", kind="parrot", at=NOON)
        with pytest.raises(ChangedMeanwhile):
            actions.change_virtual_agent(actor=cast.ada, virtual_agent_id=robot.pk, name="New", seen="0" * 16, at=NOON)
        with pytest.raises(PermissionMissing):
            actions.add_virtual_agent(actor=cast.ben, name="Mine", kind="virtual_agent", at=NOON)
        actions.change_virtual_agent(actor=cast.ada, virtual_agent_id=robot.pk, is_on=False, at=NOON)
        second = a_robot(cast, channel, name="Second")
        with pytest.raises(ChannelHasVirtualAgent):
            actions.change_virtual_agent(actor=cast.ada, virtual_agent_id=robot.pk, is_on=True, at=NOON)
        actions.delete_virtual_agent(actor=cast.ada, virtual_agent_id=second.pk, at=NOON)
        actions.change_virtual_agent(actor=cast.ada, virtual_agent_id=robot.pk, is_on=True, at=NOON)
        acts = EventRecord.objects.filter(type="inbox.virtual_agent.changed").order_by("pk")
        assert [row.data["act"] for row in acts] == ["added", "changed", "added", "deleted", "changed"]


def test_a_deleted_message_says_so_in_the_thread(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        message = hears(cast.ben, a_channel(cast.ada), "Secret words")
        Message.objects.filter(pk=message.pk).update(text="", deleted_at=later(1))
    page = (
        browser_of(cast.ada_user).get(f"/w/{cast.acme.pk}/inbox/c/{message.contact_id}", follow=True).content.decode()
    )
    assert page.count("Message deleted") == 1
    assert "Empty message" not in page


def test_a_merge_takes_runs_along(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        channel = a_channel(cast.ada)
        robot = a_robot(cast, channel)
        held = hears(cast.ben, channel, "Where is it?")
        primary = add_contact(actor=cast.ada, values={"first_name": "Cleo"}, source=Source.USER, at=NOON)
        merge_contacts(actor=cast.ada, primary_id=primary.pk, secondary_id=held.contact_id, values={}, at=later(1))
        assert VirtualAgentRun.objects.get().contact_id == primary.pk
        answers(cast, robot, held, minutes=2, complete=HANDOVER)
        assert Conversation.objects.get().status == "new"
        figures_hold(cast)


def test_whoever_only_looks_takes_nothing_from_a_program(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        channel = a_channel(cast.ada)
        a_robot(cast, channel)
        message = hears(cast.ben, channel)
    page = browser_of(cast.ada_user).get(f"/w/{cast.acme.pk}/inbox/c/{message.contact_id}", follow=True)
    assert "With an assistant" in page.content.decode()
    with workspace_scope(cast.acme.pk):
        assert LockSession.objects.count() == 0
        assert VirtualAgentRun.objects.get().ended_at is None
