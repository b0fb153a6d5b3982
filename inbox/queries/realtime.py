"""What the realtime process asks: whose sign-in it is, whether it still stands, and who may hear of which contact."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from importlib import import_module

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.models import Session
from django.utils.crypto import constant_time_compare

from contacts.models import Contact
from inbox.models import ContactChannel
from workspaces.actors import Actor
from workspaces.models import Membership, User

SIGNED_IN_AT = "signed_in_at"  # written by the pages' middleware


@dataclass(frozen=True, slots=True)
class SignIn:
    """A session that is logged in, as it stood when a socket was opened with it."""

    session_key: str
    user_id: int
    user_name: str
    user_hash: str
    ends_at: float


def sign_in_of(session_key: str, *, at: datetime) -> SignIn | None:
    """Return the sign-in behind a session cookie, or None when nobody is logged in with it."""
    store = import_module(settings.SESSION_ENGINE).SessionStore(session_key)
    facts = store.load() if store.exists(session_key) else {}
    known, shown = facts.get(SESSION_KEY, ""), facts.get(HASH_SESSION_KEY, "")
    user = User.objects.filter(pk=int(known), is_active=True).first() if str(known).isdecimal() else None
    if user is None or not constant_time_compare(shown, user.get_session_auth_hash()):
        return None
    began = facts.get(SIGNED_IN_AT) or at.timestamp()
    ends_at = began + settings.SESSION_LONGEST.total_seconds()
    if ends_at <= at.timestamp():
        return None
    return SignIn(session_key=session_key, user_id=user.pk, user_name=user.name, user_hash=str(shown), ends_at=ends_at)


def sign_ins_that_stand(sign_ins: Collection[SignIn], *, at: datetime) -> set[SignIn]:
    """Return those that were not ended: by log-out, by time, by a new password, or because the person was disabled."""
    keys = Session.objects.filter(session_key__in={one.session_key for one in sign_ins}, expire_date__gt=at)
    alive = set(keys.values_list("session_key", flat=True))
    people = User.objects.filter(pk__in={one.user_id for one in sign_ins}, is_active=True)
    hashes = {user.pk: user.get_session_auth_hash() for user in people}
    return {
        one
        for one in sign_ins
        if one.session_key in alive
        and one.ends_at > at.timestamp()
        and constant_time_compare(one.user_hash, hashes.get(one.user_id, ""))
    }


def actors_of(workspace_id: int, user_ids: Iterable[int]) -> dict[int, Actor]:
    """Return the members among these people as the actors they are now. Runs in the workspace's scope."""
    rows = Membership.objects.in_workspace(workspace_id).filter(user_id__in=set(user_ids))
    return {
        row.user_id: Actor.member(
            user_id=row.user_id,
            workspace_id=workspace_id,
            role=row.role,
            restrictions=row.restrictions,
            team_id=row.team_id,
        )
        for row in rows
    }


@dataclass(frozen=True, slots=True)
class Audience:
    """Whose contacts these are, for those who see some only: `contacts.queries.visible_contacts` as a rule on values.

    A contact that is not among `assignees` was deleted: that its page is gone may be known to everybody who had it open.
    """

    assignees: dict[int, int | None] = field(default_factory=dict)
    teams: dict[int, int | None] = field(default_factory=dict)

    def may_see(self, actor: Actor, contact_id: int) -> bool:
        """Tell whether the actor may hear of the contact."""
        if contact_id not in self.assignees:
            return True
        return self.belongs_to(actor, self.assignees[contact_id])

    def belongs_to(self, actor: Actor, assignee_id: int | None) -> bool:
        """Tell whether the actor sees what is assigned to somebody."""
        if actor.sees_own_contacts_only:
            return assignee_id == actor.user_id
        if actor.sees_team_contacts_only:
            team_id = self.teams.get(assignee_id) if assignee_id is not None else None
            return actor.team_id is not None and team_id == actor.team_id
        return True


def audience_of(workspace_id: int, contact_ids: Collection[int], *, left: Iterable[int] = ()) -> Audience:
    """Return whose contacts these are, with two queries. left: people who had some of them until now."""
    rows = Contact.objects.in_workspace(workspace_id).filter(pk__in=contact_ids)
    assignees: dict[int, int | None] = dict(rows.values_list("pk", "assignee_id"))
    people = {one for one in assignees.values() if one is not None} | set(left)
    members = Membership.objects.in_workspace(workspace_id).filter(user_id__in=people)
    return Audience(assignees=assignees, teams=dict(members.values_list("user_id", "team_id")))


def existing_and_visible(actor: Actor, contact_id: int) -> bool:
    """Tell whether the actor may watch a contact: it exists, and they see it."""
    audience = audience_of(actor.workspace_id, [contact_id])
    return contact_id in audience.assignees and audience.may_see(actor, contact_id)


def contact_of_address(workspace_id: int, channel_id: int, external_id: str) -> int | None:
    """Return the contact that has an address on a channel, or None while it has none."""
    rows = ContactChannel.objects.in_workspace(workspace_id).filter(channel_id=channel_id, external_id=external_id)
    return rows.values_list("contact_id", flat=True).first()
