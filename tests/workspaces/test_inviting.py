import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail

from tests.factories import NOON, PASSWORD, Cast, a_member, a_person, everything_in
from workspaces.actions import (
    NewPerson,
    accept_invitation,
    change_member,
    invite_member,
    remove_member,
    resend_invitation,
    withdraw_invitation,
)
from workspaces.actors import Actor
from workspaces.errors import (
    AccountExists,
    AlreadyMember,
    DomainError,
    InvitationForSomeoneElse,
    InvitationNotFound,
    InvitationNotValid,
    PermissionMissing,
    RankTooLow,
    ValueNotValid,
)
from workspaces.models import EventRecord, Invitation, Membership, User
from workspaces.scope import workspace_scope

NIA = NewPerson(first_name="Nia", last_name="Sol", password=PASSWORD)
WEEK = timedelta(days=7)


@pytest.fixture
def invite(cast: Cast, django_capture_on_commit_callbacks: Any) -> Any:
    """Invite somebody and return the secret in their mail."""

    def call(actor: Actor, email: str = "nia@example.com", role: str = "agent", at: datetime = NOON) -> str:
        with django_capture_on_commit_callbacks(execute=True), workspace_scope(actor.workspace_id):
            invite_member(actor=actor, email=email, role=role, at=at)
        return secret_in(mail.outbox[-1].body)

    return call


def secret_in(body: object) -> str:
    found = re.search(r"/invitation/([A-Za-z0-9_-]+)", str(body))
    assert found
    return found[1]


def accept(secret: str, *, at: datetime = NOON, person: NewPerson | None = NIA, user_id: int | None = None) -> Any:
    return accept_invitation(secret=secret, user_id=user_id, new_person=person, at=at)


def test_the_mail_leaves_after_the_transaction_and_speaks_the_workspaces_language(
    cast: Cast, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks() as hooks, workspace_scope(cast.acme.pk):
        invite_member(actor=cast.ada, email=" Nia@Example.com ", role="agent", at=NOON)
    assert mail.outbox == []
    for hook in hooks:
        hook()
    message = mail.outbox[0]
    assert isinstance(message, mail.EmailMultiAlternatives)
    assert message.to == ["nia@example.com"]
    assert message.subject == "Ada Ferrer invites you to Acme"
    assert len(message.alternatives) == 1
    secret = secret_in(message.body)
    assert len(secret) == 43
    with workspace_scope(cast.acme.pk):
        assert secret not in str(everything_in(cast.acme))
        invitation = Invitation.objects.get()
        assert (invitation.email, invitation.expires_at) == ("nia@example.com", NOON + WEEK)


def test_a_new_person_comes_in_with_exactly_the_invited_access(
    cast: Cast, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True), workspace_scope(cast.acme.pk):
        invite_member(actor=cast.max, email="nia@example.com", role="agent", restrictions=["show_only_mine"], at=NOON)
    joined = accept(secret_in(mail.outbox[-1].body))
    assert joined.workspace_id == cast.acme.pk
    assert (joined.user.email, joined.user.name) == ("nia@example.com", "Nia Sol")
    assert joined.user.check_password(PASSWORD)
    assert list(joined.user.emailaddress_set.values_list("email", "verified")) == [("nia@example.com", True)]
    with workspace_scope(cast.acme.pk):
        member = Membership.objects.get(user=joined.user)
        assert (member.role, member.restrictions) == ("agent", ["show_only_mine"])
        event = EventRecord.objects.filter(type="workspaces.member.joined").latest("pk")
        assert (event.subject_id, event.actor_id) == (joined.user.pk, joined.user.pk)
        assert event.data == {"role": "agent", "invitation_id": Invitation.objects.get().pk}


def test_an_invitation_works_once(cast: Cast, invite: Any) -> None:
    secret = invite(cast.ada)
    joined = accept(secret)
    with pytest.raises(InvitationNotValid):
        accept(secret, user_id=joined.user.pk, person=None)


def test_an_invitation_works_for_seven_days(cast: Cast, invite: Any) -> None:
    secret = invite(cast.ada)
    people = User.objects.count()
    with pytest.raises(InvitationNotValid):
        accept(secret, at=NOON + WEEK)
    assert User.objects.count() == people
    accept(secret, at=NOON + WEEK - timedelta(seconds=1))


def test_inviting_again_replaces_the_open_invitation(cast: Cast, invite: Any) -> None:
    first = invite(cast.ada)
    second = invite(cast.ada, email="NIA@example.com")
    with pytest.raises(InvitationNotValid):
        accept(first)
    accept(second)
    with workspace_scope(cast.acme.pk):
        assert Invitation.objects.count() == 2
        assert EventRecord.objects.filter(type="workspaces.invitation.withdrawn").count() == 1


def test_sending_again_gives_a_new_secret_and_seven_days(
    cast: Cast, invite: Any, django_capture_on_commit_callbacks: Any
) -> None:
    first = invite(cast.ada)
    later = NOON + timedelta(days=10)
    with django_capture_on_commit_callbacks(execute=True), workspace_scope(cast.acme.pk):
        resend_invitation(actor=cast.max, invitation_id=Invitation.objects.get().pk, at=later)
    with pytest.raises(InvitationNotValid):
        accept(first, at=later)
    accept(secret_in(mail.outbox[-1].body), at=later)


def test_a_withdrawn_invitation_is_worthless(cast: Cast, invite: Any) -> None:
    secret = invite(cast.ada)
    with workspace_scope(cast.acme.pk):
        invitation_id = Invitation.objects.get().pk
        withdraw_invitation(actor=cast.ada, invitation_id=invitation_id, at=NOON)
        with pytest.raises(InvitationNotFound):
            withdraw_invitation(actor=cast.ada, invitation_id=invitation_id, at=NOON)
    with pytest.raises(InvitationNotValid):
        accept(secret)


def test_a_secret_that_nobody_made_opens_nothing(cast: Cast) -> None:
    with pytest.raises(InvitationNotValid):
        accept("a" * 43)


def test_the_inviters_right_is_checked_again(cast: Cast, invite: Any) -> None:
    olga_user, olga = a_member(cast.acme, email="olga@example.com", role="owner")
    as_manager = invite(olga, email="one@example.com", role="manager")
    as_agent = invite(olga, email="two@example.com", role="agent")
    with workspace_scope(cast.acme.pk):
        change_member(actor=cast.ada, user_id=olga_user.pk, role="manager", restrictions=[], team_id=None, at=NOON)
    with pytest.raises(InvitationNotValid):
        accept(as_manager)
    with workspace_scope(cast.acme.pk):
        remove_member(actor=cast.ada, user_id=olga_user.pk, at=NOON)
        before = everything_in(cast.acme)
    with pytest.raises(InvitationNotValid):
        accept(as_agent)
    with workspace_scope(cast.acme.pk):
        assert everything_in(cast.acme) == before


def test_somebody_with_an_account_logs_in_first(cast: Cast, invite: Any) -> None:
    secret = invite(cast.ada, email="Gus@example.com")
    with pytest.raises(AccountExists):
        accept(secret)
    with pytest.raises(InvitationForSomeoneElse):
        accept(secret, user_id=cast.max_user.pk, person=None)
    joined = accept(secret, user_id=cast.gus_user.pk, person=None)
    assert joined.user == cast.gus_user
    with workspace_scope(cast.acme.pk):
        assert Membership.objects.get(user=cast.gus_user).role == "agent"


def test_a_weak_password_leaves_the_invitation_open(cast: Cast, invite: Any) -> None:
    secret = invite(cast.ada)
    for password in ("short", "password1", "nia@example.com"):
        with pytest.raises(ValueNotValid) as refused:
            accept(secret, person=NewPerson(first_name="Nia", last_name="", password=password))
        assert refused.value.field == "password"
    accept(secret)


@pytest.mark.parametrize(
    ("who", "email", "role", "restrictions", "refusal"),
    [
        ("max", "nia@example.com", "manager", [], RankTooLow),
        ("max", "nia@example.com", "owner", [], RankTooLow),
        ("ben", "nia@example.com", "agent", [], PermissionMissing),
        ("ada", "ben@example.com", "agent", [], AlreadyMember),
        ("ada", "BEN@example.com", "agent", [], AlreadyMember),
        ("ada", "nia@", "agent", [], ValueNotValid),
        ("ada", "nia@example.com", "admin", [], ValueNotValid),
        ("ada", "nia@example.com", "agent", ["restrict_space_setting"], ValueNotValid),
    ],
)
def test_a_refused_invitation_leaves_nothing(
    cast: Cast, who: str, email: str, role: str, restrictions: list[str], refusal: type[DomainError]
) -> None:
    with workspace_scope(cast.acme.pk):
        before = everything_in(cast.acme)
        with pytest.raises(refusal):
            invite_member(actor=cast.actors[who], email=email, role=role, restrictions=restrictions, at=NOON)
        assert everything_in(cast.acme) == before
    assert mail.outbox == []


def test_a_manager_does_not_replace_an_owners_invitation_of_a_manager(cast: Cast, invite: Any) -> None:
    invite(cast.ada, role="manager")
    with workspace_scope(cast.acme.pk):
        before = everything_in(cast.acme)
        with pytest.raises(RankTooLow):
            invite_member(actor=cast.max, email="nia@example.com", role="agent", at=NOON)
        with pytest.raises(RankTooLow):
            withdraw_invitation(actor=cast.max, invitation_id=Invitation.objects.get().pk, at=NOON)
        assert everything_in(cast.acme) == before


def test_one_address_is_invited_to_two_workspaces(cast: Cast, invite: Any) -> None:
    here, there = invite(cast.ada), invite(cast.gus)
    joined = accept(here)
    assert accept(there, user_id=joined.user.pk, person=None).workspace_id == cast.globex.pk


def test_an_address_has_one_account_in_any_case(cast: Cast) -> None:
    with pytest.raises(AccountExists):
        a_person("ADA@example.com")
