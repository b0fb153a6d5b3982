"""Who is told of messages, assignments and mentions, and in which words."""

import pytest

from contacts.identifiers import Identifier
from inbox import actions
from inbox.models import InboxSettings
from inbox.notices import ASSIGNMENT, MENTION, MESSAGE
from tests.factories import Cast, browser_of
from tests.inbox.steps import a_channel, hears, later
from workspaces.models import Membership, Notification
from workspaces.notices import kinds
from workspaces.scope import workspace_scope


def told(cast: Cast, kind: str) -> list[str]:
    """Return who was told, by first letter of the name, in order."""
    names = {cast.ada_user.pk: "ada", cast.max_user.pk: "max", cast.ben_user.pk: "ben"}
    rows = Notification.objects.in_workspace(cast.acme.pk).filter(kind=kind)
    return sorted(names[row.user_id] for row in rows)


def restrict(cast: Cast, restriction: str) -> None:
    """Take rights from Ben."""
    Membership.objects.in_workspace(cast.acme.pk).filter(user=cast.ben_user).update(restrictions=[restriction])


def test_everybody_hears_of_a_message_to_nobody(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        hears(cast.ada, a_channel(cast.ada), "Where is my parcel?")
        assert told(cast, MESSAGE) == ["ada", "ben", "max"]
        row = Notification.objects.in_workspace(cast.acme.pk).filter(kind=MESSAGE).first()
        assert row is not None
        words = kinds()[MESSAGE].words(row.facts)
        assert (words.title, words.text) == ("New message from Cleo Marín", "It came in on Shop line.")


def test_who_may_not_see_the_contact_hears_nothing(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        restrict(cast, "show_only_mine")
        hears(cast.ada, a_channel(cast.ada))
        assert told(cast, MESSAGE) == ["ada", "max"]


def test_the_workspace_can_keep_quiet_about_messages_to_nobody(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        InboxSettings.objects.create(workspace_id=cast.acme.pk, tell_all_of_unassigned=False)
        hears(cast.ada, a_channel(cast.ada))
        assert told(cast, MESSAGE) == []


def test_the_assignee_alone_hears_of_the_next_message_and_once_per_contact(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        channel = a_channel(cast.ada)
        first = hears(cast.ada, channel)
        actions.assign_contact(
            actor=cast.max, contact=Identifier.of(first.contact_id), user_id=cast.ben.user_id, at=later(1)
        )
        Notification.objects.in_workspace(cast.acme.pk).filter(kind=MESSAGE).delete()
        hears(cast.ada, channel, "And now?", at=later(2))
        hears(cast.ada, channel, "Still there?", at=later(8))
        rows = list(Notification.objects.in_workspace(cast.acme.pk).filter(kind=MESSAGE))
        assert [(row.user_id, row.created_at) for row in rows] == [(cast.ben.user_id, later(8))]


def test_an_assignment_is_told_unless_one_took_it_oneself(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        cleo = Identifier.of(hears(cast.ada, a_channel(cast.ada)).contact_id)
        actions.assign_contact(actor=cast.ben, contact=cleo, user_id=cast.ben.user_id, at=later(1))
        assert told(cast, ASSIGNMENT) == []
        actions.assign_contact(actor=cast.ben, contact=cleo, user_id=cast.max.user_id, at=later(2))
        row = Notification.objects.in_workspace(cast.acme.pk).get(kind=ASSIGNMENT)
        assert row.user_id == cast.max.user_id
        assert kinds()[ASSIGNMENT].words(row.facts).title == f"{cast.ben_user.name} assigned Cleo Marín to you"


def test_a_mention_is_told_to_those_who_may_see_the_contact(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        restrict(cast, "show_only_mine")
        cleo = Identifier.of(hears(cast.ada, a_channel(cast.ada)).contact_id)
        text = f"{{{{@user.{cast.max.user_id}}}}} {{{{@user.{cast.ben.user_id}}}}} six chargers are left"
        actions.add_comment(actor=cast.ada, contact=cleo, text=text, at=later(1))
        row = Notification.objects.in_workspace(cast.acme.pk).get(kind=MENTION)
        assert row.user_id == cast.max.user_id
        assert "six chargers" not in str(row.facts)  # the words stay in the thread
        words = kinds()[MENTION].words(row.facts)
        assert words.title == f"{cast.ada_user.name} mentioned you in a comment on Cleo Marín"


@pytest.mark.django_db(transaction=True)
def test_the_notification_leads_to_the_thread(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        message = hears(cast.ada, a_channel(cast.ada))
        row = Notification.objects.in_workspace(cast.acme.pk).get(kind=MESSAGE, user=cast.ben_user)
    client = browser_of(cast.ben_user)
    assert "New message from Cleo Marín" in client.get(f"/w/{cast.acme.pk}/notifications").content.decode()
    answer = client.get(f"/w/{cast.acme.pk}/notifications/{row.pk}")
    assert answer.headers["Location"] == f"/w/{cast.acme.pk}/inbox/c/{message.contact_id}"
