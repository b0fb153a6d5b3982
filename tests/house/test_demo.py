"""The demo is what its help says: made small here, every figure of its conversations is what their facts say."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from config.demo.houses import MAREA, make_house
from contacts.models import ContactLogEntry
from inbox.actions.recomputing import recompute_batch
from inbox.models import (
    Assignment,
    Channel,
    Conversation,
    ConversationTopic,
    Handover,
    Message,
    Survey,
    Topic,
    VirtualAgent,
    VirtualAgentRun,
)
from tests.factories import NOON
from tests.keeping import kept_in_a_file
from workspaces.models import FormerMember, FormerTeam, Membership, Team
from workspaces.scope import enter_workspace

SMALL = replace(MAREA, contacts=150, inbox=replace(MAREA.inbox, conversations=450))


made = kept_in_a_file(lambda: make_house(SMALL, at=NOON)["id"])


@pytest.fixture
def workspace_id(made: int, db: None) -> int:
    enter_workspace(made)
    return made


def test_its_past_is_whole(workspace_id: int) -> None:
    batch = recompute_batch(workspace_id=workspace_id, after=0, mend=False)
    assert batch.count > 200
    assert batch.differences == []
    agent = VirtualAgent.objects.in_workspace(workspace_id).get()
    assert not agent.is_on  # nothing answers for it
    endings = Counter(VirtualAgentRun.objects.in_workspace(workspace_id).values_list("ending", flat=True))
    assert set(endings) == {"handed_over", "resolved"}
    assert endings["handed_over"] == Handover.objects.in_workspace(workspace_id).count()
    messages = Message.objects.in_workspace(workspace_id)
    assert {"contact", "user", "bot", "system", "broadcast"} == set(messages.values_list("sender_kind", flat=True))
    surveys = Survey.objects.in_workspace(workspace_id)
    assert surveys.filter(score=None).exists()
    assert surveys.exclude(answer="").exists()
    assert messages.filter(sender_kind="system").count() == surveys.count()
    assert not Conversation.objects.in_workspace(workspace_id).filter(held_by_bot=True).exists()


def test_some_contacts_went_and_some_became_one(workspace_id: int) -> None:
    kinds = Counter(ContactLogEntry.objects.in_workspace(workspace_id).values_list("kind", flat=True))
    assert (kinds["added"], kinds["deleted"], kinds["merged"]) == (150, 1, 0)


def test_nothing_happens_before_what_it_names_was_there(workspace_id: int) -> None:
    first = Conversation.objects.in_workspace(workspace_id).order_by("opened_at").values_list("opened_at").first()
    assert first is not None
    for model in (Team, Membership, Channel, Topic):
        assert not model.objects.in_workspace(workspace_id).filter(created_at__gte=first[0]).exists(), model


def test_who_left_is_in_the_past_alone(workspace_id: int) -> None:
    leaver = FormerMember.objects.in_workspace(workspace_id).get()
    team = FormerTeam.objects.in_workspace(workspace_id).get()
    written = Message.objects.in_workspace(workspace_id).filter(user_id=leaver.user_id)
    assert written.exists()
    assert not written.filter(created_at__gte=leaver.left_at).exists()
    assert not Assignment.objects.in_workspace(workspace_id).filter(
        new_user_id=leaver.user_id, occurred_at__gte=leaver.left_at + timedelta(seconds=1)
    )
    applied = ConversationTopic.objects.in_workspace(workspace_id)
    assert applied.filter(applied_team_id=team.team_id, applied_at__lt=team.deleted_at).exists()
    assert not applied.filter(applied_team_id=team.team_id, applied_at__gte=team.deleted_at).exists()
