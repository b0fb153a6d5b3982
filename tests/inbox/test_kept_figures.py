"""The figures that files are made of: kept by the actions, equal to what the facts say, and moved by nothing else."""

from datetime import timedelta

from contacts.actions import merge_contacts, update_contact
from contacts.identifiers import Identifier
from inbox import actions
from inbox.access import latest_for_update
from inbox.actions.recomputing import recompute_batch
from inbox.actions.threads import Move, Thread, move, note_handover
from inbox.models import (
    Channel,
    Conversation,
    ConversationTopic,
    Handover,
    MessageTag,
    MessageTagging,
    Status,
    StatusChange,
    Topic,
)
from tests.factories import NOON, Cast
from tests.inbox.steps import a_channel, hears, later, latest, says
from tests.inbox.test_figures import assert_proven
from workspaces.actors import Actor
from workspaces.models import Membership, Team
from workspaces.scope import workspace_scope


def a_team(cast: Cast) -> tuple[Team, Actor]:
    """Put Ben into a team and return it with him."""
    team = Team.objects.create(workspace_id=cast.acme.pk, name="Support", created_at=NOON)
    rows = Membership.objects.in_workspace(cast.acme.pk).filter(user=cast.ben_user)
    rows.update(team=team)
    row = rows.get()
    ben = Actor.member(
        user_id=row.user_id,
        workspace_id=cast.acme.pk,
        role=row.role,
        restrictions=row.restrictions,
        team_id=team.pk,
    )
    return team, ben


def test_whose_it_was_when_it_closed_outlives_the_next_assignee_and_ends_when_it_opens_again(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        asked = hears(cast.ben, a_channel(cast.ada))
        cleo = Identifier.of(asked.contact_id)
        says(cast.ben, asked, at=later(1))
        actions.close_conversation(actor=cast.ben, contact=cleo, at=later(2))
        actions.assign_contact(actor=cast.max, contact=cleo, user_id=cast.max.user_id, at=later(3))
        assert (latest(asked).closed_assignee_id, latest(asked).assignee_id) == (cast.ben.user_id, cast.max.user_id)
        assert_proven(cast.acme.pk)
        actions.set_conversation_status(actor=cast.ben, contact=cleo, status=Status.PENDING, at=later(4))
        assert latest(asked).closed_assignee_id is None
        actions.close_conversation(actor=cast.ben, contact=cleo, at=later(5))
        assert latest(asked).closed_assignee_id == cast.max.user_id
        assert_proven(cast.acme.pk)


def test_who_settled_it_is_a_person_or_nobody(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        team, ben = a_team(cast)
        channel = a_channel(cast.ada)
        asked = hears(ben, channel)
        says(ben, asked, at=later(1))
        assert (latest(asked).settled_by_id, latest(asked).settled_team_id) == (ben.user_id, team.pk)
        hears(ben, channel, "And?", at=later(2))  # new again: the latest change to pending stays Ben's
        assert latest(asked).settled_by_id == ben.user_id
    actions.resolve_quiet_conversations(clock=lambda: NOON + timedelta(days=40))
    with workspace_scope(cast.acme.pk):
        row = latest(asked)
        assert (row.status, row.settled_by_id, row.settled_team_id) == (Status.RESOLVED, None, None)
        assert_proven(cast.acme.pk)


def test_the_response_after_an_assignment_is_the_first_one_since(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        channel = a_channel(cast.ada)
        asked = hears(cast.ben, channel)
        cleo = Identifier.of(asked.contact_id)
        says(cast.ben, asked, at=later(1))  # it assigns him at the same moment
        assert (latest(asked).last_assigned_at, latest(asked).response_after_assignment_at) == (later(1), later(1))
        actions.assign_contact(actor=cast.max, contact=cleo, user_id=cast.max.user_id, at=later(2))
        assert latest(asked).response_after_assignment_at is None
        says(cast.max, asked, "Nothing was asked", at=later(3))
        assert latest(asked).response_after_assignment_at is None
        hears(cast.ben, channel, "And?", at=later(4))
        says(cast.max, asked, "There", at=later(5))
        hears(cast.ben, channel, "And then?", at=later(6))
        says(cast.max, asked, "Then", at=later(7))
        assert latest(asked).response_after_assignment_at == later(5)
        actions.assign_contact(actor=cast.max, contact=cleo, user_id=None, at=later(8))
        assert latest(asked).response_after_assignment_at == later(5)
        assert_proven(cast.acme.pk)
        update_contact(actor=cast.max, contact=cleo, values={"assignee_id": cast.ben.user_id}, at=later(9))
        row = latest(asked)
        assert (row.response_after_assignment_at, row.last_assigned_at, row.changed_at) == (None, later(9), later(9))
        assert_proven(cast.acme.pk)


def test_a_hand_over_counts_between_the_first_message_and_the_first_reply(cast: Cast) -> None:
    def hand_over(minute: float) -> None:
        contact = asked.contact
        thread = Thread(Actor.system(workspace_id=cast.acme.pk), contact, latest_for_update(contact), later(minute))
        assert thread.conversation is not None
        note_handover(thread)
        Handover.objects.create(
            workspace_id=cast.acme.pk,
            conversation_id=thread.conversation.pk,
            contact_id=contact.pk,
            virtual_agent_id=7,
            occurred_at=later(minute),
        )
        thread.save()

    with workspace_scope(cast.acme.pk):
        asked = hears(cast.ben, a_channel(cast.ada))
        hand_over(1)
        hand_over(2)
        assert latest(asked).first_handover_at == later(1)
        says(cast.ben, asked, at=later(3))
        assert_proven(cast.acme.pk)
        answered = hears(cast.ben, a_channel(cast.ada, name="Other line"), sender="+34600111222", at=later(4))
        reply = says(cast.ben, answered, at=later(5), hold=timedelta(seconds=5))
        asked = answered
        hand_over(6)
        assert latest(asked).first_handover_at is None
        actions.take_back_message(actor=cast.ben, message_id=reply.pk, at=later(7))
        assert latest(asked).first_handover_at == later(6)
        assert_proven(cast.acme.pk)


def test_only_what_files_tell_of_moves_the_moment_of_change(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        asked = hears(cast.ben, a_channel(cast.ada))
        cleo, number = Identifier.of(asked.contact_id), asked.conversation_id or 0
        topic = Topic.objects.create(workspace_id=cast.acme.pk, name="Parcels", created_at=NOON)
        actions.take_lock(actor=cast.ben, conversation_id=number, at=later(1))
        actions.release_lock(actor=cast.ben, conversation_id=number, at=later(2))
        actions.mark_read(actor=cast.ben, conversation_id=number, at=later(3))
        actions.set_language(actor=cast.ben, conversation_id=number, language="es", at=later(4))
        actions.save_draft(actor=cast.ben, contact=cleo, text="H", is_comment=False, channel_id=None, at=later(5))
        actions.add_comment(actor=cast.ben, contact=cleo, text="A note", at=later(6))
        assert latest(asked).changed_at == NOON
        actions.put_topics(actor=cast.ben, conversation_id=number, topic_ids=[topic.pk], at=later(7))
        assert latest(asked).changed_at == later(7)
        actions.remove_topic(actor=cast.ben, conversation_id=number, topic_id=topic.pk, at=later(8))
        assert latest(asked).changed_at == later(8)
        reply = says(cast.ben, asked, at=later(9), hold=timedelta(seconds=5))
        assert latest(asked).changed_at == later(9)
        assert_proven(cast.acme.pk)
        actions.take_back_message(actor=cast.ben, message_id=reply.pk, at=later(9, 2))
        assert latest(asked).changed_at == later(9, 2)  # it is new again
        assert_proven(cast.acme.pk)


def test_a_topic_on_an_older_conversation_leaves_the_open_one_open(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        channel = a_channel(cast.ada)
        first = hears(cast.ben, channel)
        actions.close_conversation(actor=cast.ben, contact=Identifier.of(first.contact_id), at=later(1))
        second = hears(cast.ben, channel, "Again", at=later(2))
        topic = Topic.objects.create(workspace_id=cast.acme.pk, name="Parcels", created_at=NOON)
        actions.put_topics(
            actor=cast.ben, conversation_id=first.conversation_id or 0, topic_ids=[topic.pk], at=later(3)
        )
        second.contact.refresh_from_db()
        assert second.contact.is_open
        assert latest(second).changed_at == later(2)
        assert_proven(cast.acme.pk)


def test_the_channel_is_the_one_it_was_opened_on_or_its_earliest_messages(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        first, other = a_channel(cast.ada), a_channel(cast.ada, name="Other line")
        asked = hears(cast.ben, first)
        assert latest(asked).channel_id == first.pk
        actions.close_conversation(actor=cast.ben, contact=Identifier.of(asked.contact_id), at=later(1))
        Conversation.objects.update(last_channel=None)
        opened = actions.open_conversation(actor=cast.ben, contact=Identifier.of(asked.contact_id), at=later(2))
        assert opened.channel_id is None
        hears(cast.ben, other, "On another way", at=later(3), contact_id=asked.contact_id, sender="+34600999888")
        hears(cast.ben, first, "And here", at=later(4))
        assert latest(asked).channel_id == other.pk
        assert Channel.objects.count() == 2
        assert_proven(cast.acme.pk)


def test_a_merge_keeps_whose_conversations_were(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        channel = a_channel(cast.ada)
        one = hears(cast.ben, channel)
        says(cast.ben, one, at=later(1))
        two = hears(cast.ben, channel, sender="+34600111222", at=later(2))
        update_contact(
            actor=cast.max, contact=Identifier.of(two.contact_id), values={"assignee_id": cast.max.user_id}, at=later(3)
        )
        for message in (one, two):
            actions.close_conversation(actor=cast.ada, contact=Identifier.of(message.contact_id), at=later(4))
        hears(cast.ben, channel, "Once more", at=later(5))
        hears(cast.ben, channel, "Once more", at=later(6), sender="+34600111222")
        merge_contacts(actor=cast.ada, primary_id=one.contact_id, secondary_id=two.contact_id, values={}, at=later(7))
        rows = Conversation.objects.in_workspace(cast.acme.pk).filter(closed_at__isnull=False).order_by("pk")
        assert list(rows.values_list("closed_assignee_id", flat=True)) == [
            cast.ben.user_id,
            cast.max.user_id,
            cast.max.user_id,
        ]
        assert_proven(cast.acme.pk)


def test_topics_and_message_tags_know_who_put_them(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        team, ben = a_team(cast)
        asked = hears(ben, a_channel(cast.ada))
        number = asked.conversation_id or 0
        topics = [
            Topic.objects.create(workspace_id=cast.acme.pk, name=name, created_at=NOON) for name in ("One", "Two")
        ]
        tags = [
            MessageTag.objects.create(workspace_id=cast.acme.pk, name=name, created_at=NOON) for name in ("One", "Two")
        ]
        actions.put_topics(actor=ben, conversation_id=number, topic_ids=[topics[0].pk], at=later(1))
        actions.put_topics(actor=ben, conversation_id=number, topic_ids=[topics[1].pk], virtual_agent_id=7, at=later(2))
        actions.tag_message(actor=ben, message_id=asked.pk, tag_id=tags[0].pk, at=later(1))
        actions.tag_message(actor=ben, message_id=asked.pk, tag_id=tags[1].pk, virtual_agent_id=7, at=later(2))
        for rows in (ConversationTopic.objects, MessageTagging.objects):
            found = rows.in_workspace(cast.acme.pk).order_by("pk")
            assert list(found.values_list("applied_by_id", "applied_team_id", "virtual_agent_id")) == [
                (ben.user_id, team.pk, None),
                (None, None, 7),
            ]


def test_a_virtual_agent_that_changes_the_status_is_named_and_settles_nothing(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        asked = hears(cast.ben, a_channel(cast.ada))
        contact = asked.contact
        thread = Thread(Actor.system(workspace_id=cast.acme.pk), contact, latest_for_update(contact), later(1))
        move(thread, Move(to=Status.RESOLVED, cause="set", source="bot", virtual_agent_id=7))
        thread.save()
        change = StatusChange.objects.in_workspace(cast.acme.pk).latest("pk")
        assert (change.virtual_agent_id, change.user_id, latest(asked).settled_by_id) == (7, None, None)
        assert_proven(cast.acme.pk)
        batch = recompute_batch(workspace_id=cast.acme.pk, after=0, mend=False)
        assert (batch.count, batch.differences) == (1, [])
