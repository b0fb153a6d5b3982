"""Two workspaces full of things, all that belongs to Globex marked, so that a leak of one word is seen."""

from dataclasses import dataclass, field

from contacts import actions as contacts
from contacts.models.contact import Source
from imports.actions.telling import tell_requester
from imports.models import ContactImport, IdentifierField, Matching, Purpose, State
from imports.notices import COMPLETED
from tests.casting import the_cast
from tests.factories import NOON, Cast, a_member, a_token
from tests.walls.export_world import fill_exports
from tests.walls.inbox_world import fill_inbox
from workspaces import actions as workspaces
from workspaces.actors import Actor
from workspaces.models import HookAttempt, HookDelivery, HookEndpoint, Invitation, Notification, User, Workspace
from workspaces.scope import workspace_scope
from workspaces.sealing import seal

CANARY = "Canaryglobex"


@dataclass(frozen=True, slots=True)
class Things:
    """Ids of what a workspace holds, by the names that routes give their parts."""

    workspace_id: int
    ids: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class World:
    """Acme's and Globex's things, Acme's people by letter, and Acme's tokens by scope."""

    acme: Things
    globex: Things
    people: dict[str, User]
    tokens: dict[str, str]


def a_world(cast: Cast) -> World:
    """Fill both workspaces of the cast."""
    restricted, _ = a_member(
        cast.acme,
        email="rita@example.com",
        name="Rita Restricted",
        role="manager",
        restrictions=("restrict_space_setting",),
    )
    acme_agent, _ = a_member(cast.acme, email="agent.two@example.com", name="Acme Agent")
    globex_agent, _ = a_member(cast.globex, email=f"{CANARY}.agent@example.com".lower(), name=f"{CANARY} Agent")
    return World(
        acme=fill(cast.acme, owner=cast.ada, member=acme_agent, word="Acmeword"),
        globex=fill(cast.globex, owner=cast.gus, member=globex_agent, word=CANARY),
        people={"O": cast.ada_user, "M": cast.max_user, "R": restricted, "A": cast.ben_user},
        tokens={scope: a_token(cast.ada, scopes=(scope,), name=scope) for scope in ("read", "write", "export")},
    )


def cast_and_world() -> tuple[Cast, World]:
    """Make a cast and fill both of its workspaces: what `tests.keeping` keeps for all tests of a file."""
    cast = the_cast()
    return cast, a_world(cast)


def fill(workspace: Workspace, *, owner: Actor, member: User, word: str) -> Things:
    """Put one of everything into a workspace, each with the word in it."""
    with workspace_scope(workspace.pk):
        stage = contacts.add_stage(actor=owner, name=f"{word} stage", at=NOON)
        shoe = contacts.add_contact_field(actor=owner, name=f"{word} field", kind="text", at=NOON)
        tag = contacts.create_tag(actor=owner, name=f"{word} tag", at=NOON)
        people = [
            contacts.add_contact(
                actor=owner,
                values={
                    "first_name": word,
                    "last_name": f"Number{number}",
                    "email": f"{word}.{number}@example.com".lower(),
                    "phone": f"+34 555 00 0{number} {workspace.pk % 100:02d}",
                    "custom": {shoe.slug: f"{word} value"},
                    "stage_id": stage.pk,
                },
                tags=[tag.name],
                source=Source.USER,
                at=NOON,
            )
            for number in range(2)
        ]
        team = workspaces.create_team(actor=owner, name=f"{word} team", description=word, at=NOON)
        away = workspaces.create_away_state(actor=owner, name=f"{word} away", at=NOON)
        token, _secret = workspaces.create_token(actor=owner, name=f"{word} token", scopes=["read"], at=NOON)
        workspaces.invite_member(
            actor=owner, email=f"{word}.invited@example.com", role="agent", restrictions=(), at=NOON
        )
        # Nothing is connected to: the address is refused before.
        hook = HookEndpoint.objects.create(
            workspace_id=workspace.pk,
            url=f"https://{word}.localhost/hook".lower(),
            events=["contact.created"],
            sealed_keys=seal({"key": f"whsec_{word}"}),
            state=HookEndpoint.State.DISABLED,
            created_at=NOON,
        )
        told = HookDelivery.objects.create(
            workspace_id=workspace.pk,
            endpoint=hook,
            event_type=word,
            state=HookDelivery.State.PARKED,
            next_attempt_at=NOON,
            created_at=NOON,
        )
        HookAttempt.objects.create(
            workspace_id=workspace.pk,
            delivery_id=told.pk,
            endpoint_id=hook.pk,
            number=1,
            attempted_at=NOON,
            status=200,
            answer=word,
        )
        invitation = Invitation.objects.in_workspace(workspace.pk).get()
        running = ContactImport.objects.create(
            workspace_id=workspace.pk,
            state=State.CANCELLED,
            purpose=Purpose.ADD_NEW,
            identifier=IdentifierField.PHONE,
            matching=Matching.EXACT,
            file_name=f"{word}.csv",
            requested_at=NOON,
            stage_started_at=NOON,
            columns=[
                {
                    "name": word,
                    "field": None,
                    "suggested_field": None,
                    "automatic": False,
                    "do_not_overwrite": False,
                    "examples": [word],
                }
            ],
            requested_by_id=owner.user_id,
        )
        tell_requester(workspace_id=workspace.pk, import_id=running.pk, kind=COMPLETED, at=NOON)
        news = Notification.objects.in_workspace(workspace.pk).get()
        inbox = fill_inbox(owner, people[0], word=word)
        exports = fill_exports(owner, word=word)
    return Things(
        workspace_id=workspace.pk,
        ids={
            **inbox,
            **exports,
            "contact_id": people[0].pk,
            "other_id": people[1].pk,
            "identifier": f"id:{people[0].pk}",
            "field_id": shoe.pk,
            "stage_id": stage.pk,
            "tag_id": tag.pk,
            "tag_name": tag.name,
            "team_id": team.pk,
            "token_id": token.pk,
            "away_state_id": away.pk,
            "user_id": member.pk,
            "hook_id": hook.pk,
            "hook_delivery_id": told.pk,
            "invitation_id": invitation.pk,
            "import_id": running.pk,
            "notification_id": news.pk,
            "key": "first_name",
            "report": "contacts",
            "block": "overview_trend",
            "log": "added",
            "number": 1,
        },
    )
