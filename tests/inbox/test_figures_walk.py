"""A day in which anything may happen next: whatever people do in whatever order, the figures are what the facts say."""

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random

import pytest
from django.db import transaction

from contacts.actions import assign_contacts, delete_contact, merge_contacts
from contacts.identifiers import Identifier
from contacts.models import Contact
from contacts.selection import Selection
from inbox import actions
from inbox.actions.recomputing import recompute_batch
from inbox.actions.virtual_agent_answers import AgentAnswer
from inbox.models import Channel, Conversation, InboxSettings, Message, Status, Survey, Topic, VirtualAgent
from tests.factories import NOON, Cast
from tests.inbox.steps import a_channel, hears, says
from tests.inbox.test_figures import assert_proven
from workspaces.actors import Actor
from workspaces.errors import DomainError
from workspaces.scope import workspace_scope

STEPS = 120
SENDERS = ("+34600000001", "+34600000002", "+34600000003")


class Day:
    """A workspace, its people, and a clock that goes on with every act: two acts never have one moment."""

    def __init__(self, cast: Cast, random: Random) -> None:
        self.cast, self.random = cast, random
        self.at: datetime = NOON
        self.people = (cast.ada, cast.max, cast.ben)
        self.acts: tuple[Callable[[], object], ...] = (
            *(self.hear,) * 6, *(self.say,) * 6, self.say_and_take_back, self.assign, self.assign_elsewhere, self.close,
            self.close, self.set_status, self.snooze, self.topic, self.untopic, self.lock, self.release, self.comment,
            self.merge, self.delete, self.delegate, self.agent_speaks, self.score, self.block, self.wait,
        )  # fmt: skip
        workspace_id = cast.acme.pk
        self.channels = [a_channel(cast.ada, name=name) for name in ("One", "Two", "Three")]
        self.topics = [
            Topic.objects.create(workspace_id=workspace_id, name=name, created_at=NOON) for name in ("Parcels", "Bills")
        ]
        self.agent = VirtualAgent.objects.create(
            workspace_id=workspace_id, name="Ana", channel_ids=[self.channels[2].pk], created_at=NOON
        )
        InboxSettings.objects.create(workspace_id=workspace_id, survey_is_on=True, reopen_hours=1)

    @property
    def who(self) -> Actor:
        """Whoever acts next."""
        return self.random.choice(self.people)

    def conversation(self) -> Conversation:
        """Any conversation, old ones too; the lists are never empty, as the day begins with a message."""
        return self.random.choice(list(Conversation.objects.in_workspace(self.cast.acme.pk).order_by("pk")))

    def contact(self) -> Identifier:
        """Any contact."""
        ids = Contact.objects.in_workspace(self.cast.acme.pk).order_by("pk").values_list("pk", flat=True)
        return Identifier.of(self.random.choice(list(ids)))

    def step(self) -> None:
        """Let something happen; what is refused changes nothing."""
        act = self.random.choice(self.acts)
        try:
            with transaction.atomic():
                act()
        except DomainError:
            pass
        self.at += timedelta(seconds=self.random.choice((1, 40, 700)))

    def hear(self) -> object:
        channel: Channel = self.random.choice(self.channels)
        number = f"in-{self.random.getrandbits(64)}"
        return hears(
            self.cast.ada, channel, at=self.at, sender=self.random.choice(SENDERS), number=number,
            is_echo=self.random.random() < 0.1,
        )  # fmt: skip

    def say(self, hold: timedelta = timedelta(0)) -> Message:
        rows = Message.objects.in_workspace(self.cast.acme.pk).filter(deleted_at=None).order_by("pk")
        words = f"out-{self.random.getrandbits(64)}"
        kind = self.random.choice(("user", "user", "user", "api"))
        return says(self.who, self.random.choice(list(rows)), words, at=self.at, hold=hold, sender_kind=kind)

    def say_and_take_back(self) -> object:
        message = self.say(timedelta(seconds=30))
        self.at += timedelta(seconds=2)
        return actions.take_back_message(actor=self.who, message_id=message.pk, at=self.at)

    def assign(self) -> object:
        user_id = self.random.choice((None, self.who.user_id))
        return actions.assign_contact(actor=self.who, contact=self.contact(), user_id=user_id, at=self.at)

    def assign_elsewhere(self) -> object:
        user_id = self.random.choice((None, self.who.user_id))
        return assign_contacts(actor=self.cast.ada, selection=Selection.matching(), user_id=user_id, at=self.at)

    def close(self) -> object:
        return actions.close_conversation(actor=self.who, contact=self.contact(), summary="Done", at=self.at)

    def set_status(self) -> object:
        status = self.random.choice((Status.NEW, Status.PENDING, Status.RESOLVED))
        return actions.set_conversation_status(actor=self.who, contact=self.contact(), status=status, at=self.at)

    def snooze(self) -> object:
        until = self.at + timedelta(minutes=20)
        return actions.snooze_conversation(actor=self.who, contact=self.contact(), until=until, at=self.at)

    def topic(self) -> object:
        ids = [self.random.choice(self.topics).pk]
        number = self.conversation().pk
        return actions.put_topics(actor=self.who, conversation_id=number, topic_ids=ids, at=self.at)

    def untopic(self) -> object:
        topic_id, number = self.random.choice(self.topics).pk, self.conversation().pk
        return actions.remove_topic(actor=self.who, conversation_id=number, topic_id=topic_id, at=self.at)

    def lock(self) -> object:
        return actions.take_lock(actor=self.who, conversation_id=self.conversation().pk, steal=True, at=self.at)

    def release(self) -> object:
        return actions.release_lock(actor=self.who, conversation_id=self.conversation().pk, at=self.at)

    def comment(self) -> object:
        return actions.add_comment(actor=self.who, contact=self.contact(), text="A note", at=self.at)

    def merge(self) -> object:
        ids = list(Contact.objects.in_workspace(self.cast.acme.pk).order_by("pk").values_list("pk", flat=True))
        if len(ids) < 2 or self.random.random() < 0.5:
            return None
        one, other = self.random.sample(ids, 2)
        return merge_contacts(actor=self.cast.ada, primary_id=one, secondary_id=other, values={}, at=self.at)

    def delete(self) -> object:
        if self.random.random() < 0.6:
            return None
        gone = delete_contact(actor=self.cast.ada, contact=self.contact(), at=self.at)
        self.hear()
        return gone

    def delegate(self) -> object:
        number = self.conversation().pk
        return actions.delegate_conversation(
            actor=self.cast.ada, virtual_agent_id=self.agent.pk, conversation_id=number, at=self.at
        )

    def agent_speaks(self) -> object:
        held = Conversation.objects.in_workspace(self.cast.acme.pk).filter(held_by_bot=True).order_by("pk").first()
        if held is None:
            return None
        answer = AgentAnswer(
            text=self.random.choice(("", "Let me see")),
            topics=self.random.choice(((), ("Parcels",))),
            complete=self.random.choice(("", "RESOLVED", "HANDOVER")),
        )
        return actions.answer_as_virtual_agent(
            actor=self.cast.ada,
            virtual_agent_id=self.agent.pk,
            conversation_id=held.pk,
            answer=answer,
            idempotency_key=f"agent-{self.random.getrandbits(64)}",
            at=self.at,
        )

    def score(self) -> object:
        survey = Survey.objects.in_workspace(self.cast.acme.pk).filter(score=None).order_by("-pk").first()
        system = Actor.system(workspace_id=self.cast.acme.pk)
        return survey and actions.score_survey(actor=system, survey_id=survey.pk, score=4, at=self.at)

    def block(self) -> object:
        act = self.random.choice((actions.block_contact, actions.unblock_contact, actions.unblock_contact))
        return act(actor=self.cast.ada, contact=self.contact(), at=self.at)

    def wait(self) -> None:
        self.at += timedelta(hours=1)


@pytest.mark.django_db(transaction=True)
def test_whatever_happens_the_figures_are_what_the_facts_say(cast: Cast, seed: int) -> None:
    with workspace_scope(cast.acme.pk):
        day = Day(cast, Random(seed))
        day.hear()
    for part in range(STEPS // 10):
        with workspace_scope(cast.acme.pk):
            for _ in range(10):
                day.step()
            assert recompute_batch(workspace_id=cast.acme.pk, after=0, mend=False).differences == []
        for sweep in (actions.end_snoozes, actions.end_silent_runs, actions.end_unseen_locks):
            sweep(clock=lambda: day.at)
        day.at += timedelta(seconds=1)
        if part % 8 == 7:
            actions.resolve_quiet_conversations(clock=lambda: day.at + timedelta(days=31))
            day.at += timedelta(days=32)
    with workspace_scope(cast.acme.pk):
        assert_proven(cast.acme.pk)
