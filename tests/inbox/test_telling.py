"""How people are told: as each chose, once per contact however many messages come, and of nothing they may not see."""

from collections.abc import Iterable
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from contacts import actions as contact_actions
from contacts.followers import Reassigned
from contacts.identifiers import Identifier
from contacts.queries import visible_contacts
from contacts.queries.visibility import members_who_see
from inbox import actions
from inbox.actions.following import FOLLOWER
from inbox.actions.message_statuses import climb
from inbox.models import Assignment, Conversation, InboxSettings, Message
from inbox.notices import ASSIGNMENT, KINDS, MENTION, MESSAGE
from inbox.selection import ConversationSelection
from tests.factories import NOON, Cast, a_member, actor_in, browser_of
from tests.inbox.steps import a_channel, hears, later, says
from workspaces.actions import change_profile, create_team, mail_notification, mark_seen
from workspaces.actions.people import Profile
from workspaces.actors import Actor
from workspaces.models import EventRecord, Membership, Notification, User
from workspaces.permissions import Restriction
from workspaces.queries import notifications, unseen_count
from workspaces.scope import workspace_scope


def rows_of(actor: Actor, kind: str = MESSAGE) -> list[Notification]:
    rows = Notification.objects.in_workspace(actor.workspace_id).filter(user_id=actor.user_id or 0, kind=kind)
    return list(rows.order_by("pk"))


def told(cast: Cast, kind: str = MESSAGE) -> list[str]:
    return [name for name in ("ada", "max", "ben") if rows_of(cast.actors[name], kind)]


def chooses(user: User, *, centre: Iterable[str] = KINDS, by_mail: Iterable[str] = ()) -> None:
    profile = Profile(
        first_name=user.first_name, last_name=user.last_name, language="", theme="", shortcuts_on=True,
        import_mail_on=True, told_in_centre=frozenset(centre), told_by_mail=frozenset(by_mail),
    )  # fmt: skip
    change_profile(user_id=user.pk, profile=profile, at=NOON)


def give(cast: Cast, message: Message, to: Actor, *, by: Actor | None = None, minutes: float = 1) -> None:
    actions.assign_contact(
        actor=by or cast.ada, contact=Identifier.of(message.contact_id), user_id=to.user_id, at=later(minutes)
    )


def restricted(cast: Cast, restriction: str, *, team_id: int | None = None) -> Actor:
    rows = Membership.objects.in_workspace(cast.acme.pk).filter(user=cast.ben_user)
    rows.update(restrictions=[restriction], team_id=team_id)
    return Actor.member(
        user_id=cast.ben_user.pk, workspace_id=cast.acme.pk, role="agent", restrictions=[restriction], team_id=team_id
    )


def test_one_notification_per_contact_which_is_new_again_after_it_was_seen(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        channel = a_channel(cast.ada)
        hears(cast.ada, channel, "One")
        [first] = rows_of(cast.ben)
        hears(cast.ada, channel, "Two", at=later(1))
        assert [(row.pk, row.created_at) for row in rows_of(cast.ben)] == [(first.pk, NOON)]  # it says it already
        mark_seen(actor=cast.ben, notification_ids=[first.pk], at=later(2))
        hears(cast.ada, channel, "Three", at=later(3))
        [again] = rows_of(cast.ben)
        assert (again.created_at, again.seen_at, again.archived_at) == (later(3), None, None)
        assert again.pk > first.pk  # it stands first in the list
        assert [row.created_at for row in rows_of(cast.max)] == [NOON]  # who had not looked has it as it was
        hears(cast.ada, channel, "Four", at=later(5.5))
        assert [row.created_at for row in rows_of(cast.max)] == [later(5.5)]


def test_a_burst_costs_one_statement_however_many_members_there_are(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        channel = a_channel(cast.ada)
        hears(cast.ada, channel, "One")
    for number in range(5):
        a_member(cast.acme, email=f"agent{number}@example.com")
    with workspace_scope(cast.acme.pk), CaptureQueriesContext(connection) as queries:
        hears(cast.ada, channel, "Two", at=later(1))
        spoken = [query["sql"] for query in queries if "workspaces_notification" in query["sql"]]
        assert len(spoken) == 1
        assert Notification.objects.in_workspace(cast.acme.pk).filter(kind=MESSAGE).count() == 8


@pytest.mark.parametrize("restriction", [Restriction.OWN_CONTACTS_ONLY, Restriction.TEAM_CONTACTS_ONLY])
def test_restricted_agents_are_told_of_theirs_alone(cast: Cast, restriction: str) -> None:
    with workspace_scope(cast.acme.pk):
        team = create_team(actor=cast.ada, name="North", description="", at=NOON)
        ben = restricted(cast, restriction, team_id=team.pk)
        channel = a_channel(cast.ada)
        message = hears(cast.ada, channel)
        assert told(cast) == ["ada", "max"]
        note = f"{{{{@user.{ben.user_id}}}}} have a look"
        actions.add_comment(actor=cast.ada, contact=Identifier.of(message.contact_id), text=note, at=later(1))
        assert told(cast, MENTION) == []
        give(cast, message, ben, minutes=2)
        assert told(cast, ASSIGNMENT) == ["ben"]
        hears(cast.ada, channel, "Two", at=later(3))
        assert told(cast) == ["ada", "max", "ben"]
        actions.add_comment(actor=cast.ada, contact=Identifier.of(message.contact_id), text=note, at=later(4))
        assert told(cast, MENTION) == ["ben"]
        assert unseen_count(ben) == 3
        give(cast, message, cast.max, minutes=5)
        assert (unseen_count(ben), list(notifications(ben))) == (0, [])  # what they may not open any more is not there


def test_the_rule_is_that_of_visible_contacts_from_the_other_side(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        north = create_team(actor=cast.ada, name="North", description="", at=NOON)
        Membership.objects.in_workspace(cast.acme.pk).filter(user=cast.max_user).update(team_id=north.pk)
        message = hears(cast.ada, a_channel(cast.ada))
    both = (Restriction.OWN_CONTACTS_ONLY, Restriction.TEAM_CONTACTS_ONLY)
    for number, (held, team_id) in enumerate(
        [((), None), (both[:1], north.pk), (both[1:], north.pk), (both[1:], None), (both, north.pk)]
    ):
        a_member(cast.acme, email=f"agent{number}@example.com", restrictions=held, team_id=team_id)
    with workspace_scope(cast.acme.pk):
        people = [row.user for row in Membership.objects.in_workspace(cast.acme.pk).select_related("user")]
    for assignee in (None, *people):
        with workspace_scope(cast.acme.pk):
            assignee_id = assignee.pk if assignee else None
            actions.assign_contact(
                actor=cast.ada, contact=Identifier.of(message.contact_id), user_id=assignee_id, at=later(1)
            )
            members = members_who_see(cast.acme.pk, assignee_id=assignee_id)
            seers = set(members.values_list("user_id", flat=True))
        for person in people:
            actor = actor_in(cast.acme, person)
            with workspace_scope(cast.acme.pk):
                sees = visible_contacts(actor).filter(pk=message.contact_id).exists()
            assert (person.pk in seers) is sees, (assignee_id, person.email)


def test_each_is_told_as_they_chose(cast: Cast) -> None:
    chooses(cast.ada_user, centre=set())
    chooses(cast.max_user, centre=set(), by_mail={MESSAGE})
    chooses(cast.ben_user, by_mail={MESSAGE})
    with workspace_scope(cast.acme.pk):
        hears(cast.ada, a_channel(cast.ada))
        assert rows_of(cast.ada) == []
        for actor, archived_at in ((cast.max, NOON), (cast.ben, None)):
            [row] = rows_of(actor)
            assert (row.mail_state, row.mail_due_at, row.archived_at) == ("due", NOON, archived_at)
        assert (unseen_count(cast.max), unseen_count(cast.ben)) == (0, 1)


def test_who_wants_mail_alone_gets_one_in_five_minutes(cast: Cast) -> None:
    chooses(cast.ben_user, centre=set(), by_mail={MESSAGE})
    with workspace_scope(cast.acme.pk):
        channel = a_channel(cast.ada)
        moments = []
        for minute in (0, 1, 4, 6, 7):
            hears(cast.ada, channel, f"{minute}", at=later(minute))
            moments += [row.mail_due_at for row in rows_of(cast.ben)]
        assert moments == [NOON, NOON, NOON, later(6), later(6)]


@pytest.mark.django_db(transaction=True)
def test_mail_leads_to_the_thread_and_holds_no_words_of_it(cast: Cast) -> None:
    chooses(cast.ben_user, by_mail={MESSAGE})
    with workspace_scope(cast.acme.pk):
        message = hears(cast.ada, a_channel(cast.ada), "My bank is in Ribadesella")
        [row] = rows_of(cast.ben)
    mail_notification(workspace_id=cast.acme.pk, notification_id=row.pk, clock=lambda: later(1))
    [letter] = mail.outbox
    assert letter.to == ["ben@example.com"]
    assert "New message from Cleo Marín" in letter.subject
    assert f"/w/{cast.acme.pk}/inbox/c/{message.contact_id}" in letter.body
    assert "Ribadesella" not in str(letter.message())


def test_assignments_of_the_contact_pages_are_told_once_with_their_number(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        channel = a_channel(cast.ada)
        one, two = hears(cast.ada, channel, "One"), hears(cast.ada, channel, "Two", sender="+34600123457")
        contact_actions.assign_contact(
            actor=cast.ada, contact=Identifier.of(one.contact_id), user_id=cast.ben.user_id, at=later(1)
        )
        [row] = rows_of(cast.ben, ASSIGNMENT)
        words = KINDS[ASSIGNMENT].words(row.facts)
        assert (row.subject_id, words.title, words.text) == (
            one.contact_id, "Ada Ferrer assigned Cleo Marín to you", "",
        )  # fmt: skip
        changes = [Reassigned(message.contact_id, old=None, new=cast.max.user_id) for message in (one, two)]
        FOLLOWER.assigned(actor=cast.ada, changes=changes, source="user", at=later(2))
        [row] = rows_of(cast.max, ASSIGNMENT)
        assert KINDS[ASSIGNMENT].words(row.facts).text == "And 1 other contact."
        FOLLOWER.assigned(
            actor=cast.ben, changes=[Reassigned(two.contact_id, None, cast.ben.user_id)], source="user", at=later(3)
        )
        assert len(rows_of(cast.ben, ASSIGNMENT)) == 1  # they took it themselves
        assert rows_of(cast.ben, ASSIGNMENT)[0].created_at == later(1)


def test_an_assignment_that_comes_back_is_told_again(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        message = hears(cast.ada, a_channel(cast.ada))
        for minute, actor in enumerate((cast.ben, cast.max, cast.ben)):
            give(cast, message, actor, minutes=minute)
        assert [row.created_at for row in rows_of(cast.ben, ASSIGNMENT)] == [later(2)]


def test_nobody_is_told_of_what_they_wrote_themselves(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        contact = Identifier.of(hears(cast.ada, a_channel(cast.ada)).contact_id)
        text = f"{{{{@user.{cast.ada.user_id}}}}} {{{{@user.{cast.ben.user_id}}}}}"
        actions.add_comment(actor=cast.ada, contact=contact, text=text, at=later(1))
        assert told(cast, MENTION) == ["ben"]


@pytest.mark.django_db(transaction=True)
def test_who_opens_the_thread_has_seen_what_speaks_of_it(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        message = hears(cast.ada, a_channel(cast.ada))
        give(cast, message, cast.ben)
    with workspace_scope(cast.acme.pk):
        assert (unseen_count(cast.ben), unseen_count(cast.max)) == (2, 1)
    page = browser_of(cast.ben_user).get(f"/w/{cast.acme.pk}/inbox/c/{message.contact_id}", follow=True)
    assert page.status_code == 200
    with workspace_scope(cast.acme.pk):
        assert (unseen_count(cast.ben), unseen_count(cast.max)) == (0, 1)


def test_marking_as_read_sees_them_too(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        message = hears(cast.ada, a_channel(cast.ada))
        assert message.conversation_id is not None
        actions.mark_read(actor=cast.ben, conversation_id=message.conversation_id, at=later(1))
        assert [row.seen_at for row in rows_of(cast.ben)] == [later(1)]
        assert [row.seen_at for row in rows_of(cast.max)] == [None]


def test_marking_many_as_read_sees_what_speaks_of_them_and_of_no_other(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        channel = a_channel(cast.ada)
        first, second, other = (
            hears(cast.ada, channel, sender=f"+3460000000{number}", at=later(number)) for number in range(3)
        )
        actions.mark_read(actor=cast.ada, conversation_id=second.conversation_id or 0, at=later(4))
        chosen = ConversationSelection(ids=(first.conversation_id or 0, second.conversation_id or 0))
        actions.read_conversations(actor=cast.max, chosen=chosen, at=later(5))
        seen = {row.subject_id: row.seen_at for row in rows_of(cast.max)}
        assert seen == {first.contact_id: later(5), second.contact_id: later(5), other.contact_id: None}
        assert all(row.seen_at is None for row in rows_of(cast.ben))


def test_a_deleted_contact_takes_its_news_from_the_list(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        message = hears(cast.ada, a_channel(cast.ada))
        assert unseen_count(cast.max) == 1
        contact_actions.delete_contact(actor=cast.ada, contact=Identifier.of(message.contact_id), at=later(1))
        assert unseen_count(cast.max) == 0


@pytest.mark.django_db(transaction=True)
def test_the_profile_says_how_one_is_told(cast: Cast) -> None:
    client = browser_of(cast.ben_user)
    page = client.get("/account/profile").content.decode()
    assert "Notifications in the app" in page
    assert page.count("checked") == 5  # shortcuts, mail about imports, and the three kinds in the app
    body = {"first_name": "Ben", "last_name": "", "language": "followed", "theme": "followed"}
    client.post("/account/profile", {**body, "told_in_centre": [MESSAGE, MENTION], "told_by_mail": [ASSIGNMENT]})
    assert User.objects.get(pk=cast.ben_user.pk).notification_choices == {
        MESSAGE: {"centre": True, "mail": False},
        ASSIGNMENT: {"centre": False, "mail": True},
        MENTION: {"centre": True, "mail": False},
    }
    assert client.post("/account/profile", {**body, "told_by_mail": ["imports.failed"]}).status_code == 422


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_on", [True, False])
def test_log_out_takes_the_new_conversations_where_the_workspace_wants_it(cast: Cast, *, is_on: bool) -> None:
    with workspace_scope(cast.acme.pk):
        InboxSettings.objects.create(workspace_id=cast.acme.pk, unassign_at_logout=is_on)
        channel = a_channel(cast.ada)
        new = hears(cast.ada, channel, "One")
        answered = hears(cast.ada, channel, "Two", sender="+34600123457")
        others = hears(cast.ada, channel, "Three", sender="+34600123458")
        give(cast, new, cast.ben)
        give(cast, answered, cast.ben)
        give(cast, others, cast.max)
        says(cast.ben, answered, at=later(2))
    browser_of(cast.ben_user).post("/account/logout")
    with workspace_scope(cast.acme.pk):
        kept = dict(Conversation.objects.in_workspace(cast.acme.pk).values_list("contact_id", "assignee_id"))
        assert kept == {
            new.contact_id: None if is_on else cast.ben.user_id,
            answered.contact_id: cast.ben.user_id,
            others.contact_id: cast.max.user_id,
        }
        facts = Assignment.objects.in_workspace(cast.acme.pk).filter(new_user_id=None)
        assert list(facts.values_list("contact_id", "old_user_id", "by_user_id", "source")) == (
            [(new.contact_id, cast.ben.user_id, None, "system")] if is_on else []
        )


def test_a_sent_message_says_who_sent_it(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        reply = says(cast.ben, hears(cast.ada, a_channel(cast.ada)), at=later(1))
        system = Actor.system(workspace_id=cast.acme.pk)
        climb(actor=system, message=reply, status="sent", occurred_at=later(1), at=NOON + timedelta(minutes=1))
        [event] = EventRecord.objects.in_workspace(cast.acme.pk).filter(type="inbox.message.sent")
        assert event.data["sender_kind"] == "user"
